/**
 * Characters that act instead of being read: C0 and C1 controls (a terminal obeys ESC and U+009B), bidirectional
 * marks, zero-width and other default-ignorable characters, line separators, private use, lone surrogates.
 */
const ACTING =
  // oxlint-disable-next-line no-control-regex, no-misleading-character-class -- naming them is the purpose
  /[\u0000-\u001f\u007f-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\ud800-\udfff\ue000-\uf8ff\u{e0000}-\u{e0fff}\u{f0000}-\u{10ffff}]/gu;

/** Marks stacked without end draw over the lines above and below: more than two on one letter are shown by name. */
const STACKED = /(\p{M}{2})(\p{M}+)/gu;

const named = (character: string): string =>
  `⟨U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}⟩`;

/**
 * Hostile text made harmless to read on one line: what acts is shown by its code point, and the length is bounded.
 * HTML still needs escaping; this does not do it.
 * @param max units kept, then an ellipsis
 */
export function visible(text: string, max = 200): string {
  const shown = text
    .slice(0, max * 2)
    .replace(STACKED, (_, kept: string, rest: string) => kept + Array.from(rest, named).join(''))
    .replace(ACTING, named);
  return shown.length <= max && text.length <= max * 2
    ? shown
    : shown.slice(0, max - 1).replace(/[\uD800-\uDBFF]$/u, '') + '…';
}

/** `visible()` on each line of a text, keeping its line breaks. */
export function visibleLines(text: string, maxLines = 40): string[] {
  return text.split('\n', maxLines).map((line) => visible(line));
}
