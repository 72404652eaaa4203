// What a drive shows of its medium: sectors by their address, through the faults it has.
import { extentsOf } from './extents.ts';
import { type Misbehaviour, misbehaviourOf } from './misbehaviour.ts';
import type { Range, Store } from './store.ts';

/** How a stretch of the addressable area answers. */
type View =
  /** With what is on the medium. */
  | 'medium'
  /** With zeros, whatever is on the medium, until it is written. */
  | 'zeros'
  /** With what was there before the erase, until it is written. */
  | 'stale'
  /** With an error on reading; writing works, and changes nothing of that. */
  | 'unreadable'
  /** With an error on reading and on writing. */
  | 'bad';

/** `lba` is the first sector that could not be read or written; `undefined` when all went well. */
type Access = { data: Buffer; failedAt?: undefined } | { data?: undefined; failedAt: number };

export type Medium = {
  store: Store;
  sectorBytes: number;
  read(lba: number, count: number): Access;
  /** @returns the first sector that could not be written, or null */
  write(lba: number, bytes: Uint8Array): number | null;
  /** Deallocates: reads give zeros, and on the medium the data stays until the drive needs the place. */
  unmap(lba: number, count: number): void;
  /** What an erase can reach of a range: all but sectors that cannot be written. */
  reachable(range: Range): Range[];
  /** Called with the contents from before, when an erase of the addressable area, or of some of it, ends as a success. */
  erased(before: Store, within?: readonly Range[]): void;
  /** Another life of the cache: what was stale is read anew. */
  powerCycle(): void;
};

const MIB = 2 ** 20;

/** @param store one with an area `addressable` that begins at 0 */
export function makeMedium(
  store: Store,
  sectorBytes: number,
  misbehaviours: readonly Misbehaviour[],
): Medium {
  const area = store.areas['addressable']!;
  const views = extentsOf<View>([{ ...area, value: 'medium' }]);
  let old = store;
  const sectorsOf = (kind: 'bad-sectors' | 'read-errors-on-read-back-only'): readonly Range[] =>
    (misbehaviourOf(misbehaviours, kind)?.sectors ?? []).map((lba) => rangeOf(lba, 1));
  const rangeOf = (lba: number, count: number): Range => ({
    start: lba * sectorBytes,
    end: (lba + count) * sectorBytes,
  });
  const has = (kind: Misbehaviour['kind']): boolean => misbehaviours.some((each) => each.kind === kind);
  const failing = (range: Range, kinds: readonly View[]): number | null => {
    const found = views.within(range).find(({ value }) => kinds.includes(value));
    return found ? Math.floor(found.start / sectorBytes) : null;
  };
  const spoil = (within: Range): void => {
    for (const each of sectorsOf('read-errors-on-read-back-only'))
      if (each.start < within.end && each.end > within.start) views.set(each, 'unreadable');
  };
  for (const each of sectorsOf('bad-sectors')) views.set(each, 'bad');

  return {
    store,
    sectorBytes,
    read(lba, count) {
      const range = rangeOf(lba, count);
      const failedAt = failing(range, ['bad', 'unreadable']);
      if (failedAt !== null) return { failedAt };
      return {
        data: Buffer.concat(views.within(range).map(({ value, ...each }) => seen(value, each, store, old))),
      };
    },
    write(lba, bytes) {
      const range = { start: lba * sectorBytes, end: lba * sectorBytes + bytes.length };
      const failedAt = failing(range, ['bad']);
      if (failedAt !== null) return failedAt;
      if (dropsZeros(misbehaviours) && bytes.every((byte) => byte === 0)) {
        views.set(range, 'zeros');
        return null;
      }
      for (const part of keptOf(range, area, misbehaviours)) {
        store.write(part.start, bytes.subarray(part.start - range.start, part.end - range.start));
        for (const { start, end } of views.within(part).filter(({ value }) => value !== 'unreadable'))
          views.set({ start, end }, 'medium');
      }
      spoil(range);
      return null;
    },
    unmap(lba, count) {
      for (const { value, ...each } of views.within(rangeOf(lba, count)))
        if (value !== 'bad' && value !== 'unreadable') views.set(each, 'zeros');
    },
    reachable: (range) =>
      range.start >= area.end
        ? [range]
        : [
            ...views.within(range).flatMap(({ value, ...each }) => (value === 'bad' ? [] : [each])),
            ...(range.end > area.end ? [{ start: area.end, end: range.end }] : []),
          ],
    erased(before, within = [area]) {
      const set = (range: Range, view: View): void => {
        for (const { value, ...each } of views.within(range)) if (value !== 'bad') views.set(each, view);
      };
      const answer: View = has('unreadable-after-success') ? 'unreadable' : 'medium';
      for (const range of within) {
        set(range, has('zeros-without-erasing') ? 'zeros' : answer);
        spoil(range);
      }
      const [first] = within;
      if (has('stale-cache') && first)
        set({ start: first.start, end: Math.min(first.start + MIB, first.end) }, 'stale');
      old = before;
    },
    powerCycle() {
      for (const { value, ...each } of views.within(area)) if (value === 'stale') views.set(each, 'medium');
    },
  };
}

function seen(view: View, range: Range, store: Store, old: Store): Buffer {
  switch (view) {
    case 'zeros':
      return Buffer.alloc(range.end - range.start);
    case 'stale':
      return old.read(range);
    case 'medium':
    case 'unreadable':
    case 'bad':
      return store.read(range);
  }
}

/** Known of flash sold as larger than it is: zeros are noted, not written. */
function dropsZeros(misbehaviours: readonly Misbehaviour[]): boolean {
  return misbehaviourOf(misbehaviours, 'zeros-without-erasing')?.on === 'everything';
}

/** The parts of a write that reach the medium: all, unless the drive lies about writes too. */
function keptOf(range: Range, area: Range, misbehaviours: readonly Misbehaviour[]): Range[] {
  if (misbehaviourOf(misbehaviours, 'lies-done-erased-nothing')?.on === 'everything') return [];
  if (misbehaviourOf(misbehaviours, 'erased-half')?.on === 'everything') {
    const half = { start: range.start, end: Math.min(range.end, area.end / 2) };
    return half.end > half.start ? [half] : [];
  }
  return [range];
}
