import type { Clock, Letter, Mode } from '@rebond/protocol';
import type { Summary } from '../db/schema.ts';
import type { Frame } from './frame.ts';
import { html, type Html } from './html.ts';

/** Small pieces that several rooms show. Every outcome has a shape and a word besides its colour. */

const SHAPES: Record<Summary, Html> = {
  done: html`<path d="M3.5 8.5l3 3 6-7" />`,
  failed: html`<path d="M4 4l8 8M12 4l-8 8" />`,
  unknown: html`<path d="M5.5 6a2.5 2.5 0 1 1 3.6 2.2c-.8.4-1.1.9-1.1 1.8M8 12.6v.1" />`,
  none: html`<path d="M4 8h8" />`,
};

function outcomeWord({ say }: Frame, outcome: Summary, mode: string): string {
  const exercise = mode === 'rehearsal';
  switch (outcome) {
    case 'done':
      return exercise ? say('Exercice réussi', 'Exercise done') : say('Effacé', 'Sanitized');
    case 'failed':
      return say('ÉCHEC', 'FAILED');
    case 'unknown':
      return say('INCONNU', 'UNKNOWN');
    case 'none':
      return say('Sans effacement', 'No wipe');
  }
}

export function outcomeChip(frame: Frame, outcome: string, mode: string): Html {
  const known: Summary =
    outcome === 'done' || outcome === 'failed' || outcome === 'none' ? outcome : 'unknown';
  return html`<span class="chip ${known}">${icon(SHAPES[known])}${outcomeWord(frame, known, mode)}</span>`;
}

function icon(shape: Html): Html {
  return html`<svg class="icon" viewBox="0 0 16 16" aria-hidden="true" focusable="false">${shape}</svg>`;
}

export function rehearsalBadge({ say }: Frame, mode: string): Html | null {
  return mode === 'rehearsal'
    ? html`<span class="badge rehearsal">${say('Répétition', 'Rehearsal')}</span>`
    : null;
}

export function unconfirmedBadge({ say }: Frame, unconfirmed: number, decision: string | null): Html | null {
  if (!unconfirmed) return null;
  if (decision === 'approved')
    return html`<span class="badge">${say('Hors ligne, validé', 'Offline, validated')}</span>`;
  if (decision === 'rejected')
    return html`<span class="badge alert">${say('Hors ligne, rejeté', 'Offline, rejected')}</span>`;
  return html`<span class="badge alert">${say('Non confirmé', 'Unconfirmed')}</span>`;
}

export function decisionBadge({ say }: Frame, decision: 'pending' | 'approved' | 'rejected'): Html {
  if (decision === 'approved') return html`<span class="badge good">${say('Validé', 'Validated')}</span>`;
  if (decision === 'rejected') return html`<span class="badge alert">${say('Rejeté', 'Rejected')}</span>`;
  return html`<span class="badge">${say('À valider', 'To validate')}</span>`;
}

/** The letter in a box, or the ceiling until one can be given. */
export function gradeBox({ say }: Frame, overall: string | null, atBest: string): Html {
  if (overall) {
    return html`<span class="grade ${overall}"
      ><span class="hidden">${say('Note', 'Grade')} </span>${overall}</span
    >`;
  }
  return html`<span class="grade open"><small>${say('au mieux', 'at best')}</small> ${atBest}</span>`;
}

export function letterBox(letter: Letter | null, { say }: Frame): Html {
  return letter
    ? html`<span class="letter ${letter}">${letter}</span>`
    : html`<span class="letter open" title="${say('inconnu', 'unknown')}"
        >?<span class="hidden"> ${say('inconnu', 'unknown')}</span></span
      >`;
}

export function rehearsalBanner(
  { say, phrase }: Frame,
  mode: Mode,
  notice: { fr: string; en: string } | null,
): Html | null {
  if (mode !== 'rehearsal') return null;
  return html`<div class="banner" role="note">
    <strong>${say('RÉPÉTITION', 'REHEARSAL')}</strong>
    <p>${notice ? phrase(notice) : ''}</p>
  </div>`;
}

/** A moment on the server's clock, in its time zone. */
export function moment({ language }: Frame, iso: string, style: 'short' | 'long' = 'short'): Html {
  const format = new Intl.DateTimeFormat(language === 'fr' ? 'fr-FR' : 'en-GB', {
    dateStyle: style === 'long' ? 'long' : 'short',
    timeStyle: style === 'long' ? 'medium' : 'short',
  });
  return html`<time datetime="${iso}">${format.format(new Date(iso))}</time>`;
}

/** A moment as a document states it, with what vouches for it. */
export function clock(frame: Frame, { wall, timeSource }: Clock): Html {
  const { say } = frame;
  const source = {
    server: say('heure du serveur', 'server time'),
    ntp: 'NTP',
    'rtc-unverified': say('horloge de la machine, non vérifiée', 'the machine’s clock, not verified'),
  }[timeSource];
  return html`${moment(frame, wall, 'long')} <span class="quiet">(${source})</span>`;
}

/** Facts by name, two columns where there is room. */
export function facts(rows: readonly (readonly [string, Html | string | null] | null)[]): Html {
  return html`<dl class="facts">
    ${rows
      .filter((row) => row !== null)
      .map(
        ([name, value]) =>
          html`<div>
            <dt>${name}</dt>
            <dd>${value}</dd>
          </div>`,
      )}
  </dl>`;
}

/** Older and newer pages of a list. */
export function pager({ say, here }: Frame, pageNumber: number, more: boolean): Html | null {
  if (pageNumber === 1 && !more) return null;
  const to = (target: number): string =>
    `?${new URLSearchParams({ ...here.query, page: String(target) }).toString()}`;
  return html`<nav class="pager" aria-label="${say('Suite de la liste', 'More of the list')}">
    ${pageNumber > 1 ? html`<a rel="prev" href="${to(pageNumber - 1)}">← ${say('Plus récents', 'Newer')}</a>` : null}
    <span>${say('Page', 'Page')} ${pageNumber}</span>
    ${more ? html`<a rel="next" href="${to(pageNumber + 1)}">${say('Plus anciens', 'Older')} →</a>` : null}
  </nav>`;
}

/** A person rejected the finding: it stands before whatever the tool found. */
export function rejectedChip({ say }: Frame): Html {
  return html`<span class="chip failed"
    ><svg class="icon" viewBox="0 0 16 16" aria-hidden="true" focusable="false">
      <path d="M4 4l8 8M12 4l-8 8" /></svg
    >${say('REJETÉ', 'REJECTED')}</span
  >`;
}
