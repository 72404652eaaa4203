import { setTimeout as sleep } from 'node:timers/promises';
import type { OverwriteCheckpoint, OverwritePass, OverwriteReadBack, OverwriteSeen } from './words.ts';
import type { BlockWriter } from '../../effects/block.ts';
import type { MakeKeyStream } from '../../effects/openssl.ts';
import { bytesOf } from '../../decide/sampling.ts';
import { clockwork, type Clockwork, type Pausing } from './clockwork.ts';
import { contentOf } from './content.ts';
import { type Halt, makeHalt } from './halt.ts';
import type { EngineProgress, OverwriteJob } from './job.ts';
import { beginReadBack, readBack, readBackExtents } from './read-back.ts';
import { beginPass, resumePass, writePass } from './write-pass.ts';

export type EngineDoors = {
  writer: BlockWriter;
  keyed: MakeKeyStream;
  monotonic: () => number;
  progress: (progress: EngineProgress) => void;
  checkpoint: (checkpoint: OverwriteCheckpoint) => void;
  /** Aborted by the operator: no further request is made. */
  signal: AbortSignal;
};

export type EngineRun = Pausing & { seen: Promise<OverwriteSeen> };

/**
 * Overwrites one open target as the job says, flushes, reads back, and returns what it saw: `judge()` says what follows.
 * It never rejects for what a drive does.
 */
export function startEngine(job: OverwriteJob, doors: EngineDoors): EngineRun {
  const halt = makeHalt();
  const left = job.resume && resumePass(job.resume, job.chunkBytes);
  const extents = job.readBack ? readBackExtents(job.readBack, job) : [];
  const passesLeft = job.passes.length - (job.resume?.pass ?? 0);
  const totalBytes = passesLeft * job.sizeBytes - (left?.from ?? 0) + bytesOf(extents);
  const { monotonic, progress, signal } = doors;
  const time = clockwork({ monotonic, progress, halt, limits: job.limits, totalBytes });
  const stop = (): void => halt.stop('stopped-by-operator');
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  const seen = work(job, { ...doors, halt, time, left, extents }).finally(() => {
    time.close();
    signal.removeEventListener('abort', stop);
  });
  return { pause: time.pause, resume: time.resume, seen };
}

type Work = EngineDoors & {
  halt: Halt;
  time: Clockwork;
  left: ReturnType<typeof resumePass>;
  extents: ReturnType<typeof readBackExtents>;
};

async function work(job: OverwriteJob, doors: Work): Promise<OverwriteSeen> {
  const { writer, halt, limits } = { ...doors, ...job };
  const passes: OverwritePass[] = [];
  const result: OverwriteSeen = { passes, readBack: null, stopped: null };
  const buffers = writer.buffers(job.lanes, job.chunkBytes);
  await orAbandoned(allPasses(job, passes, buffers, doors), halt, limits.graceMs);
  if (job.readBack && !halt.why()) {
    const { wanted, run } = prepared(job, job.readBack, buffers, doors);
    result.readBack = wanted;
    await orAbandoned(run(), halt, limits.graceMs);
  }
  // What still answers after it was given up must not change what was seen.
  return structuredClone({ ...result, stopped: halt.why() });
}

async function allPasses(
  job: OverwriteJob,
  passes: OverwritePass[],
  buffers: readonly Uint8Array[],
  { writer, keyed, time, halt, left, checkpoint }: Work,
): Promise<void> {
  passes.push(...(job.resume?.passes.slice(0, -1) ?? []));
  const first = passes.length;
  for (const [index, pattern] of job.passes.entries()) {
    if (index < first) continue;
    if (halt.why()) return;
    const resumed = index === first ? left : null;
    const pass = resumed?.pass ?? beginPass(pattern);
    const from = resumed?.from ?? 0;
    passes.push(pass);
    time.begin('write', index, from, job.sizeBytes);
    const flushedTo = (offset: number): void => checkpoint(structuredClone({ pass: index, offset, passes }));
    const content = contentOf(pattern, job.chunkBytes, keyed);
    await writePass(pass, from, content, { job, writer, buffers, clockwork: time, halt, flushedTo });
  }
}

function prepared(
  job: OverwriteJob,
  asked: NonNullable<OverwriteJob['readBack']>,
  buffers: readonly Uint8Array[],
  { writer, keyed, time, halt, extents }: Work,
): { wanted: OverwriteReadBack; run: () => Promise<void> } {
  const wantedBytes = bytesOf(extents);
  const wanted = beginReadBack(asked, wantedBytes, writer.direct);
  const content = contentOf(asked.expected, job.chunkBytes, keyed);
  const run = (): Promise<void> => {
    time.begin('read-back', job.passes.length, 0, wantedBytes);
    return readBack(wanted, extents, content, { job, writer, buffers, clockwork: time, halt });
  };
  return { wanted, run };
}

/** A request that a dying drive never answers is not waited for longer than `graceMs` once the work was ended. */
async function orAbandoned(work: Promise<void>, halt: Halt, graceMs: number): Promise<void> {
  const over = new AbortController();
  const abandoned = halt.ended.then(() => sleep(graceMs, undefined, { signal: over.signal })).catch(() => {});
  await Promise.race([work, abandoned]).finally(() => over.abort());
}
