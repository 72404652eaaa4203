// The medium of a lab drive: what is really on the platters or in the cells, whatever the drive says of it. Contents
// are kept as runs, so that a drive of 2 TB costs megabytes; only bytes that a host wrote are kept one by one.
import { createCipheriv, createHash } from 'node:crypto';
import { type Extents, extentsOf, type Range } from './extents.ts';

export type { Range } from './extents.ts';

/** What an erasing firmware leaves behind; a pattern repeats from the start of the erased range. */
export type Residue =
  | { kind: 'zeros' }
  | { kind: 'ones' }
  | { kind: 'pattern'; bytes: Uint8Array }
  /** What reads give after a change of the drive's key: looks random, another for each `key`. */
  | { kind: 'random'; key: string };

/** `first` is a position of the medium; null when nothing of the owner's is left. */
export type OwnerLeft = { bytes: number; first: number | null };

export type Store = {
  /** The areas one after another, by name: what a host can address, and what it cannot. */
  areas: Readonly<Record<string, Range>>;
  size: number;
  read(range: Range): Buffer;
  write(at: number, bytes: Uint8Array): void;
  erase(range: Range, residue: Residue): void;
  /** How much of the owner's data is still on the medium in a range, an area, or everywhere. */
  ownerLeft(where?: Range | string): OwnerLeft;
  /** What the owner's data was at first: a function of the seed and the position. */
  ownerData(range: Range): Buffer;
  /** A copy of the present contents that later changes do not touch. */
  snapshot(): Store;
  /** Runs, and bytes kept one by one: what it costs. */
  cost(): { runs: number; bytes: number };
};

export type StoreDescription = {
  /** Two drives of one seed hold the same data. */
  seed: string;
  /** Bytes of each area, multiples of 512. */
  areas: Record<string, number>;
  /** Bytes a host may have written before the store refuses more; 1 GiB if left out. */
  keepAtMost?: number;
};

export class StoreError extends Error {
  override name = 'StoreError';
  readonly code: 'bad-range' | 'bad-description' | 'too-much-written';
  constructor(code: StoreError['code'], message: string) {
    super(message);
    this.code = code;
  }
}

type Content =
  | { kind: 'stream'; key: Buffer }
  | { kind: 'repeat'; unit: Buffer; from: number }
  | { kind: 'written'; bytes: Buffer; from: number };

const SECTOR = 512;
const LONGEST_READ = 64 * 2 ** 20;

export function makeStore({ seed, areas, keepAtMost = 2 ** 30 }: StoreDescription): Store {
  const laid = layOut(areas);
  const size = Math.max(...Object.values(laid).map(({ end }) => end));
  const owner: Content = { kind: 'stream', key: keyOf(`owner ${seed}`) };
  return over(extentsOf([{ start: 0, end: size, value: owner }], same), laid, size, owner, keepAtMost);
}

function over(
  runs: Extents<Content>,
  areas: Readonly<Record<string, Range>>,
  size: number,
  owner: Content,
  keepAtMost: number,
): Store {
  const check = (range: Range): Range => {
    const whole = Number.isSafeInteger(range.start) && Number.isSafeInteger(range.end);
    if (!whole || range.start < 0 || range.end < range.start || range.end > size)
      throw new StoreError('bad-range', `${range.start}–${range.end} is not within 0–${size}`);
    return range;
  };
  const rangeOf = (where: Range | string): Range => {
    if (typeof where !== 'string') return check(where);
    const area = areas[where];
    if (!area) throw new StoreError('bad-range', `no area ${where}`);
    return area;
  };
  const kept = (): number => {
    const everything = runs.within({ start: 0, end: size });
    return new Set(everything.flatMap(({ value }) => (value.kind === 'written' ? [value.bytes] : [])))
      .values()
      .reduce((sum, { length }) => sum + length, 0);
  };
  // Counted up at each write, and counted anew only when that reaches the limit.
  let bound = 0;

  const write = (at: number, bytes: Uint8Array): void => {
    const range = check({ start: at, end: at + bytes.length });
    const copy = Buffer.from(bytes);
    const uniform = copy.length > 0 && copy.subarray(1).equals(copy.subarray(0, -1));
    if (uniform) return runs.set(range, { kind: 'repeat', unit: Buffer.of(copy[0]!), from: 0 });
    if (bound + copy.length > keepAtMost) bound = kept();
    if (bound + copy.length > keepAtMost)
      throw new StoreError('too-much-written', `more than ${keepAtMost} bytes are written`);
    bound += copy.length;
    runs.set(range, { kind: 'written', bytes: copy, from: at });
  };

  return {
    areas,
    size,
    read: (range) => materialize(runs, check(range)),
    write,
    erase: (range, residue) => runs.set(check(range), contentOf(residue, range.start)),
    ownerLeft: (where = { start: 0, end: size }) => ownerLeft(runs, rangeOf(where), owner),
    ownerData: (range) => bytesOf(owner, check(range)),
    snapshot: () => over(runs.copy(), areas, size, owner, keepAtMost),
    cost: () => ({ runs: runs.count(), bytes: kept() }),
  };
}

