// What reads give, over what is really on the medium: a flash drive maps addresses to cells, so that deallocated or
// pretended zeros hide data that is still there.
import { type Extents, extentsOf } from '../extents.ts';
import type { Range, Residue, Store } from '../store.ts';

/** `stale`: from a cache that was filled before. */
type View = { from: 'medium' } | { from: 'zeros' } | { from: 'stale'; medium: Store };

export type Flash = {
  store: Store;
  read(range: Range): Buffer;
  write(at: number, bytes: Uint8Array): void;
  /** Reads give zeros; the cells keep what they hold. */
  unmap(range: Range): void;
  /** Reads give what the cells hold. */
  map(range: Range): void;
  /** The cells are erased, but for those in `kept`. */
  erase(range: Range, residue: Residue): void;
  /** Reads give what a snapshot holds, until they are written. */
  answerFrom(range: Range, snapshot: Store): void;
};

const MEDIUM: View = { from: 'medium' };
const ZEROS: View = { from: 'zeros' };

/** @param kept ranges that nothing erases nor writes: bad cells, with what they held */
export function flashOver(store: Store, kept: readonly Range[] = []): Flash {
  const views: Extents<View> = extentsOf([{ start: 0, end: store.size, value: MEDIUM }]);
  return {
    store,
    read: (range) =>
      Buffer.concat(views.within(range).map(({ start, end, value }) => seen(store, { start, end }, value))),
    write(at, bytes) {
      store.write(at, bytes);
      views.set({ start: at, end: at + bytes.length }, MEDIUM);
    },
    unmap: (range) => views.set(range, ZEROS),
    map: (range) => views.set(range, MEDIUM),
    erase(range, residue) {
      for (const piece of without(range, kept)) store.erase(piece, residue);
    },
    answerFrom: (range, medium) => views.set(range, { from: 'stale', medium }),
  };
}

function seen(store: Store, range: Range, view: View): Buffer {
  switch (view.from) {
    case 'medium':
      return store.read(range);
    case 'zeros':
      return Buffer.alloc(range.end - range.start);
    case 'stale':
      return view.medium.read(range);
  }
}

export function without(range: Range, holes: readonly Range[]): Range[] {
  const pieces: Range[] = [];
  let at = range.start;
  for (const hole of [...holes].sort((a, b) => a.start - b.start)) {
    if (hole.end <= at || hole.start >= range.end) continue;
    if (hole.start > at) pieces.push({ start: at, end: hole.start });
    at = hole.end;
  }
  if (at < range.end) pieces.push({ start: at, end: range.end });
  return pieces;
}

export function overlap(left: Range, right: Range): boolean {
  return left.start < right.end && right.start < left.end;
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
