import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type StickFacts, stickLine } from './stick-line.ts';

const SAFE: StickFacts = {
  ...{ plugged: true, ram: { state: 'loaded' }, serverReached: true },
  ...{ journalBehind: 0, unsentRecords: 0, leftJournals: 0, writing: false },
};

describe('what the screen says of the stick', () => {
  it('is one of three sentences, word for word', () => {
    expect(stickLine(SAFE)).toEqual({
      state: 'pull',
      sentence: { fr: 'Vous pouvez retirer la clé.', en: 'You may pull the stick.' },
      because: null,
    });
    expect(stickLine({ ...SAFE, writing: true }).sentence).toEqual({
      fr: 'Laissez la clé en place.',
      en: 'Keep the stick in.',
    });
    expect(stickLine({ ...SAFE, plugged: false }).sentence).toEqual({ fr: 'Pas de clé', en: 'No stick' });
  });

  it.each<[string, Partial<StickFacts>, string]>([
    ['the copy to memory has not begun', { ram: null }, 'depuis la clé'],
    ['the copy is on its way', { ram: { state: 'loading', percent: 37.9 } }, '37 %'],
    ['memory is short', { ram: { state: 'medium', reason: 'memory' } }, 'trop peu de mémoire'],
    ['the image is damaged', { ram: { state: 'medium', reason: 'damaged' } }, 'ABÎMÉE'],
    ['the copy failed', { ram: { state: 'medium', reason: 'error' } }, 'copié'],
    ['the server is away', { serverReached: false }, 'pas joint'],
    ['the server lacks lines', { journalBehind: 2 }, 'journal'],
    ['nobody knows what the server has', { journalBehind: null }, 'journal'],
    ['a record waits', { unsentRecords: 1 }, 'une fiche'],
    ['records wait', { unsentRecords: 3 }, '3 fiches'],
    ['a cut-off session has no account yet', { leftJournals: 1 }, 'compte rendu'],
    ['it is being written', { writing: true }, 'écriture'],
  ])('keeps it in while %s, and says so', (_, change, why) => {
    const line = stickLine({ ...SAFE, ...change });
    expect(line.state).toBe('keep');
    expect(line.because?.fr).toContain(why);
  });

  it('says without a stick who keeps the journal, or that nothing does', () => {
    const without = { ...SAFE, plugged: false };
    expect(stickLine(without).because?.fr).toContain('serveur seul garde');
    expect(stickLine({ ...without, serverReached: false }).because?.fr).toContain('rien ne garde');
    expect(stickLine({ ...without, unsentRecords: 1 }).because?.fr).toContain('EN MÉMOIRE');
  });

  it('lets it go only where every condition holds', () => {
    const facts = fc.record<StickFacts>({
      plugged: fc.boolean(),
      ram: fc.constantFrom(
        null,
        { state: 'loaded' },
        { state: 'loading', percent: 100 },
        { state: 'medium', reason: 'error' },
      ),
      serverReached: fc.boolean(),
      journalBehind: fc.constantFrom(0, 1, null),
      unsentRecords: fc.nat(2),
      leftJournals: fc.nat(1),
      writing: fc.boolean(),
    });
    fc.assert(
      fc.property(facts, (seen) => {
        const all =
          seen.ram?.state === 'loaded' &&
          seen.serverReached &&
          seen.journalBehind === 0 &&
          seen.unsentRecords + seen.leftJournals === 0 &&
          !seen.writing;
        expect(stickLine(seen).state).toBe(!seen.plugged ? 'none' : all ? 'pull' : 'keep');
      }),
    );
  });
});
