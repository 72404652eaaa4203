import { describe, expect, it } from 'vitest';
import { defaultLimits, whyGiveUp } from './give-up.ts';

const MIB = 1024 * 1024;

describe('the usual limits', () => {
  it('are three days of the bench for the whole drive, within what sticks need and large disks may ask for', () => {
    const rate = (sizeBytes: number): number => defaultLimits(sizeBytes).minBytesPerSecond;
    // 3 × 24 h = 259,200 s.
    expect(rate(MIB * 259_200)).toBe(MIB);
    expect(rate(MIB * 259_200 + 1)).toBe(MIB + 1);
    expect(rate(0)).toBe(256 * 1024);
    expect(rate(256 * 1024 * 259_200)).toBe(256 * 1024);
    expect(rate(20e12)).toBe(4 * MIB);
    expect(rate(4 * MIB * 259_200)).toBe(4 * MIB);
  });

  it('leave ten minutes to a slow stretch, a minute to a last answer, and ten thousand sectors to be bad', () => {
    expect(defaultLimits(1e12)).toMatchObject({ maxBadSectors: 10_000, windowMs: 600_000, graceMs: 60_000 });
  });
});

describe('a drive is given up', () => {
  const limits = { ...defaultLimits(0), maxBadSectors: 5, minBytesPerSecond: 1000, windowMs: 10_000 };
  const pace = (bytes: number, activeMs: number) => [
    { activeMs: 500, bytes: 100 },
    { activeMs: 500 + activeMs, bytes: 100 + bytes },
  ];

  it('below the rate over a whole window, and not at it, nor over less', () => {
    expect(whyGiveUp(limits, 0, pace(9999, 10_000))).toBe('too-slow');
    expect(whyGiveUp(limits, 0, pace(10_000, 10_000))).toBeNull();
    expect(whyGiveUp(limits, 0, pace(0, 9999))).toBeNull();
    expect(whyGiveUp(limits, 0, [])).toBeNull();
    expect(whyGiveUp(limits, 0, pace(0, 0).slice(0, 1))).toBeNull();
    // Of a window of no length nothing can be told.
    expect(whyGiveUp({ ...limits, windowMs: 0 }, 0, pace(0, 0))).toBeNull();
  });

  it('for more bad sectors than it may have, however fast it is', () => {
    expect(whyGiveUp(limits, 5, pace(1e9, 10_000))).toBeNull();
    expect(whyGiveUp(limits, 6, pace(1e9, 10_000))).toBe('too-many-errors');
  });
});
