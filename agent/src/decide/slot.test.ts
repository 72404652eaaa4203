import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type BootMemory, decideSlot, failedStart, otherSlot, type SlotName } from './slot.ts';

const serial = fc.option(fc.integer({ min: 1, max: 4 }));
const bySlot = fc.record({ a: serial, b: serial });
const memory = fc.record({ tried: bySlot, good: bySlot });
const NOTHING: BootMemory = { tried: { a: null, b: null }, good: { a: null, b: null } };

/** Starts again and again; `comesUp` slots write their serial down as good. */
function starts(
  ready: Record<SlotName, number | null>,
  comesUp: (slot: SlotName) => boolean,
  from: BootMemory = NOTHING,
): (SlotName | null)[] {
  let now = from;
  return Array.from({ length: 5 }, () => {
    const decided = decideSlot(ready, now);
    if (!decided) return null;
    now = decided.memory;
    const { slot } = decided;
    if (comesUp(slot)) now = { ...now, good: { ...now.good, [slot]: ready[slot] } };
    return slot;
  });
}

/** The same with what the agent of the slot that came up notes: whether the newer one is tried again. */
function startsWithAgent(ready: Record<SlotName, number>, upFromTry: number, count: number): SlotName[] {
  let now = NOTHING;
  let counted: { serial: number; times: number } | null = null;
  let tries = 0;
  return Array.from({ length: count }, () => {
    const { slot, memory } = decideSlot(ready, now)!;
    now = memory;
    if (slot === 'b' && (tries += 1) < upFromTry) return slot;
    now = { ...now, good: { ...now.good, [slot]: ready[slot] } };
    const failed = failedStart(slot, ready, now, counted);
    if (failed) counted = failed;
    if (failed?.again) now = { ...now, tried: { ...now.tried, [otherSlot(slot)]: null } };
    return slot;
  });
}

describe('which slot GRUB starts', () => {
  it('is always one that is ready, if any is', () => {
    fc.assert(
      fc.property(bySlot, memory, (ready, kept) => {
        const decided = decideSlot(ready, kept);
        if (!decided) expect(ready).toEqual({ a: null, b: null });
        else expect(ready[decided.slot]).not.toBe(null);
      }),
    );
  });

  it('is never the older one, unless the newer was tried and did not come up', () => {
    fc.assert(
      fc.property(bySlot, memory, (ready, kept) => {
        const slot = decideSlot(ready, kept)?.slot;
        if (!slot) return;
        const other = otherSlot(slot);
        if ((ready[other] ?? 0) <= (ready[slot] ?? 0)) return;
        expect(kept.tried[other]).toBe(ready[other]);
        expect(kept.good[other]).not.toBe(ready[other]);
      }),
    );
  });

  it('falls back after one try of a newer slot that does not come up, and stays there', () => {
    expect(starts({ a: 1, b: 2 }, (slot) => slot === 'a')).toEqual(['b', 'a', 'a', 'a', 'a']);
    expect(starts({ a: 3, b: 2 }, (slot) => slot === 'b')).toEqual(['a', 'b', 'b', 'b', 'b']);
  });

  it('stays with the newer one once it came up, and goes on with the only one there is', () => {
    expect(starts({ a: 1, b: 2 }, () => true)).toEqual(['b', 'b', 'b', 'b', 'b']);
    expect(starts({ a: 1, b: null }, () => false)).toEqual(['a', 'a', 'a', 'a', 'a']);
    expect(starts({ a: null, b: null }, () => true)).toEqual([null, null, null, null, null]);
  });

  it('loses one start at most to a newer slot that never comes up', () => {
    fc.assert(
      fc.property(bySlot, memory, (ready, kept) => {
        const { a, b } = ready;
        if (a === null || b === null || b <= a) return;
        // What the memory calls good did come up: this is about one that never did.
        const honest = { ...kept, good: { ...kept.good, b: null } };
        expect(starts(ready, (slot) => slot === 'a', honest).slice(1)).toEqual(['a', 'a', 'a', 'a']);
      }),
    );
  });

  it('tries a newer one again that was cut off, every other start, and gives it up after three', () => {
    expect(startsWithAgent({ a: 1, b: 2 }, 1, 3)).toEqual(['b', 'b', 'b']);
    expect(startsWithAgent({ a: 1, b: 2 }, 2, 5)).toEqual(['b', 'a', 'b', 'b', 'b']);
    expect(startsWithAgent({ a: 1, b: 2 }, 3, 6)).toEqual(['b', 'a', 'b', 'a', 'b', 'b']);
    expect(startsWithAgent({ a: 1, b: 2 }, 99, 9)).toEqual(['b', 'a', 'b', 'a', 'b', 'a', 'a', 'a', 'a']);
  });

  it('never has an older slot tried again, nor one that came up', () => {
    fc.assert(
      fc.property(bySlot, memory, fc.constantFrom('a', 'b'), (ready, kept, own) => {
        const failed = failedStart(own, ready, kept, null);
        if (!failed) return;
        const other = otherSlot(own);
        expect(failed.serial).toBeGreaterThan(ready[own] ?? 0);
        expect(kept.tried[other]).toBe(failed.serial);
        expect(kept.good[other]).not.toBe(failed.serial);
      }),
    );
  });
});
