export type Face = 'sans' | 'bold' | 'mono';
export type HasGlyph = (face: Face, codePoint: number) => boolean;

/** Text of one face and one direction. */
export type Run = { text: string; face: Face };

/** Blocks of the scripts written from right to left, supplementary planes included. */
const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;
const DIGIT = /\p{Nd}/u;

/**
 * Text whose every character can be drawn: one without a glyph is shown by its code point, `⟨U+4E2D⟩`, and so is
 * what Unicode calls control, format or unassigned.
 */
export function spell(text: string, hasGlyph: HasGlyph): string {
  return Array.from(text)
    .map((character) => {
      const codePoint = character.codePointAt(0) ?? 0;
      const drawn = hasGlyph('sans', codePoint) && !/\p{C}/u.test(character);
      return drawn ? character : `⟨U+${codePoint.toString(16).toUpperCase().padStart(4, '0')}⟩`;
    })
    .join('');
}

/**
 * Cuts a line where the face or the direction changes. Runs follow each other from left to right; only inside a run
 * of right-to-left letters does the shaper reverse, so that a serial number beside them keeps its order.
 */
export function inRuns(text: string, face: Face, hasGlyph: HasGlyph): Run[] {
  const runs: (Run & { kind: string })[] = [];
  for (const character of text) {
    const own = hasGlyph(face, character.codePointAt(0) ?? 0) ? face : 'sans';
    const direction = directionOf(character);
    const last = runs.at(-1);
    const kind = `${own} ${direction}`;
    if (last?.kind === kind && direction !== 'alone') last.text += character;
    else runs.push({ text: character, face: own, kind });
  }
  return runs;
}

/** A digit of a right-to-left script stands alone: the shaper would reverse a number. */
function directionOf(character: string): 'ltr' | 'rtl' | 'alone' {
  if (!RIGHT_TO_LEFT.test(character)) return 'ltr';
  return DIGIT.test(character) ? 'alone' : 'rtl';
}
