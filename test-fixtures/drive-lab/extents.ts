// What lies where, as runs: a line of positions cut into neighbouring pieces, each with one value.

export type Range = { start: number; end: number };
export type Extent<T> = Range & { value: T };

export type Extents<T> = {
  /** The runs of a range, in order, cut at its ends. */
  within(range: Range): Extent<T>[];
  /** Gives a range one value; costs what the number of runs costs, however long the range is. */
  set(range: Range, value: T): void;
  copy(): Extents<T>;
  count(): number;
};

/** @param same whether two neighbours may become one run */
export function extentsOf<T>(
  first: readonly Extent<T>[],
  same: (left: T, right: T) => boolean = Object.is,
): Extents<T> {
  const runs = [...first];

  const within = (range: Range): Extent<T>[] => {
    const found: Extent<T>[] = [];
    for (let at = indexOf(runs, range.start); at < runs.length && runs[at]!.start < range.end; at += 1) {
      const { start, end, value } = runs[at]!;
      found.push({ start: Math.max(start, range.start), end: Math.min(end, range.end), value });
    }
    return found.filter(({ start, end }) => end > start);
  };

  const set = (range: Range, value: T): void => {
    if (range.end <= range.start) return;
    const from = indexOf(runs, range.start);
    const to = indexOf(runs, range.end - 1);
    const [left, right] = [runs[from]!, runs[to]!];
    const put: Extent<T>[] = [{ ...range, value }];
    if (left.start < range.start) put.unshift({ ...left, end: range.start });
    if (right.end > range.end) put.push({ ...right, start: range.end });
    const [before, after] = [Math.max(0, from - 1), Math.min(runs.length - 1, to + 1)];
    const around = [...runs.slice(before, from), ...put, ...runs.slice(to + 1, after + 1)];
    runs.splice(before, after - before + 1, ...joined(around, same));
  };

  return { within, set, copy: () => extentsOf(runs, same), count: () => runs.length };
}

function joined<T>(runs: readonly Extent<T>[], same: (left: T, right: T) => boolean): Extent<T>[] {
  const result: Extent<T>[] = [];
  for (const run of runs) {
    const last = result.at(-1);
    if (last && same(last.value, run.value)) last.end = run.end;
    else result.push({ ...run });
  }
  return result;
}

/** The run that a position is in. */
function indexOf<T>(runs: readonly Extent<T>[], position: number): number {
  let [low, high] = [0, runs.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (runs[middle]!.start <= position) low = middle;
    else high = middle - 1;
  }
  return low;
}
