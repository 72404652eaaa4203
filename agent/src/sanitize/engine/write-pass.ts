import type { OverwriteCheckpoint, OverwritePass } from './words.ts';
import type { BlockWriter } from '../../effects/block.ts';
import type { Clockwork } from './clockwork.ts';
import type { Content } from './content.ts';
import type { Halt } from './halt.ts';
import type { OverwriteJob } from './job.ts';
import { addBad, inOrder, type Request, salvage, transfer } from './transfer.ts';

export type PassDoors = {
  job: OverwriteJob;
  writer: BlockWriter;
  buffers: readonly Uint8Array[];
  clockwork: Clockwork;
  halt: Halt;
  /** Everything of this pass before `offset` is on the medium. */
  flushedTo: (offset: number, pass: OverwritePass) => void;
};

/**
 * Writes the content over all that is left of a pass, and fills in what it sees. The pass is cut into stretches, each of
 * which ends with a flush: only then may a journal say that one can go on from there.
 * @param pass as it begins, or as a checkpoint left it
 */
export async function writePass(
  pass: OverwritePass,
  from: number,
  content: Content,
  doors: PassDoors,
): Promise<void> {
  const { job, clockwork, halt } = doors;
  const earlier = clockwork.activeMs();
  let offset = from;
  pass.flushed = false;
  if (content.steady && doors.buffers[0]) content.fill(doors.buffers[0], 0);
  // Once at least: a pass that a checkpoint left at the very end is still to be flushed.
  do {
    offset = await writeStretch(pass, offset, content, doors);
    pass.durationMs = Math.round(clockwork.activeMs() - earlier);
    if (halt.why()) break;
    pass.flushError = await flush(doors.writer);
    pass.flushed = pass.flushError === null && offset === job.sizeBytes;
    pass.durationMs = Math.round(clockwork.activeMs() - earlier);
    if (pass.flushError === null) doors.flushedTo(offset, pass);
    else halt.stop('flush-failed', pass.flushError);
  } while (offset < job.sizeBytes && !halt.why());
  pass.skipped = inOrder(pass.skipped);
}

export function beginPass(pattern: OverwritePass['pattern']): OverwritePass {
  return {
    pattern,
    bytes: 0,
    skipped: { count: 0, listed: [] },
    retried: 0,
    durationMs: 0,
    flushed: false,
    flushError: null,
    resumedFrom: null,
  };
}

/**
 * Goes on from a checkpoint, at the beginning of a request; the little that is written again is not counted twice.
 * What was skipped before stays listed: the drive did not take it then.
 */
export function resumePass(
  { offset, passes, pass }: OverwriteCheckpoint,
  chunkBytes: number,
): { pass: OverwritePass; from: number } | null {
  const left = passes[pass];
  if (!left) return null;
  const from = offset - (offset % chunkBytes);
  const kept = left.skipped.listed.filter((each) => each.offset < from);
  const dropped = left.skipped.listed.length - kept.length;
  const skipped = { count: left.skipped.count - dropped, listed: kept };
  const bytes = Math.max(0, left.bytes - (offset - from));
  return { from, pass: { ...left, bytes, skipped, flushed: false, resumedFrom: from } };
}

/** @returns where it ended: at the end of the drive, or where a checkpoint is due */
async function writeStretch(
  pass: OverwritePass,
  from: number,
  content: Content,
  { job, writer, buffers, clockwork, halt }: PassDoors,
): Promise<number> {
  const { sizeBytes, chunkBytes, checkpoint } = job;
  const due = clockwork.activeMs() + checkpoint.everyMs;
  const write: Request = (buffer, offset) => writer.write(buffer, offset);
  let next = from;
  const more = (): boolean =>
    next < sizeBytes && !halt.why() && next - from < checkpoint.everyBytes && clockwork.activeMs() < due;
  const taken = (part: Uint8Array): void => {
    pass.bytes += part.length;
    clockwork.done(part.length);
  };
  const skip = (error: { offset: number; code: string }): void => {
    addBad(pass.skipped, error);
    clockwork.bad();
    clockwork.done(job.logicalSectorBytes);
  };
  const lanes = buffers.map(async (own) => {
    const buffer = content.steady ? (buffers[0] ?? own) : own;
    for (;;) {
      await clockwork.gate();
      if (!more()) return;
      const offset = next;
      next += Math.min(chunkBytes, sizeBytes - offset);
      const piece = buffer.subarray(0, next - offset);
      if (!content.steady) content.fill(piece, offset);
      const failure = await transfer(write, piece, offset);
      if (failure === null) {
        taken(piece);
        continue;
      }
      pass.retried += 1;
      const doors = { sectorBytes: job.logicalSectorBytes, halt, good: taken, bad: skip };
      await salvage(write, piece, offset, failure, doors);
    }
  });
  await Promise.all(lanes);
  return next;
}

async function flush(writer: BlockWriter): Promise<string | null> {
  try {
    await writer.flush();
    return null;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? 'unknown error';
  }
}
