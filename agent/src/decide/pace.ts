/** How far a drive's work had come at a time: milliseconds of work, without pauses, and bytes gone over. */
export type Mark = { activeMs: number; bytes: number };

/** The last marks, oldest first; never more than a few hundred. */
export type Pace = readonly Mark[];

const MARKS = 240;

/** Adds a mark and forgets those that are older than needed to look back over `windowMs`. */
export function withMark(pace: Pace, mark: Mark, windowMs: number): Pace {
  const last = pace.at(-1);
  // Marks nearer than this to each other would only cost memory.
  if (last && pace.length > 1 && mark.activeMs - (pace.at(-2)?.activeMs ?? 0) < windowMs / MARKS)
    return [...pace.slice(0, -1), mark];
  const from = mark.activeMs - windowMs;
  const beyond = pace.findLastIndex(({ activeMs }) => activeMs <= from);
  return [...pace.slice(Math.max(0, beyond)), mark];
}

/** Bytes a second over the marks; null while there is nothing to tell it from. */
export function rateOf(pace: Pace): number | null {
  const [first, last] = [pace[0], pace.at(-1)];
  if (!first || !last || last.activeMs <= first.activeMs) return null;
  return Math.max(0, ((last.bytes - first.bytes) * 1000) / (last.activeMs - first.activeMs));
}

/**
 * Milliseconds of work left at the present rate, rounded up to a second; null while no rate is known. A hard disk slows
 * down to half towards its end, so that this is an estimate of the near future and not a promise.
 */
export function etaMs(pace: Pace, leftBytes: number): number | null {
  const rate = rateOf(pace);
  if (leftBytes <= 0) return 0;
  return rate === null || rate === 0 ? null : Math.ceil(leftBytes / rate) * 1000;
}
