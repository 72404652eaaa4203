export const ELLIPSIS = '…';

/** Width of a text in points, in a style that the caller has chosen. */
type Measure = (text: string) => number;

/** Graphemes, with the name of a character (`⟨U+4E2D⟩`) as one of them. */
const PIECES = /⟨U\+[0-9A-F]{4,6}⟩|\P{M}\p{M}*|\p{M}/gu;

/**
 * Lines that are never wider than `width` points; words too long are broken. Beyond `maxLines` the text is cut and
 * an ellipsis marks the cut.
 */
export function wrapText(
  text: string,
  width: number,
  maxLines: number,
  measure: Measure,
): { lines: string[]; cut: boolean } {
  const lines = linesOf(text, width, maxLines, measure);
  if (lines.length <= maxLines) return { lines, cut: false };
  const last = cutTo(lines[maxLines - 1] ?? '', width, measure);
  return { lines: [...lines.slice(0, maxLines - 1), last], cut: true };
}

/** All lines, or somewhat more than `maxLines` of them. */
function linesOf(text: string, width: number, maxLines: number, measure: Measure): string[] {
  const lines: string[] = [];
  let line = '';
  let used = 0;
  for (const word of text.split(/(?<= )/)) {
    if (used + measure(word.trimEnd()) <= width) {
      line += word;
      used += measure(word);
      continue;
    }
    if (line) lines.push(line);
    const parts = breakWord(word, width, measure);
    line = parts.pop() ?? '';
    used = measure(line);
    lines.push(...parts);
    if (lines.length > maxLines) return lines;
  }
  return line ? [...lines, line] : lines;
}

/**
 * The parts of a word that is wider than a line. The sum over graphemes stands for the width: letters that join are
 * not wider together.
 */
function breakWord(word: string, width: number, measure: Measure): string[] {
  const parts: string[] = [];
  let part = '';
  let sum = 0;
  for (const piece of word.match(PIECES) ?? []) {
    const wide = measure(piece);
    if (part && sum + wide > width) {
      parts.push(part);
      part = '';
      sum = 0;
    }
    part += piece;
    sum += wide;
  }
  return [...parts, part];
}

function cutTo(line: string, width: number, measure: Measure): string {
  const pieces = line.trimEnd().match(PIECES) ?? [];
  while (pieces.length > 0 && measure(pieces.join('') + ELLIPSIS) > width) pieces.pop();
  return pieces.join('') + ELLIPSIS;
}
