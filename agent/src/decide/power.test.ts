import { describe, expect, it } from 'vitest';
import { powerRule, wordMatches } from './power.ts';

const CALM = { wiping: false, unsentInMemory: 0, unsentOnStick: 0 };

describe('switching off', () => {
  it('is allowed when nothing would be lost', () => {
    expect(powerRule(CALM)).toEqual({ kind: 'allowed' });
  });

  it('is refused while a drive is wiped, and while a record is in memory only', () => {
    expect(powerRule({ ...CALM, wiping: true }).kind).toBe('refused');
    expect(powerRule({ ...CALM, unsentInMemory: 1, unsentOnStick: 4 }).kind).toBe('refused');
  });

  it('wants a word while records are on the stick only', () => {
    const rule = powerRule({ ...CALM, unsentOnStick: 2 });
    expect(rule).toMatchObject({ kind: 'ask', word: { fr: 'ÉTEINDRE', en: 'POWER OFF' } });
    expect(rule.kind === 'ask' && rule.why.fr).toContain('2 fiches');
  });
});

describe('a typed word', () => {
  it.each(['ÉTEINDRE', 'éteindre', 'ETEINDRE', ' eteindre ', 'E\u0301teindre'])('is taken as %s', (typed) => {
    expect(wordMatches('ÉTEINDRE', typed)).toBe(true);
  });

  it.each(['', 'E', 'ÉTEINDR', 'ÉTEINDREZ', null])('is not taken as %s', (typed) => {
    expect(wordMatches('ÉTEINDRE', typed)).toBe(false);
  });
});
