import type { Inventory } from '@rebond/protocol';
import type { Frame } from '../pages/frame.ts';
import { html, type Html, said } from '../pages/html.ts';
import { facts } from '../pages/parts.ts';
import { binaryBytes, number, plural } from '../pages/units.ts';
import { battery, display, drive, memoryModule } from './devices.ts';
import { list, partOf } from './probed.ts';

/** The laptop's parts in readable form; what could not be read is named, never left out. */
export function inventorySection(frame: Frame, inventory: Inventory): Html {
  const { say } = frame;
  return html`<section class="card inventory" aria-labelledby="inventory">
    <h2 id="inventory">${say('Inventaire', 'Inventory')}</h2>
    <h3>${say('Machine', 'Machine')}</h3>
    ${partOf(frame, inventory.system, (value) =>
      facts([
        [say('Fabricant', 'Manufacturer'), said(value.manufacturer)],
        [say('Modèle', 'Model'), html`${said(value.product)} ${value.version ? said(value.version) : null}`],
        [say('Numéro de série', 'Serial'), said(value.serial)],
        [say('Carte mère', 'Board serial'), said(value.boardSerial)],
        ['UUID', said(value.uuid)],
        [say('Châssis', 'Chassis'), said(value.chassis)],
        [
          say('Microprogramme', 'Firmware'),
          html`${said(value.firmwareVendor, 40)} ${said(value.firmwareVersion, 40)}
          ${value.firmwareDate ? said(value.firmwareDate, 20) : null}`,
        ],
      ]),
    )}
    <h3>${say('Processeur', 'Processor')}</h3>
    ${partOf(frame, inventory.cpu, (value) =>
      facts([
        [say('Modèle', 'Model'), said(value.model)],
        [
          say('Cœurs', 'Cores'),
          `${value.cores ?? '?'} ${plural(frame, value.cores ?? 2, ['cœur', 'cœurs'], ['core', 'cores'])}, ${value.threads} ${plural(frame, value.threads, ['fil d’exécution', 'fils d’exécution'], ['thread', 'threads'])}${value.maxMegahertz ? `, ${number(frame.language, value.maxMegahertz / 1000, 1)} GHz` : ''}`,
        ],
        [say('Architecture', 'Architecture'), said(value.architecture, 40)],
      ]),
    )}
    <h3>${say('Mémoire', 'Memory')}</h3>
    ${partOf(
      frame,
      inventory.memory,
      (value) =>
        html` <p>${binaryBytes(frame, value.usableBytes)} ${say('utilisables', 'usable')}</p>
          ${partOf(
            frame,
            value.modules,
            ({ modules, emptySlots }) =>
              html`<ul class="plain">
                  ${modules.map((each) => memoryModule(frame, each))}
                </ul>
                <p class="quiet">
                  ${emptySlots}
                  ${plural(frame, emptySlots, ['emplacement libre', 'emplacements libres'], ['empty slot', 'empty slots'])}
                </p>`,
          )}`,
    )}
    <h3>${say('Disques', 'Drives')}</h3>
    ${partOf(frame, inventory.drives, (value) => list(frame, value, drive))}
    <h3>${say('Batterie', 'Battery')}</h3>
    ${partOf(frame, inventory.batteries, (value) => list(frame, value, battery))}
    <h3>${say('Écrans', 'Screens')}</h3>
    ${partOf(frame, inventory.displays, (value) => list(frame, value, display))}
    ${
      inventory.remarks.length > 0
        ? html`<h3>${say('Remarques', 'Remarks')}</h3>
            <ul>
              ${inventory.remarks.map((remark) => html`<li>${said(remark, 600)}</li>`)}
            </ul>`
        : null
    }
  </section>`;
}
