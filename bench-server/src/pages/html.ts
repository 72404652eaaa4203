import { visible } from '@rebond/protocol';
import { html as escaped } from 'ghtml';

/** Markup that may go to a browser as it is. Only `html` makes it. */
export class Html {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

export type Content = Html | string | number | null | undefined | false | readonly Content[];

/** Long enough for every sentence of ours; what a machine said is cut much shorter by `said`. */
const LONGEST = 8192;

/**
 * A template whose every value is escaped and made visible, unless it is markup from this same tag. Nothing but a
 * template literal becomes markup, so that hostile text has no way in.
 */
export function html(literals: TemplateStringsArray, ...values: Content[]): Html {
  return new Html(literals.reduce((text, literal, index) => text + inert(values[index - 1]) + literal, ''));
}

function inert(value: Content): string {
  if (value === null || value === undefined || value === false) return '';
  if (value instanceof Html) return value.text;
  if (typeof value === 'object') return value.map(inert).join('');
  return escaped`${visible(String(value), LONGEST)}`;
}

/** What a machine or a person said: cut short, isolated so that its direction stays its own. */
export function said(text: string | null | undefined, max = 120): Html {
  if (text === null || text === undefined || text === '') return html`<span class="quiet">—</span>`;
  return html`<bdi>${visible(text, max)}</bdi>`;
}
