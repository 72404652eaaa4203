import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defaultLimits, whyGiveUp } from './give-up.ts';
import { etaMs, type Pace, rateOf, withMark } from './pace.ts';

const MIB = 1024 * 1024;
/** Marks of a drive that does `rate` bytes a second, one each `stepMs`. */
function paceOf(rate: number, forMs: number, windowMs: number, stepMs = 500, start: Pace = []): Pace {
  let pace = start;
  const { activeMs: at, bytes } = start.at(-1) ?? { activeMs: 0, bytes: 0 };
  for (let ms = 0; ms <= forMs; ms += stepMs)
    pace = withMark(pace, { activeMs: at + ms, bytes: bytes + (rate * ms) / 1000 }, windowMs);
  return pace;
}

describe('pace', () => {
  it('is the rate of a steady drive, however often it is looked at, in bounded memory', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 10_000 * MIB }),
        fc.integer({ min: 1, max: 5000 }),
        fc.integer({ min: 1000, max: 600_000 }),
        (rate, stepMs, windowMs) => {
          const pace = paceOf(rate, stepMs * 2000, windowMs, stepMs);
          expect(rateOf(pace)).toBeCloseTo(rate, -Math.log10(rate) + 5);
          expect(pace.length).toBeLessThan(500);
        },
      ),
      { numRuns: 30 },
    );
  });

  it('forgets what is older than its window', () => {
    const slow = paceOf(100 * MIB, 60_000, 10_000);
    const pace = paceOf(10 * MIB, 30_000, 10_000, 500, slow);
    expect(rateOf(pace)).toBeCloseTo(10 * MIB, -3);
  });

  it('knows nothing from one mark, nor from a drive that stands still', () => {
    expect(rateOf([])).toBeNull();
    expect(rateOf([{ activeMs: 5, bytes: 5 }])).toBeNull();
    expect(etaMs([], 5)).toBeNull();
    expect(etaMs(paceOf(0, 10_000, 10_000), 5)).toBeNull();
    expect(etaMs([], 0)).toBe(0);
  });

  it('estimates what is left in whole seconds', () => {
    expect(etaMs(paceOf(100 * MIB, 10_000, 10_000), 1000 * MIB)).toBe(10_000);
    expect(etaMs(paceOf(100 * MIB, 10_000, 10_000), 1)).toBe(1000);
  });
});

describe('whyGiveUp', () => {
  const limits = { maxBadSectors: 10, minBytesPerSecond: MIB, windowMs: 60_000, graceMs: 0 };

  it('lets go of a drive below the floor, only after a whole window of it', () => {
    expect(whyGiveUp(limits, 0, paceOf(MIB / 2, 59_000, limits.windowMs))).toBeNull();
    expect(whyGiveUp(limits, 0, paceOf(MIB / 2, 61_000, limits.windowMs))).toBe('too-slow');
    expect(whyGiveUp(limits, 0, paceOf(0, 61_000, limits.windowMs))).toBe('too-slow');
    expect(whyGiveUp(limits, 0, paceOf(2 * MIB, 61_000, limits.windowMs))).toBeNull();
  });

  it('lets go of one with more bad sectors than the ceiling', () => {
    expect(whyGiveUp(limits, 10, [])).toBeNull();
    expect(whyGiveUp(limits, 11, [])).toBe('too-many-errors');
  });

  it('by default lets through a slow stick and a large disk that reorders itself, and nothing that takes a week', () => {
    for (const [size, rate] of [
      [16 * 1024 * MIB, MIB],
      [8_001_563_222_016, 30 * MIB],
      [500_107_862_016, 40 * MIB],
    ] as const) {
      const usual = defaultLimits(size);
      expect(whyGiveUp(usual, 0, paceOf(rate, usual.windowMs * 2, usual.windowMs))).toBeNull();
    }
    const usual = defaultLimits(500_107_862_016);
    const week = 500_107_862_016 / (7 * 24 * 3600);
    expect(whyGiveUp(usual, 0, paceOf(week, usual.windowMs * 2, usual.windowMs))).toBe('too-slow');
  });
});
