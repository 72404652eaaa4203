import type { BadSectors } from '@rebond/protocol';
import { isBlank, readPiece } from './read-places.ts';
import { keepCool, pausable } from './keep-cool.ts';
import type { RunStep, SeenOf } from './step.ts';

const CHUNK = 1024 * 1024;
const LANES = 4;
const LISTED = 1000;

/** Reads all of a drive: what cannot be read, and which sectors hold anything but one byte repeated. */
export const scanStep: RunStep<'scan'> = async ({ expect }, { plan, sizeBytes }, doors) => {
  const { writer, monotonic, progress } = doors;
  const hot = new AbortController();
  const signal = AbortSignal.any([doors.signal, hot.signal]);
  const gate = pausable();
  const cooled = keepCool(doors, gate, () => hot.abort());
  const sector = plan.target.logicalSectorBytes;
  const began = monotonic();
  const unreadable: BadSectors = { count: 0, offsets: [], code: null };
  const seen: SeenOf<'scan'> = {
    ...{ kind: 'scan', bytes: 0, blankBytes: 0, otherOffsets: [], unreadable },
    ...{ direct: writer.direct, durationMs: 0 },
  };
  const next = offsets(sizeBytes);
  const lanes = writer.buffers(LANES, CHUNK).map(async (buffer) => {
    for (const offset of next) {
      await gate.gate(signal);
      if (signal.aborted) return;
      const piece = buffer.subarray(0, Math.min(CHUNK, sizeBytes - offset));
      if (await readPiece(writer, piece, offset)) look(piece, offset, sector, seen);
      else await bySector(writer, piece, offset, sector, seen);
      const elapsedMs = Math.round(monotonic() - began);
      const warmth = cooled.warmth();
      const warm = warmth === null ? {} : { warmth };
      progress({ phase: 'scan', doneBytes: seen.bytes, totalBytes: sizeBytes, elapsedMs, ...warm });
    }
  });
  await Promise.all(lanes);
  // Where anything may be, other sectors are no finding.
  seen.otherOffsets = expect === 'blank' ? seen.otherOffsets.toSorted((a, b) => a - b) : [];
  unreadable.offsets = unreadable.offsets.toSorted((a, b) => a - b);
  const heat = cooled.end();
  seen.durationMs = Math.max(0, Math.round(monotonic() - began) - (heat?.pausedMs ?? 0));
  return { ...seen, ...(heat && { heat }) };
};

function look(piece: Uint8Array, offset: number, sector: number, seen: SeenOf<'scan'>): void {
  seen.bytes += piece.length;
  if (isBlank(piece)) {
    seen.blankBytes += piece.length;
    return;
  }
  for (let at = 0; at < piece.length; at += sector) {
    const one = piece.subarray(at, at + sector);
    if (isBlank(one)) seen.blankBytes += one.length;
    else if (seen.otherOffsets.length < LISTED) seen.otherOffsets.push(offset + at);
  }
}

/** A chunk that cannot be read as a whole is read sector by sector, so that only the bad ones count. */
async function bySector(
  reader: Parameters<typeof readPiece>[0],
  piece: Uint8Array,
  offset: number,
  sector: number,
  seen: SeenOf<'scan'>,
): Promise<void> {
  for (let at = 0; at < piece.length; at += sector) {
    const one = piece.subarray(at, at + sector);
    if (await readPiece(reader, one, offset + at)) {
      look(one, offset + at, sector, seen);
      continue;
    }
    seen.unreadable.count += 1;
    seen.unreadable.code = 'read error';
    if (seen.unreadable.offsets.length < LISTED) seen.unreadable.offsets.push(offset + at);
    // A drive that reads nothing any more would take hours to say so sector by sector.
    if (seen.unreadable.count >= LISTED && seen.bytes === 0) return;
  }
}

function* offsets(total: number): Generator<number, void> {
  for (let offset = 0; offset < total; offset += CHUNK) yield offset;
}
