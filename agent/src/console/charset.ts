/**
 * The characters that the live image's console font (Lat15 Terminus) surely draws, each one column wide: Latin-1,
 * the quotes and dashes of French and English, box drawing, blocks.
 */
const ALLOWED =
  /^[ -~\u00a0-\u00ac\u00ae-\u00ff\u0152\u0153\u0160\u0161\u0178\u017d\u017e€‘’‚“”„†‡•…‰‹›–—─│┌┐└┘├┤┬┴┼═║╔╗╚╝█░▒■▸●]$/u;

/** What stands for a character that the font may lack. */
const STAND_INS: Readonly<Record<string, string>> = {
  '✓': '■',
  '✗': '×',
  '⊘': '×',
  '″': '"',
  '⟨': '<',
  '⟩': '>',
  '→': '>',
  '\u202f': ' ',
  '\u2009': ' ',
  '−': '-',
};

/** A line as the console can draw it: one column a character, nothing that acts, `?` for what it has not. */
export function drawable(line: string): string {
  return Array.from(line.normalize('NFC'), (character) =>
    ALLOWED.test(character) ? character : (STAND_INS[character] ?? '?'),
  ).join('');
}

/** Cut to `width` columns; the cut is marked. Takes drawable text. */
export function fit(line: string, width: number): string {
  return line.length <= width ? line : `${line.slice(0, Math.max(0, width - 1))}…`;
}

/** Broken at blanks, and inside a word that is longer than a line; the indentation is kept on the lines that follow. */
export function fold(line: string, width: number): string[] {
  const indent = /^ */.exec(line)?.[0].slice(0, Math.floor(width / 2)) ?? '';
  const room = Math.max(1, width - indent.length);
  const lines: string[] = [];
  let current = '';
  for (const word of line.trimStart().split(' ')) {
    const longer = current === '' ? word : `${current} ${word}`;
    if (longer.length <= room) {
      current = longer;
      continue;
    }
    if (current !== '') lines.push(current);
    current = word;
    for (; current.length > room; current = current.slice(room)) lines.push(current.slice(0, room));
  }
  return [...lines, current].map((each) => (each === '' ? '' : indent + each));
}
