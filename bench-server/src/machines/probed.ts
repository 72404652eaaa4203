import type { Part, ProbeFailure } from '@rebond/protocol';
import type { Frame } from '../pages/frame.ts';
import { printed } from '../pages/foreign.ts';
import { html, type Html, said } from '../pages/html.ts';

/** A part of the inventory as it was probed: read, absent, or not known and why. */
export function partOf<T>(frame: Frame, part: Part<T>, show: (value: T) => Html): Html {
  switch (part.outcome) {
    case 'read':
      return show(part.value);
    case 'absent':
      return html`<p class="quiet">
        ${frame.say('Absent de cette machine.', 'Not present in this machine.')}
      </p>`;
    case 'failed':
      return failure(frame, part.failure);
  }
}

const FAILURES: Record<ProbeFailure['code'], { fr: string; en: string }> = {
  'tool-missing': { fr: 'outil absent', en: 'tool missing' },
  'tool-failed': { fr: 'l’outil a échoué', en: 'the tool failed' },
  'timed-out': { fr: 'pas de réponse à temps', en: 'no answer in time' },
  refused: { fr: 'accès refusé', en: 'access refused' },
  unreadable: { fr: 'réponse illisible', en: 'unreadable answer' },
  nonsense: { fr: 'réponse absurde', en: 'nonsense answer' },
};

/** A probe that failed: by which tool, and what it printed. */
function failure({ say, phrase }: Frame, { code, source, detail }: ProbeFailure): Html {
  return html`<p class="probe-failed">
    <strong>${say('Non lu', 'Not read')}</strong> — ${phrase(FAILURES[code])}
    (${said(source, 80)})${detail ? html`<br />${printed(detail)}` : null}
  </p>`;
}

export function list<T>(frame: Frame, items: readonly T[], show: (frame: Frame, item: T) => Html): Html {
  if (items.length === 0) return html`<p class="quiet">${frame.say('Aucun.', 'None.')}</p>`;
  return html`<ul class="parts">
    ${items.map((item) => html`<li>${show(frame, item)}</li>`)}
  </ul>`;
}
