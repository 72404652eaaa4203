import type { BadSectors, PassSeen, Pattern, ReadBackSeen } from '@rebond/protocol';
import type { BlockWriter } from '../effects/block.ts';
import { fillFromPattern } from './pattern.ts';
import type { Progress, StepDoors } from './steps/step.ts';

const CHUNK = 1024 * 1024;
const IN_FLIGHT = 2;
const LISTED = 1000;

/** A pass: what is where on the drive. */
export type Pass = { pattern: Pattern; sizeBytes: number; sectorBytes: number; keyHex: string };
export type PassDoors = Pick<StepDoors, 'writer' | 'monotonic' | 'progress' | 'signal'>;

type Failure = { offset: number; code: string };

/** Writes every byte of the drive and flushes. The first error ends it: then the flush is not asked for. */
export async function writePass(pass: Pass, doors: PassDoors): Promise<PassSeen> {
  const began = doors.monotonic();
  const failures: Failure[] = [];
  const done = { bytes: 0 };
  const lanes = doors.writer.buffers(IN_FLIGHT, CHUNK);
  const next = offsets(pass.sizeBytes);
  await Promise.all(
    lanes.map(async (lane) => {
      for (const offset of next) {
        if (doors.signal.aborted || failures.length > 0) return;
        const piece = lane.subarray(0, Math.min(CHUNK, pass.sizeBytes - offset));
        fillFromPattern(piece, pass.pattern, pass.keyHex, offset);
        const failure = await writePiece(doors.writer, piece, offset);
        if (failure) failures.push(failure);
        else done.bytes += piece.length;
        doors.progress(progressOf('write', done.bytes, pass.sizeBytes, doors.monotonic() - began));
      }
    }),
  );
  const whole = !doors.signal.aborted && failures.length === 0;
  return {
    kind: 'overwrite',
    bytes: done.bytes,
    bad: badSectors(failures, pass.sectorBytes),
    flushed: whole && (await isFlushed(doors.writer)),
    resumedFrom: null,
    durationMs: Math.round(doors.monotonic() - began),
  };
}

async function isFlushed(writer: BlockWriter): Promise<boolean> {
  try {
    await writer.flush();
    return true;
  } catch {
    return false; // what was written may not be on the medium: the pass does not count
  }
}

/** A short write is continued; one of nothing means that the device has gone (write gives 0 or ENOSPC then). */
async function writePiece(writer: BlockWriter, piece: Uint8Array, offset: number): Promise<Failure | null> {
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

/** Reads every byte of the drive and compares it with what the pass wrote there. The first error ends it. */
export async function readPassBack(pass: Pass, doors: PassDoors): Promise<ReadBackSeen> {
  const began = doors.monotonic();
  const { sizeBytes, sectorBytes } = pass;
  const failures: Failure[] = [];
  const result = { bytes: 0, matchedBytes: 0, mismatches: [] as number[], mismatchedSectors: 0 };
  const buffers = doors.writer.buffers(IN_FLIGHT * 2, CHUNK);
  const next = offsets(sizeBytes);
  const lanes = Array.from({ length: IN_FLIGHT }, async (_, index) => {
    const [lane, expected] = buffers.slice(index * 2, index * 2 + 2);
    if (!lane || !expected) return;
    for (const offset of next) {
      if (doors.signal.aborted || failures.length > 0) return;
      const length = Math.min(CHUNK, sizeBytes - offset);
      const failure = await readPiece(doors.writer, lane.subarray(0, length), offset);
      if (failure) {
        failures.push(failure);
        return;
      }
      fillFromPattern(expected.subarray(0, length), pass.pattern, pass.keyHex, offset);
      compare(lane.subarray(0, length), expected.subarray(0, length), offset, sectorBytes, result);
      doors.progress(progressOf('read-back', result.bytes, sizeBytes, doors.monotonic() - began));
    }
  });
  await Promise.all(lanes);
  return {
    kind: 'read-back',
    dueBytes: sizeBytes,
    ...result,
    mismatches: result.mismatches.sort((a, b) => a - b).slice(0, LISTED),
    unreadable: badSectors(failures, sectorBytes),
    direct: doors.writer.direct,
    durationMs: Math.round(doors.monotonic() - began),
  };
}

async function readPiece(writer: BlockWriter, piece: Uint8Array, offset: number): Promise<Failure | null> {
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

type Compared = Pick<ReadBackSeen, 'bytes' | 'matchedBytes' | 'mismatches' | 'mismatchedSectors'>;

function compare(
  found: Uint8Array,
  expected: Uint8Array,
  offset: number,
  sector: number,
  result: Compared,
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

/** The sectors in which errors were met; two lanes may each have met one. */
function badSectors(failures: readonly Failure[], sectorBytes: number): BadSectors {
  const sorted = failures.toSorted((a, b) => a.offset - b.offset);
  const found = new Set(sorted.map(({ offset }) => offset - (offset % sectorBytes)));
  return { count: found.size, offsets: [...found], code: sorted[0]?.code ?? null };
}

function progressOf(
  phase: 'write' | 'read-back',
  doneBytes: number,
  totalBytes: number,
  elapsedMs: number,
): Progress {
  return { phase, doneBytes, totalBytes, elapsedMs };
}

function errorCode(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? 'unknown error';
}
