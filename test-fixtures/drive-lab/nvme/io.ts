// Commands of the NVM command set (Base 1.4, chapter 6), on a drive that may have bad cells.
import type { Range } from '../store.ts';
import { type Command, DONE, type Outcome, refused } from './command.ts';
import { accidentsOfWriting } from './erasing.ts';
import { blocksOf, formatOf, type Namespace, type NvmeState, SECTOR, unmap } from './state.ts';
import { EVERY_NAMESPACE, type IoName } from './words.ts';

export function performIo(state: NvmeState, name: IoName, command: Command, data: Buffer): Outcome {
  if (name === 'flush' && command.nsid === EVERY_NAMESPACE) return DONE;
  const namespace = state.namespaces.get(command.nsid);
  if (!namespace?.attached) return refused('invalid-namespace');
  if (state.erasing?.kind === 'format' && state.erasing.namespaces.includes(namespace.id))
    return refused('format-in-progress');
  switch (name) {
    case 'flush':
      return DONE;
    case 'read':
      return read(state, namespace, command);
    case 'write':
      return write(state, namespace, command, data);
    case 'compare':
      return compare(state, namespace, command, data);
    case 'writeZeroes':
      return writeZeroes(state, namespace, command);
    case 'manageData':
      return manageData(state, namespace, command, data);
    case 'writeUncorrectable':
      return refused('invalid-opcode');
  }
}

/** Where blocks lie on the medium; null beyond the end. */
function rangeFor(state: NvmeState, namespace: Namespace, first: bigint, count: number): Range | null {
  if (first + BigInt(count) > BigInt(blocksOf(state, namespace))) return null;
  const { data } = formatOf(state, namespace);
  const start = namespace.range.start + Number(first) * data;
  return { start, end: start + count * data };
}

function rangeOf(state: NvmeState, namespace: Namespace, command: Command): Range | null {
  const first = (BigInt(command.cdw11) << 32n) | BigInt(command.cdw10);
  return rangeFor(state, namespace, first, (command.cdw12 & 0xffff) + 1);
}

function read(state: NvmeState, namespace: Namespace, command: Command): Outcome {
  const range = rangeOf(state, namespace, command);
  if (!range) return refused('lba-out-of-range');
  const { data } = state.medium.read(range.start / SECTOR, (range.end - range.start) / SECTOR);
  if (!data) return mediaError(state, 'unrecovered-read-error');
  state.counters.reads += 1;
  state.counters.read += data.length;
  return { status: 'success', data: withMetadata(state, namespace, data) };
}

function write(state: NvmeState, namespace: Namespace, command: Command, given: Buffer): Outcome {
  const range = rangeOf(state, namespace, command);
  if (!range) return refused('lba-out-of-range');
  const data = withoutMetadata(state, namespace, given);
  const length = range.end - range.start;
  if (data.length < length) return refused('data-transfer-error');
  return store(state, range.start, data.subarray(0, length));
}

function store(state: NvmeState, start: number, data: Buffer): Outcome {
  if (state.medium.write(start / SECTOR, data) !== null) return mediaError(state, 'write-fault');
  state.counters.writes += 1;
  state.counters.written += data.length;
  state.sanitize.globallyErased = false;
  accidentsOfWriting(state, start + data.length);
  return DONE;
}

function compare(state: NvmeState, namespace: Namespace, command: Command, given: Buffer): Outcome {
  const found = read(state, namespace, command);
  if (!found.data) return found;
  return found.data.equals(given.subarray(0, found.data.length)) ? DONE : refused('compare-failure');
}

const DEALLOCATE = 1 << 25;

const PIECE = 2 ** 20;

/** Deallocated blocks read as zeros (DLFEAT 1), so a drive may do either; the cells tell. */
function writeZeroes(state: NvmeState, namespace: Namespace, command: Command): Outcome {
  const range = rangeOf(state, namespace, command);
  if (!range) return refused('lba-out-of-range');
  if ((command.cdw12 & DEALLOCATE) !== 0) {
    unmap(state, range);
    return DONE;
  }
  for (let at = range.start; at < range.end; at += PIECE) {
    const outcome = store(state, at, Buffer.alloc(Math.min(PIECE, range.end - at)));
    if (outcome.status !== 'success') return outcome;
  }
  return DONE;
}

/** Deallocate: the map forgets, the cells do not. */
function manageData(state: NvmeState, namespace: Namespace, command: Command, data: Buffer): Outcome {
  const count = (command.cdw10 & 0xff) + 1;
  if (data.length < count * 16) return refused('data-transfer-error');
  const ranges = Array.from({ length: count }, (_, at) =>
    rangeFor(state, namespace, data.readBigUInt64LE(at * 16 + 8), data.readUInt32LE(at * 16 + 4)),
  );
  if (ranges.includes(null)) return refused('lba-out-of-range');
  if ((command.cdw11 & 4) === 0) return DONE;
  for (const range of ranges) if (range) unmap(state, range);
  return DONE;
}

function mediaError(state: NvmeState, status: 'write-fault' | 'unrecovered-read-error'): Outcome {
  state.counters.mediaErrors += 1;
  return refused(status);
}

/** With a format of extended blocks, metadata follows each; the lab keeps none and gives zeros. */
function withMetadata(state: NvmeState, namespace: Namespace, data: Buffer): Buffer {
  const { data: size, metadata } = formatOf(state, namespace);
  if (metadata === 0 || !namespace.extended) return data;
  const count = data.length / size;
  return Buffer.concat(
    Array.from({ length: count }, (_, at) => [
      data.subarray(at * size, (at + 1) * size),
      Buffer.alloc(metadata),
    ]).flat(),
  );
}

function withoutMetadata(state: NvmeState, namespace: Namespace, data: Buffer): Buffer {
  const { data: size, metadata } = formatOf(state, namespace);
  if (metadata === 0 || !namespace.extended) return data;
  const count = Math.floor(data.length / (size + metadata));
  const blocks = Array.from({ length: count }, (_, at) => at * (size + metadata));
  return Buffer.concat(blocks.map((at) => data.subarray(at, at + size)));
}
