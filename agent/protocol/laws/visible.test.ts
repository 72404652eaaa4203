import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { visible, visibleLines } from './visible.ts';

const DANGEROUS = /[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/u;

describe('visible', () => {
  it('shows what would act on a terminal or reorder a line', () => {
    expect(visible('a\u001b[31mb')).toBe('a⟨U+001B⟩[31mb');
    expect(visible('\u009b2J')).toBe('⟨U+009B⟩2J');
    expect(visible('abc\u202egpj.exe')).toBe('abc⟨U+202E⟩gpj.exe');
    expect(visible('a\0b\nc')).toBe('a⟨U+0000⟩b⟨U+000A⟩c');
    expect(visible('\ud800')).toBe('⟨U+D800⟩');
    expect(visible('a\u{e0041}')).toBe('a⟨U+E0041⟩');
  });

  it('leaves ordinary text alone, accents and other scripts among it', () => {
    for (const text of ['Lenovo ThinkPad T480', 'Écran 14″ – déjà vu', '東芝', 'Ελλάδα', '<b>&"']) {
      expect(visible(text)).toBe(text);
    }
  });

  it('names marks stacked beyond two on a letter', () => {
    expect(visible('e\u0301\u0302\u0303\u0304')).toBe('e\u0301\u0302⟨U+0303⟩⟨U+0304⟩');
  });

  it('never lets a dangerous character through, and keeps to its length', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 400 }),
        fc.integer({ min: 1, max: 120 }),
        (text, max) => {
          const shown = visible(text, max);
          expect(shown).not.toMatch(DANGEROUS);
          expect(shown.isWellFormed()).toBe(true);
          expect(shown.length).toBeLessThanOrEqual(max);
        },
      ),
    );
  });

  it('cuts a megabyte quickly', () => {
    expect(visible('x'.repeat(1e6))).toHaveLength(200);
  });

  it('keeps lines apart', () => {
    expect(visibleLines('a\n\u001bb')).toEqual(['a', '⟨U+001B⟩b']);
  });
});
