import type { OverwriteReadBack } from './words.ts';
import { type Extent, sampleExtents } from '../../decide/sampling.ts';
import type { BlockWriter } from '../../effects/block.ts';
import type { Clockwork } from './clockwork.ts';
import type { Content } from './content.ts';
import type { Halt } from './halt.ts';
import type { OverwriteJob } from './job.ts';
import { addBad, inOrder, LISTED_AT_MOST, type Request, salvage, transfer } from './transfer.ts';

type ReadBackDoors = {
  job: OverwriteJob;
  writer: BlockWriter;
  buffers: readonly Uint8Array[];
  clockwork: Clockwork;
  halt: Halt;
};

type Wanted = NonNullable<OverwriteJob['readBack']>;

/** What is read back, in bytes; pure, so that progress can be told from the beginning. */
export function readBackExtents({ extent }: Wanted, job: OverwriteJob): Extent[] {
  if (extent.kind === 'sample') return sampleExtents(extent, job.sizeBytes, job.logicalSectorBytes);
  return job.sizeBytes > 0 ? [{ offset: 0, length: job.sizeBytes }] : [];
}

export function beginReadBack(wanted: Wanted, wantedBytes: number, direct: boolean): OverwriteReadBack {
  return {
    ...wanted,
    wantedBytes,
    bytes: 0,
    matchedBytes: 0,
    mismatches: [],
    mismatchedSectors: 0,
    unreadable: { count: 0, listed: [] },
    direct,
    beyondEnd: 'unknown',
    durationMs: 0,
  };
}

/** Reads the extents and compares them with what belongs there; fills in what it sees. */
export async function readBack(
  seen: OverwriteReadBack,
  extents: readonly Extent[],
  content: Content,
  { job, writer, buffers, clockwork, halt }: ReadBackDoors,
): Promise<void> {
  const began = clockwork.activeMs();
  const read: Request = (buffer, offset) => writer.read(buffer, offset);
  const requests = requestsOf(extents, job.chunkBytes);
  const found = (part: Uint8Array, offset: number): void => {
    compare(seen, part, offset, content, job.logicalSectorBytes);
    clockwork.done(part.length);
    seen.durationMs = Math.round(clockwork.activeMs() - began);
  };
  const unreadable = (error: { offset: number; code: string }): void => {
    addBad(seen.unreadable, error);
    clockwork.bad();
    clockwork.done(job.logicalSectorBytes);
  };
  // What was written from these buffers must not pass for what the drive holds.
  for (const buffer of buffers) buffer.fill(0x5a);
  const lanes = buffers.map(async (buffer) => {
    for (;;) {
      await clockwork.gate();
      const next = halt.why() ? null : requests.next().value;
      if (!next) return;
      const piece = buffer.subarray(0, next.length);
      content.spoil(piece);
      const failure = await transfer(read, piece, next.offset);
      if (failure === null) {
        found(piece, next.offset);
        continue;
      }
      const doors = { sectorBytes: job.logicalSectorBytes, halt, good: found, bad: unreadable };
      await salvage(read, piece, next.offset, failure, doors);
    }
  });
  await Promise.all(lanes);
  if (buffers[0] && !halt.why()) seen.beyondEnd = await lookBeyond(writer, buffers[0], job);
  seen.mismatches.sort((a, b) => a - b);
  seen.unreadable = inOrder(seen.unreadable);
  seen.durationMs = Math.round(clockwork.activeMs() - began);
}

function compare(
  seen: OverwriteReadBack,
  part: Uint8Array,
  offset: number,
  content: Content,
  sector: number,
): void {
  seen.bytes += part.length;
  if (content.equals(part, offset)) {
    seen.matchedBytes += part.length;
    return;
  }
  for (let at = 0; at < part.length; at += sector) {
    const one = part.subarray(at, at + sector);
    if (content.equals(one, offset + at)) {
      seen.matchedBytes += one.length;
      continue;
    }
    seen.mismatchedSectors += 1;
    if (seen.mismatches.length < LISTED_AT_MOST) seen.mismatches.push(offset + at);
  }
}

/** One iterator that all lanes draw from, so that each part is read once. */
function* requestsOf(extents: readonly Extent[], chunkBytes: number): Generator<Extent, void> {
  for (const { offset, length } of extents) {
    const end = offset + length;
    for (let at = offset; at < end;) {
      // To the next multiple, so that requests lie on the same bounds as those that wrote.
      const next = Math.min(end, at - (at % chunkBytes) + chunkBytes);
      yield { offset: at, length: next - at };
      at = next;
    }
  }
}

/** A drive that goes on after its size has a part that nobody overwrote. */
async function lookBeyond(
  writer: BlockWriter,
  buffer: Uint8Array,
  job: OverwriteJob,
): Promise<OverwriteReadBack['beyondEnd']> {
  try {
    const count = await writer.read(buffer.subarray(0, job.logicalSectorBytes), job.sizeBytes);
    return count === 0 ? 'nothing' : 'something';
  } catch {
    return 'unknown';
  }
}
