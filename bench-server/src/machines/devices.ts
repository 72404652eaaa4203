import type { Battery, Display, Drive, MemoryModule } from '@rebond/protocol';
import { MEDIA } from '../certificates/pdf-names.ts';
import type { Frame } from '../pages/frame.ts';
import { html, type Html, said } from '../pages/html.ts';
import { facts } from '../pages/parts.ts';
import { binaryBytes, bytes, number } from '../pages/units.ts';
import { partOf } from './probed.ts';

export function memoryModule(
  frame: Frame,
  { slot, sizeBytes, type, speed, manufacturer, partNumber }: MemoryModule,
): Html {
  return html`<li>
    ${said(slot, 40)} : <strong>${binaryBytes(frame, sizeBytes)}</strong> ${type ? said(type, 20) : null}
    ${speed ? `${speed} MT/s` : null}
    <span class="quiet"
      >${manufacturer ? said(manufacturer, 40) : null} ${partNumber ? said(partNumber, 40) : null}</span
    >
  </li>`;
}

export function drive(frame: Frame, { path, identity, medium, sizeBytes, firmware, health }: Drive): Html {
  const { say, phrase } = frame;
  return html`<h4>${said(identity.model, 80)}</h4>
    ${facts([
      [say('Numéro de série', 'Serial'), said(identity.serial)],
      [
        say('Sorte', 'Kind'),
        html`${phrase(MEDIA[medium])}, ${bytes(frame, sizeBytes)}, <code>${said(path, 60)}</code>`,
      ],
      [say('Microprogramme', 'Firmware'), said(firmware, 40)],
    ])}
    ${partOf(frame, health, (value) =>
      facts([
        [
          say('Se dit sain', 'Says it is sound'),
          value.passed === null
            ? say('ne dit rien', 'says nothing')
            : value.passed
              ? say('oui', 'yes')
              : html`<strong>${say('NON', 'NO')}</strong>`,
        ],
        [say('Heures de marche', 'Power-on hours'), count(frame, value.powerOnHours)],
        [
          say(
            'Secteurs réalloués / en attente / illisibles',
            'Reallocated / pending / uncorrectable sectors',
          ),
          [value.reallocatedSectors, value.pendingSectors, value.uncorrectableSectors]
            .map((each) => count(frame, each))
            .join(' / '),
        ],
        [say('Usure', 'Wear'), value.percentageUsed === null ? '—' : `${value.percentageUsed} %`],
        [
          say('Température', 'Temperature'),
          value.temperatureCelsius === null ? '—' : `${value.temperatureCelsius} °C`,
        ],
      ]),
    )}`;
}

function count({ language }: Frame, value: number | null): string {
  return value === null ? '—' : number(language, value);
}

export function battery(
  frame: Frame,
  { name, manufacturer, model, healthPercent, full, design, unit, cycles, oddities }: Battery,
): Html {
  const { say, language } = frame;
  return html`<h4>
      ${said(name, 40)}
      <span class="quiet">${said([manufacturer, model].filter(Boolean).join(' '), 60)}</span>
    </h4>
    ${
      healthPercent === null
        ? html`<p class="probe-failed"><strong>${say('Santé inconnue', 'Health unknown')}</strong></p>`
        : batteryBar(frame, healthPercent)
    }
    ${facts([
      [say('Capacité', 'Capacity'), `${full ?? '?'} / ${design ?? '?'} ${unit ?? ''}`],
      [say('Cycles', 'Cycles'), cycles === null ? '—' : number(language, cycles)],
    ])}
    ${
      oddities.length > 0
        ? html`<ul>
            ${oddities.map((oddity) => html`<li>${said(oddity, 200)}</li>`)}
          </ul>`
        : null
    }`;
}

/** Length says it, and so do the figures beside it. */
function batteryBar({ language, say }: Frame, percent: number): Html {
  const width = Math.max(0, Math.min(100, percent));
  const level = percent >= 80 ? 'high' : percent >= 50 ? 'middle' : 'low';
  const words = `${number(language, percent, 0)} % ${say('de sa capacité d’origine', 'of its design capacity')}`;
  return html`<p class="battery">
    <svg viewBox="0 0 104 12" preserveAspectRatio="none" aria-hidden="true" focusable="false">
      <rect class="shell" x="0.5" y="0.5" width="100" height="11" rx="2" />
      <rect class="nub" x="101.5" y="4" width="2" height="4" />
      <rect class="charge ${level}" x="1.5" y="1.5" width="${(width * 0.98).toFixed(1)}" height="9" rx="1" />
    </svg>
    <strong>${words}</strong>
  </p>`;
}

export function display(
  frame: Frame,
  {
    connector,
    internal,
    maker,
    model,
    widthPixels,
    heightPixels,
    widthMillimetres,
    heightMillimetres,
    year,
  }: Display,
): Html {
  const { say } = frame;
  const diagonal =
    widthMillimetres && heightMillimetres ? Math.hypot(widthMillimetres, heightMillimetres) / 25.4 : null;
  return html`<h4>
      ${said(connector, 40)}
      <span class="quiet">${internal ? say('intégré', 'built-in') : say('externe', 'external')}</span>
    </h4>
    ${facts([
      [say('Modèle', 'Model'), said([maker, model].filter(Boolean).join(' '), 60)],
      [say('Définition', 'Resolution'), `${widthPixels ?? '?'} × ${heightPixels ?? '?'}`],
      [
        say('Diagonale', 'Diagonal'),
        diagonal ? `${number(frame.language, diagonal, 1)} ${say('pouces', 'inches')}` : '—',
      ],
      year ? [say('Année', 'Year'), String(year)] : null,
    ])}`;
}
