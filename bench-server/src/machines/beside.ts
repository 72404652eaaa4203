import type { MachineRecord } from '@rebond/protocol';
import { reasonList } from '../certificates/reasons.ts';
import type { MachineRow } from '../db/schema.ts';
import { serialMoment } from '../images/pages.ts';
import type { Frame } from '../pages/frame.ts';
import { html, type Html, said } from '../pages/html.ts';
import { clock, facts, moment, outcomeChip, rehearsalBadge, unconfirmedBadge } from '../pages/parts.ts';
import { duration } from '../pages/units.ts';
import type { RecordLine } from '../records/queries.ts';
import type { Shown } from './pages.ts';

/** What stands beside the story: its other records, and where this one comes from. */
export function timeline(
  frame: Frame,
  { id }: MachineRow,
  records: readonly RecordLine[],
  shown: RecordLine,
): Html {
  const { say } = frame;
  return html`<nav
    class="card timeline"
    aria-label="${say('Fiches de cette machine', 'Records of this machine')}"
  >
    <h2>${say('Au fil du temps', 'In time')}</h2>
    <ol>
      ${records.map(
        (line) =>
          html`<li>
            <a
              href="/machines/${id}?record=${line.digest}"
              ${line.digest === shown.digest ? html`aria-current="true"` : null}
              >${moment(frame, line.receivedAt)}</a
            >
            <span class="marks"
              >${outcomeChip(frame, line.summary, line.mode)}${rehearsalBadge(frame, line.mode)}${unconfirmedBadge(frame, line.unconfirmed, line.decision)}</span
            >
          </li>`,
      )}
    </ol>
  </nav>`;
}

export function recordFacts(frame: Frame, { line, record }: Shown): Html {
  const { say } = frame;
  return html`<section class="card" aria-labelledby="record">
    <h2 id="record">${say('Cette fiche', 'This record')}</h2>
    ${facts([
      [say('Technicien', 'Technician'), said(line.technicianName, 60)],
      [say('Poste', 'Bench'), said(line.bench, 60)],
      [say('Reçue', 'Received'), moment(frame, line.receivedAt, 'long')],
      [say('Ouverte', 'Opened'), clock(frame, record.openedAt)],
      [say('Close', 'Closed'), clock(frame, record.closedAt)],
      [say('Durée', 'Duration'), duration(frame, record.durationMs)],
      [
        say('Session', 'Session'),
        html`<code class="fingerprint">${record.sessionId}</code> n° ${record.sequence}`,
      ],
      record.accountOf
        ? [
            say('Rend compte de', 'Gives account of'),
            html`<code class="fingerprint">${record.accountOf}</code>`,
          ]
        : null,
      ...softwareFacts(frame, record),
    ])}
    ${reasonList(frame, record.remarks)}
    <p>
      <a class="button second" href="/api/records/${line.digest}.json" download
        >${say('Fiche signée (JSON)', 'Signed record (JSON)')}</a
      >
    </p>
  </section>`;
}

/** What the laptop says that it ran. Nothing vouches for it (TRUST.md), so the page says whose word it is. */
function softwareFacts(frame: Frame, { agent, image }: MachineRecord): Parameters<typeof facts>[0] {
  const { say } = frame;
  const own = html`<span class="quiet">(${say('déclaré par la machine', 'self-reported')})</span>`;
  const digest = (sha256: string): Html => html`<br /><code class="fingerprint">${sha256}</code>`;
  return [
    [
      say('Agent', 'Agent'),
      html`${said(agent.version, 60)} ${own}${agent.sha256 ? digest(agent.sha256) : null}`,
    ],
    image
      ? [
          say('Image de démarrage', 'Live image'),
          html`${said(image.version, 60)}, ${serialMoment(frame, image.serial)} ${own}${digest(image.sha256)}`,
        ]
      : null,
  ];
}