function layOut(sizes: Record<string, number>): Record<string, Range> {
  const laid: Record<string, Range> = {};
  let at = 0;
  for (const [name, size] of Object.entries(sizes)) {
    if (!Number.isSafeInteger(size) || size < 0 || size % SECTOR !== 0)
      throw new StoreError('bad-description', `${name} is of ${size} bytes`);
    laid[name] = { start: at, end: at + size };
    at += size;
  }
  if (at === 0) throw new StoreError('bad-description', 'a medium of no bytes');
  return laid;
}

function materialize(runs: Extents<Content>, range: Range): Buffer {
  if (range.end - range.start > LONGEST_READ)
    throw new StoreError('bad-range', `${range.end - range.start} bytes in one reading`);
  return Buffer.concat(runs.within(range).map(({ start, end, value }) => bytesOf(value, { start, end })));
}

function bytesOf(content: Content, { start, end }: Range): Buffer {
  switch (content.kind) {
    case 'stream':
      return streamAt(content.key, start, end - start);
    case 'written':
      return content.bytes.subarray(start - content.from, end - content.from);
    case 'repeat':
      return repeated(content.unit, start - content.from, end - start);
  }
}

/** AES-128-CTR with the position as its counter: any place at once, no two blocks alike, nothing to compress. */
function streamAt(key: Buffer, at: number, length: number): Buffer {
  const skipped = at % 16;
  const counter = Buffer.alloc(16);
  counter.writeBigUInt64BE(BigInt((at - skipped) / 16), 8);
  const cipher = createCipheriv('aes-128-ctr', key, counter);
  return cipher.update(Buffer.alloc(length + skipped)).subarray(skipped);
}

function repeated(unit: Buffer, from: number, length: number): Buffer {
  if (unit.length === 1) return Buffer.alloc(length, unit[0]);
  const phase = from % unit.length;
  return Buffer.alloc(length + phase, unit).subarray(phase);
}

function contentOf(residue: Residue, from: number): Content {
  switch (residue.kind) {
    case 'zeros':
      return { kind: 'repeat', unit: Buffer.of(0), from: 0 };
    case 'ones':
      return { kind: 'repeat', unit: Buffer.of(0xff), from: 0 };
    case 'pattern':
      if (residue.bytes.length === 0) throw new StoreError('bad-description', 'a pattern of no bytes');
      return { kind: 'repeat', unit: Buffer.from(residue.bytes), from };
    case 'random':
      return { kind: 'stream', key: keyOf(`random ${residue.key}`) };
  }
}

function keyOf(words: string): Buffer {
  return createHash('sha256').update(words).digest().subarray(0, 16);
}

function same(left: Content, right: Content): boolean {
  if (left.kind === 'stream') return right.kind === 'stream' && left.key.equals(right.key);
  if (left.kind === 'written') return left === right;
  return right.kind === 'repeat' && left.from === right.from && left.unit.equals(right.unit);
}

/** Blocks of 16 bytes are compared where a host wrote: it may have written the owner's own data back. */
function ownerLeft(runs: Extents<Content>, range: Range, owner: Content): OwnerLeft {
  const left: OwnerLeft = { bytes: 0, first: null };
  const add = (at: number, bytes: number): void => {
    left.first ??= at;
    left.bytes += bytes;
  };
  for (const { start, end, value } of runs.within(range)) {
    if (same(value, owner)) add(start, end - start);
    if (value.kind !== 'written') continue;
    const found = bytesOf(value, { start, end });
    const owned = bytesOf(owner, { start, end });
    if (found.equals(owned)) add(start, end - start);
    else addAlike(found, owned, start, add);
  }
  return left;
}

const BLOCK = 16;

function addAlike(
  found: Buffer,
  owned: Buffer,
  start: number,
  add: (at: number, bytes: number) => void,
): void {
  for (let at = 0; at + BLOCK <= found.length; at += BLOCK)
    if (found.compare(owned, at, at + BLOCK, at, at + BLOCK) === 0) add(start + at, BLOCK);
}
