// Arithmetic of ranges of the medium.
import type { Range } from '../store.ts';

function overlap(left: Range, right: Range): boolean {
  return left.start < right.end && right.start < left.end;
}

/** What two lists of ranges share, in the order of the first. */
export function common(left: readonly Range[], right: readonly Range[]): Range[] {
  return left.flatMap((one) =>
    right
      .filter((other) => overlap(one, other))
      .map((other) => ({ start: Math.max(one.start, other.start), end: Math.min(one.end, other.end) })),
  );
}

/** The first so many bytes of ranges laid one after another. */
export function firstBytes(ranges: readonly Range[], count: number): Range[] {
  const found: Range[] = [];
  let left = count;
  for (const { start, end } of ranges) {
    const length = Math.min(left, end - start);
    if (length > 0) found.push({ start, end: start + length });
    left -= length;
  }
  return found;
}

export function totalBytes(ranges: readonly Range[]): number {
  return ranges.reduce((sum, { start, end }) => sum + end - start, 0);
}
