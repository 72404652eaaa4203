import { type MachineRecord, visible } from '@rebond/protocol';
import { MACHINE_BASES } from '../certificates/pdf-names.ts';
import type { CertificateLine } from '../certificates/queries.ts';
import { reasonList } from '../certificates/reasons.ts';
import type { MachineRow } from '../db/schema.ts';
import type { Frame } from '../pages/frame.ts';
import { html, type Html, said } from '../pages/html.ts';
import type { PageContent } from '../pages/layout.ts';
import { gradeBox, letterBox, rehearsalBanner } from '../pages/parts.ts';
import { bytes } from '../pages/units.ts';
import type { RecordLine } from '../records/queries.ts';
import { driveItem } from '../quarantine/list-page.ts';
import type { DriveLine } from '../quarantine/queries.ts';
import { recordFacts, timeline } from './beside.ts';
import { unconfirmedNotice } from './decisions.ts';
import { inventorySection } from './inventory.ts';
import { leftoverSection } from './leftovers.ts';
import { sanitizationSection } from './wipes.ts';

/** The record that the page tells of, with the certificates in force for its drives. */
export type Shown = { line: RecordLine; record: MachineRecord; certificates: Map<number, CertificateLine> };

export type MachineView = {
  machine: MachineRow;
  records: RecordLine[];
  /** Its drives that lie in quarantine or were destroyed. */
  shelved: DriveLine[];
  shown: Shown;
};

export function machinePage(frame: Frame, { machine, records, shelved, shown }: MachineView): PageContent {
  const { say, phrase } = frame;
  const { line, record } = shown;
  const name = [machine.manufacturer, machine.product].filter(Boolean).join(' ');
  const title = visible(name, 80) || say('Machine sans nom', 'Unnamed machine');
  const subtitle = html`<p class="quiet">
    ${say('Numéro de série', 'Serial')} ${said(machine.serial, 60)} · <code>${machine.id}</code> ·
    ${phrase(MACHINE_BASES[record.machine.basis])}
  </p>`;
  const body = html` ${rehearsalBanner(frame, record.mode, record.notice)} ${unconfirmedNotice(frame, line)}
    <div class="machine-page">
      <div class="main">
        ${shelvedSection(frame, shelved)} ${gradeSection(frame, record)} ${sanitizationSection(frame, shown)}
        ${refusalSection(frame, record)} ${leftoverSection(frame, record)}
        ${inventorySection(frame, record.inventory)}
      </div>
      <aside aria-label="${say('Fiches', 'Records')}">
        ${timeline(frame, machine, records, line)}${recordFacts(frame, shown)}
      </aside>
    </div>`;
  return { title, here: 'machines', subtitle, body };
}

/** What became of this machine's drives that were not sanitized, whichever of its records is shown. */
function shelvedSection(frame: Frame, shelved: readonly DriveLine[]): Html | null {
  if (shelved.length === 0) return null;
  const { say } = frame;
  return html`<section class="card attention" aria-labelledby="shelved">
    <h2 id="shelved">${say('En quarantaine ou détruits', 'In quarantine or destroyed')}</h2>
    <ul class="rows">
      ${shelved.map((drive) => driveItem(frame, drive))}
    </ul>
  </section>`;
}

function gradeSection(frame: Frame, { grade }: MachineRecord): Html {
  const { say } = frame;
  const { overall, atBest, functional, cosmetic, reasons, rubric } = grade;
  return html`<section class="card" aria-labelledby="grade">
    <h2 id="grade">${say('Note', 'Grade')}</h2>
    <div class="grade-line">
      ${gradeBox(frame, overall, atBest)}
      <p>
        ${overall ? '' : say('Pas encore de note : il manque des faits (marqués « ? »). Les faits connus permettent au mieux cette lettre.', 'No grade yet: facts are missing (marked “?”). The known facts allow this letter at best.')}
        <br /><span class="quiet"
          >${say('Fonctionnement', 'Functional')} ${functional ?? '?'} · ${say('Aspect', 'Cosmetic')}
          ${cosmetic ?? '?'} · ${say('barème', 'rubric')} ${rubric.id} v${rubric.version}</span
        >
      </p>
    </div>
    <ul class="grade-reasons">
      ${reasons.map(
        (reason) =>
          html`<li>${letterBox(reason.letter, frame)}<span>${said(frame.phrase(reason), 300)}</span></li>`,
      )}
    </ul>
  </section>`;
}

function refusalSection(frame: Frame, { refusals }: MachineRecord): Html | null {
  const { say } = frame;
  if (refusals.length === 0) return null;
  return html`<section class="card" aria-labelledby="refusals">
    <h2 id="refusals">${say('Disques laissés intacts', 'Drives left untouched')}</h2>
    <ul class="plain">
      ${refusals.map(
        ({ path, identity, sizeBytes, reasons }) =>
          html`<li>
            <strong>${said(identity.model, 80)}</strong> ${said(identity.serial, 60)} ·
            <code>${said(path, 80)}</code> · ${bytes(frame, sizeBytes)} ${reasonList(frame, reasons)}
          </li>`,
      )}
    </ul>
  </section>`;
}
