import { visible, visibleLines } from '@rebond/protocol';
import type { Frame } from './frame.ts';
import { html, type Html } from './html.ts';

/** Words that stay as they are in every language of these pages, marked as the English that they are. */

const STANDARD = /^(?:NIST|IEEE|NVM)/;

/** The clause that a level rests on, or why no standard gives one. */
export function clauseWords({ language }: Frame, clause: string): Html {
  const words = html`<span lang="en">${visible(clause, 400)}</span>`;
  if (language === 'en') return words;
  const whose = STANDARD.test(clause) ? 'Dans les termes de la norme, en anglais :' : 'En anglais :';
  return html`<span class="quiet">${whose}</span> ${words}`;
}

/** What a tool printed, its lines one below the other. */
export function printed(text: string, maxLines = 12): Html {
  const [first, ...more] = visibleLines(text.trimEnd(), maxLines);
  return html`<code class="quiet" lang="en">${first}${more.map((line) => html`<br />${line}`)}</code>`;
}
