import type { Frame } from '../pages/frame.ts';
import { html, type Html, said } from '../pages/html.ts';
import type { PageContent } from '../pages/layout.ts';
import { moment, pager } from '../pages/parts.ts';
import { plural } from '../pages/units.ts';
import { causeChip, destroyedChip, seenAgainBadge } from './parts.ts';
import type { DriveLine } from './queries.ts';

type View = {
  drives: readonly DriveLine[];
  more: boolean;
  quarantined: number;
  seenAgain: number;
  /** Drives that were seen after they were destroyed. */
  again: readonly DriveLine[];
  state: 'quarantined' | 'destroyed';
  page: number;
};

/** What lies on the shelf until it is destroyed, and what was. */
export function quarantinePage(frame: Frame, view: View): PageContent {
  const { say } = frame;
  const { drives, more, quarantined, state, page } = view;
  const subtitle = html`<p class="quiet">
    <strong>${quarantined}</strong>
    ${plural(frame, quarantined, ['disque en quarantaine', 'disques en quarantaine'], ['drive in quarantine', 'drives in quarantine'])}
  </p>`;
  const tab = (value: View['state'], text: string): Html =>
    html`<a href="/quarantine?state=${value}" ${state === value ? html`aria-current="true"` : null}
      >${text}</a
    >`;
  const body = html`
    <p>
      ${say(
        'Un disque dont l’effacement a échoué ou dont on ne sait pas ce qu’il est devenu peut encore contenir des données. Il attend ici d’être effacé avec succès, ou détruit.',
        'A drive whose sanitization failed, or of which nobody knows what became, may still hold data. It waits here until it is sanitized with success, or destroyed.',
      )}
    </p>
    ${suspicious(frame, view.again)}
    <nav class="tabs" aria-label="${say('Quarantaine et destructions', 'Quarantine and destructions')}">
      ${tab('quarantined', say('En quarantaine', 'In quarantine'))}
      ${tab('destroyed', say('Détruits', 'Destroyed'))}
    </nav>
    ${
      drives.length === 0
        ? html`<p class="empty">${say('Aucun disque ici.', 'No drive here.')}</p>`
        : html`<ul class="rows">
            ${drives.map((drive) => driveItem(frame, drive))}
          </ul>`
    }
    ${pager(frame, page, more)}
  `;
  return { title: say('Quarantaine', 'Quarantine'), here: 'quarantine', subtitle, body };
}

function suspicious(frame: Frame, again: readonly DriveLine[]): Html | null {
  if (again.length === 0) return null;
  const { say } = frame;
  return html`<section class="card attention" aria-labelledby="again">
    <h2 id="again">${say('Vus après leur destruction', 'Seen after their destruction')}</h2>
    <p>
      ${say(
        'Une fiche montre ces disques, ou leurs numéros, après qu’ils ont été déclarés détruits. Cherchez ce qui s’est passé : mauvais disque détruit, numéro mal lu, ou fausse déclaration.',
        'A record shows these drives, or their numbers, after they were stated to be destroyed. Find out what happened: the wrong drive destroyed, a number misread, or a false statement.',
      )}
    </p>
    <ul class="rows">
      ${again.map((drive) => driveItem(frame, drive))}
    </ul>
  </section>`;
}

/** One drive of a list, with what its state rests on. */
export function driveItem(frame: Frame, drive: DriveLine): Html {
  const { say } = frame;
  const { driveKey, model, serial, propertyLabel, label, bench, since, path, machineId } = drive;
  const number = serial ?? propertyLabel ?? label;
  return html`<li>
    <a class="row" href="/quarantine/${driveKey}">
      <span class="what"
        ><strong>${said(model ?? path, 80)}</strong>
        <span class="quiet"
          >${number ? said(number, 60) : say('sans numéro', 'no number')} · ${machineId}</span
        ></span
      >
      <span class="marks"
        >${drive.destruction ? destroyedChip(frame) : causeChip(frame, drive.cause)}${seenAgainBadge(frame, drive.seenAgain)}</span
      >
      <span class="when quiet">${said(bench, 40)} · ${moment(frame, drive.statedAt ?? since)}</span>
    </a>
  </li>`;
}
