import type { DriveError, Observations, Reason, SanitizePlan } from '@rebond/protocol';
import type { BlockWriter } from '../effects/block.ts';
import { fillFromStream } from './key-stream.ts';

const CHUNK = 1024 * 1024;
const IN_FLIGHT = 2;
const LISTED = 1000;

export type Progress = {
  phase: 'write' | 'read-back';
  doneBytes: number;
  totalBytes: number;
  elapsedMs: number;
};

export type OverwriteDoors = {
  writer: BlockWriter;
  monotonic: () => number;
  progress: (progress: Progress) => void;
  /** Aborted by the operator: the work stops at the next chunk, and the outcome is unknown. */
  signal: AbortSignal;
};

type Written = NonNullable<Observations['written']>;
type ReadBack = NonNullable<Observations['readBack']>;
export type OverwriteObservations = Omit<Observations, 'after'>;

const STOPPED: Reason = {
  code: 'stopped-by-operator',
  fr: 'Le travail a été arrêté avant la fin, à la demande de l’opérateur.',
  en: 'The work was stopped before its end, as the operator asked.',
};

/**
 * Overwrites the whole target with the keyed stream, flushes, reads everything back. It decides nothing: it returns
 * what it saw, and `judge()` says what follows. The first write or read error ends its phase.
 */
export async function overwrite(
  { target }: SanitizePlan,
  keyHex: string,
  doors: OverwriteDoors,
): Promise<OverwriteObservations> {
  const seen: OverwriteObservations = { written: null, flushed: false, readBack: null, stopped: null };
  seen.written = await writeAll(target.sizeBytes, keyHex, doors);
  if (doors.signal.aborted) return { ...seen, stopped: STOPPED };
  if (seen.written.errors.length > 0) return seen;
  try {
    await doors.writer.flush();
    seen.flushed = true;
  } catch (error) {
    seen.written.errors.push({ offset: target.sizeBytes, code: `flush ${errorCode(error)}` });
    return seen;
  }
  seen.readBack = await readAllBack(target.sizeBytes, target.logicalSectorBytes, keyHex, doors);
  return doors.signal.aborted ? { ...seen, stopped: STOPPED } : seen;
}

async function writeAll(total: number, keyHex: string, doors: OverwriteDoors): Promise<Written> {
  const began = doors.monotonic();
  const errors: DriveError[] = [];
  const done = { bytes: 0 };
  const lanes = doors.writer.buffers(IN_FLIGHT, CHUNK);
  const next = offsets(total);
  await Promise.all(
    lanes.map(async (lane) => {
      for (const offset of next) {
        if (doors.signal.aborted || errors.length > 0) return;
        const piece = lane.subarray(0, Math.min(CHUNK, total - offset));
        fillFromStream(piece, keyHex, offset);
        const error = await writePiece(doors.writer, piece, offset);
        if (error) errors.push(error);
        else done.bytes += piece.length;
        doors.progress(progressOf('write', done.bytes, total, doors.monotonic() - began));
      }
    }),
  );
  return { bytes: done.bytes, durationMs: Math.round(doors.monotonic() - began), errors };
}

/** A short write is continued; one of nothing means that the device has gone (write gives 0 or ENOSPC then). */
async function writePiece(
  writer: BlockWriter,
  piece: Uint8Array,
  offset: number,
): Promise<DriveError | null> {
  for (let at = 0; at < piece.length;) {
    try {
      const count = await writer.write(piece.subarray(at), offset + at);
      if (count <= 0) return { offset: offset + at, code: 'wrote nothing' };
      at += count;
    } catch (error) {
      return { offset: offset + at, code: errorCode(error) };
    }
  }
  return null;
}

async function readAllBack(
  total: number,
  sector: number,
  keyHex: string,
  doors: OverwriteDoors,
): Promise<ReadBack> {
  const began = doors.monotonic();
  const result: ReadBack = {
    bytes: 0,
    matchedBytes: 0,
    durationMs: 0,
    mismatches: [],
    mismatchedSectors: 0,
    errors: [],
    direct: doors.writer.direct,
  };
  const buffers = doors.writer.buffers(IN_FLIGHT * 2, CHUNK);
  const next = offsets(total);
  const lanes = Array.from({ length: IN_FLIGHT }, async (_, index) => {
    const [lane, expected] = buffers.slice(index * 2, index * 2 + 2);
    if (!lane || !expected) return;
    for (const offset of next) {
      if (doors.signal.aborted || result.errors.length > 0) return;
      const length = Math.min(CHUNK, total - offset);
      const error = await readPiece(doors.writer, lane.subarray(0, length), offset);
      if (error) {
        result.errors.push(error);
        return;
      }
      fillFromStream(expected.subarray(0, length), keyHex, offset);
      compare(lane.subarray(0, length), expected.subarray(0, length), offset, sector, result);
      doors.progress(progressOf('read-back', result.bytes, total, doors.monotonic() - began));
    }
  });
  await Promise.all(lanes);
  result.mismatches = result.mismatches.sort((a, b) => a - b).slice(0, LISTED);
  result.durationMs = Math.round(doors.monotonic() - began);
  return result;
}

async function readPiece(writer: BlockWriter, piece: Uint8Array, offset: number): Promise<DriveError | null> {
  // What an earlier chunk left here must not pass for what the drive holds.
  piece.fill(0);
  for (let at = 0; at < piece.length;) {
    try {
      const count = await writer.read(piece.subarray(at), offset + at);
      if (count <= 0) return { offset: offset + at, code: 'end before its size' };
      at += count;
    } catch (error) {
      return { offset: offset + at, code: errorCode(error) };
    }
  }
  return null;
}

function compare(
  found: Uint8Array,
  expected: Uint8Array,
  offset: number,
  sector: number,
  result: ReadBack,
): void {
  result.bytes += found.length;
  if (Buffer.compare(found, expected) === 0) {
    result.matchedBytes += found.length;
    return;
  }
  for (let at = 0; at < found.length; at += sector) {
    const end = Math.min(at + sector, found.length);
    if (Buffer.compare(found.subarray(at, end), expected.subarray(at, end)) === 0) {
      result.matchedBytes += end - at;
      continue;
    }
    result.mismatchedSectors += 1;
    if (result.mismatches.length < LISTED) result.mismatches.push(offset + at);
  }
}

/** One iterator that all lanes draw from, so that each offset is worked once. */
function* offsets(total: number): Generator<number, void> {
  for (let offset = 0; offset < total; offset += CHUNK) yield offset;
}

function progressOf(
  phase: Progress['phase'],
  doneBytes: number,
  totalBytes: number,
  elapsedMs: number,
): Progress {
  return { phase, doneBytes, totalBytes, elapsedMs };
}

function errorCode(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? 'unknown error';
}
