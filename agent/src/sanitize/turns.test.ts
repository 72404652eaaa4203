import fc from 'fast-check';
import { expect, it } from 'vitest';
import { turns } from './turns.ts';

/** Lets everything that may go on go on. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

it('whoever acts alone acts alone, all act once and end, and nobody overtakes who waits to be alone', async () => {
  const asked = fc.array(
    fc.record({ alone: fc.boolean(), ticks: fc.integer({ min: 0, max: 3 }), fails: fc.boolean() }),
    {
      maxLength: 12,
    },
  );
  await fc.assert(
    fc.asyncProperty(asked, async (wishes) => {
      const turn = turns();
      const acting = new Set<number>();
      const begun: number[] = [];
      const act = (index: number) => async (): Promise<number> => {
        const { alone, ticks, fails } = wishes[index]!;
        if (alone) expect(acting.size).toBe(0);
        for (const other of acting) expect(wishes[other]!.alone).toBe(false);
        acting.add(index);
        begun.push(index);
        for (let tick = 0; tick < ticks; tick += 1) await settled();
        acting.delete(index);
        if (fails) throw new Error('of its own');
        return index;
      };
      const all = wishes.map(({ alone }, index) =>
        alone ? turn.alone(act(index)) : turn.together(act(index)),
      );
      const ends = await Promise.allSettled(all);
      expect(ends.map(({ status }) => status)).toEqual(
        wishes.map(({ fails }) => (fails ? 'rejected' : 'fulfilled')),
      );
      expect(begun).toEqual(wishes.map((_, index) => index));
    }),
    { numRuns: 200 },
  );
});

it('those that may act together do', async () => {
  const turn = turns();
  const both = Promise.withResolvers<void>();
  let acting = 0;
  const act = async (): Promise<void> => {
    acting += 1;
    if (acting === 2) both.resolve();
    await both.promise;
  };
  await Promise.all([turn.together(act), turn.together(act)]);
  expect(acting).toBe(2);
});
