import { type Pace, rateOf } from './pace.ts';

/** When a drive is given up. All of it is data that comes with the job. */
export type GiveUpLimits = {
  /** More bad sectors than this, written and read together, end the work. */
  maxBadSectors: number;
  /** A mean rate below this over `windowMs` of work ends it. */
  minBytesPerSecond: number;
  windowMs: number;
  /** How long the requests that are under way may still take once the work was ended. */
  graceMs: number;
};

const KIB = 1024;
const HOURS = 60 * 60;

/**
 * Ten minutes below a rate that would take the bench for three days: 256 KiB/s at least, so that a slow stick is let
 * through, and 4 MiB/s at most, so that a large shingled disk that reorders itself is.
 */
export function defaultLimits(sizeBytes: number): GiveUpLimits {
  const threeDays = Math.ceil(sizeBytes / (72 * HOURS));
  return {
    maxBadSectors: 10_000,
    minBytesPerSecond: Math.min(Math.max(256 * KIB, threeDays), 4096 * KIB),
    windowMs: 10 * 60_000,
    graceMs: 60_000,
  };
}

/** Null to go on. The rate is judged only over a whole window: what was seen for less says nothing. */
export function whyGiveUp(
  limits: GiveUpLimits,
  badSectors: number,
  pace: Pace,
): 'too-many-errors' | 'too-slow' | null {
  if (badSectors > limits.maxBadSectors) return 'too-many-errors';
  const [first, last] = [pace[0], pace.at(-1)];
  if (!first || !last || last.activeMs - first.activeMs < limits.windowMs) return null;
  const rate = rateOf(pace);
  return rate !== null && rate < limits.minBytesPerSecond ? 'too-slow' : null;
}
