import type { QuarantineCause } from '@rebond/protocol';
import type { Frame } from '../pages/frame.ts';
import { html, type Html } from '../pages/html.ts';
import { CAUSES } from './words.ts';

/** Why a drive is in quarantine; a shape besides the colour, as with every outcome. */
export function causeChip({ phrase }: Frame, cause: QuarantineCause | null): Html {
  return html`<span class="chip failed"
    ><svg class="icon" viewBox="0 0 16 16" aria-hidden="true" focusable="false">
      <path d="M8 2.5l6 11H2zM8 6.5v3M8 11.6v.1" /></svg
    >${phrase(CAUSES[cause ?? 'unknown'])}</span
  >`;
}

export function destroyedChip({ say }: Frame): Html {
  return html`<span class="chip none"
    ><svg class="icon" viewBox="0 0 16 16" aria-hidden="true" focusable="false">
      <path d="M3 3h10v4H3zM5 7v6M8 7v6M11 7v6" /></svg
    >${say('Détruit, déclaré', 'Destroyed, stated')}</span
  >`;
}

/** It was destroyed, and a later record shows it: somebody must look. */
export function seenAgainBadge({ say }: Frame, seenAgain: string | null): Html | null {
  if (seenAgain === null) return null;
  return html`<span class="badge alert">${say('Revu depuis', 'Seen since')}</span>`;
}
