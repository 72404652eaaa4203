import { assert, integer, property, string } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { wrapText } from './pdf-wrap.ts';

/** Every character is one point wide. */
const measure = (text: string): number => text.length;

describe('wrapText', () => {
  it('breaks between words, and inside a word only where it is wider than a line', () => {
    expect(wrapText('un deux trois', 8, 9, measure).lines).toEqual(['un deux ', 'trois']);
    expect(wrapText('abcdefghij kl', 4, 9, measure).lines).toEqual(['abcd', 'efgh', 'ij ', 'kl']);
  });

  it('never splits the name of a character', () => {
    expect(wrapText('ab⟨U+202E⟩cd', 8, 9, measure).lines).toEqual(['ab', '⟨U+202E⟩', 'cd']);
  });

  it('cuts with an ellipsis and says so', () => {
    expect(wrapText('abcdefghij', 4, 2, measure)).toEqual({ lines: ['abcd', 'efg…'], cut: true });
  });

  it('loses nothing unless it says that it cut, and is never wider than asked', () => {
    assert(
      property(string({ unit: 'grapheme-ascii' }), integer({ min: 8, max: 40 }), (text, width) => {
        const { lines, cut } = wrapText(text, width, 5, measure);
        expect(lines.every((line) => measure(line.trimEnd()) <= width)).toBe(true);
        expect(lines.length).toBeLessThanOrEqual(5);
        expect(cut || lines.join('') === text).toBe(true);
      }),
    );
  });
});
