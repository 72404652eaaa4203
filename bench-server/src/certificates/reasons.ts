import type { Reason } from '@rebond/protocol';
import type { Frame } from '../pages/frame.ts';
import { html, type Html, said } from '../pages/html.ts';

export function reasonList({ phrase }: Frame, reasons: readonly Reason[]): Html | null {
  if (reasons.length === 0) return null;
  return html`<ul class="reasons">
    ${reasons.map((reason) => html`<li>${said(phrase(reason), 600)} <code class="quiet">${reason.code}</code></li>`)}
  </ul>`;
}
