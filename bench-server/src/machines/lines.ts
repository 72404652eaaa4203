import type { Frame } from '../pages/frame.ts';
import { html, type Html, said } from '../pages/html.ts';
import {
  gradeBox,
  moment,
  outcomeChip,
  rehearsalBadge,
  rejectedChip,
  unconfirmedBadge,
} from '../pages/parts.ts';
import type { MachineLine } from './queries.ts';

/** Machines as a list that reads well on a telephone and on a wall. */
export function machineList(frame: Frame, machines: readonly MachineLine[]): Html {
  const { say } = frame;
  if (machines.length === 0)
    return html`<p class="empty">${say('Aucune machine ici.', 'No machine here.')}</p>`;
  return html`<ul class="rows">
    ${machines.map((machine) => machineItem(frame, machine))}
  </ul>`;
}

function machineItem(frame: Frame, machine: MachineLine): Html {
  const { overall, atBest, summary, mode, unconfirmed, decision } = machine;
  return html`<li>
    <a class="row machine ${mode === 'rehearsal' ? 'hatched' : ''}" href="/machines/${machine.id}">
      ${gradeBox(frame, overall, atBest)}
      <span class="what"
        ><strong>${machineName(frame, machine)}</strong>
        <span class="quiet">${said(machine.serial ?? machine.id, 60)}</span></span
      >
      <span class="marks"
        >${machine.rejected ? rejectedChip(frame) : outcomeChip(frame, summary, mode)}${rehearsalBadge(frame, mode)}${unconfirmedBadge(frame, unconfirmed, decision)}</span
      >
      <span class="when quiet">${said(machine.bench, 40)} · ${moment(frame, machine.lastSeenAt)}</span>
    </a>
  </li>`;
}

function machineName(
  { say }: Frame,
  { manufacturer, product }: { manufacturer: string | null; product: string | null },
): Html {
  if (!manufacturer && !product) return html`${say('Machine sans nom', 'Unnamed machine')}`;
  return said([manufacturer, product].filter(Boolean).join(' '), 80);
}
