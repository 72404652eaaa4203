// What the rest of the agent uses: one drive, overwritten by a process of its own.
import type { OverwriteCheckpoint, OverwriteSeen } from './words.ts';
import { etaMs, type Pace, rateOf, withMark } from '../../decide/pace.ts';
import type { BlockWriter } from '../../effects/block.ts';
import type { OverwriteProcess, SpawnOverwrite } from '../../effects/overwrite-process.ts';
import type { Pausing } from './clockwork.ts';
import { stopOf } from './halt.ts';
import { type EngineProgress, type Order, OverwriteJob, Report } from './job.ts';

export type DriveProgress = EngineProgress & {
  /** Over the last seconds; null while it is not known, or while it is paused. */
  bytesPerSecond: number | null;
  /** Of the whole job; null while it is not known. */
  etaMs: number | null;
};

export type OverwriteRunDoors = {
  /** Open, exclusively claimed, and its identity checked since. It stays open, and is closed, by the caller. */
  writer: Pick<BlockWriter, 'descriptor'>;
  spawn: SpawnOverwrite;
  progress: (progress: DriveProgress) => void;
  /** Everything up to it is on the medium: the caller's journal keeps the last one. */
  checkpoint: (checkpoint: OverwriteCheckpoint) => void;
  signal: AbortSignal;
};

export type OverwriteRun = Pausing & { readonly pid: number; seen: Promise<OverwriteSeen> };

/** The rate that is shown is that of the last ten seconds of work. */
const SHOWN_MS = 10_000;
/** How long a process may take to end once it was told that nothing is wanted of it any more. */
const END_MS = 5_000;

/**
 * Starts the work on one drive; each drive has its own process, and any number run at once. Never rejects: a process
 * that ends without a word is `engine-died`, with what its last checkpoint told.
 * @throws ZodError when the job is none
 */
export function startOverwrite(asked: OverwriteJob, doors: OverwriteRunDoors): OverwriteRun {
  const job = OverwriteJob.parse(asked);
  const child = doors.spawn(doors.writer.descriptor);
  const tell = (order: Order): void => child.send(JSON.stringify(order));
  const stop = (): void => tell({ tell: 'stop' });
  doors.signal.addEventListener('abort', stop, { once: true });
  const seen = follow(job, child, tell, doors).finally(() => doors.signal.removeEventListener('abort', stop));
  const [pause, resume] = [() => tell({ tell: 'pause' }), () => tell({ tell: 'resume' })];
  return { pid: child.pid, pause, resume, seen };
}

async function follow(
  job: OverwriteJob,
  child: OverwriteProcess,
  tell: (order: Order) => void,
  doors: OverwriteRunDoors,
): Promise<OverwriteSeen> {
  let last: OverwriteCheckpoint | null = job.resume;
  let pace: Pace = [];
  let why = '';
  try {
    for await (const line of child.lines) {
      const report = Report.parse(JSON.parse(line));
      switch (report.say) {
        case 'ready':
          tell({ tell: 'begin', parent: process.pid, job });
          if (doors.signal.aborted) tell({ tell: 'stop' });
          break;
        case 'progress': {
          const { say: _, ...progress } = report;
          pace = paceOf(pace, progress);
          doors.progress({ ...progress, ...shown(pace, progress) });
          break;
        }
        case 'checkpoint':
          last = report.checkpoint;
          doors.checkpoint(last);
          break;
        case 'seen':
          await ended(child);
          return report.seen;
        default:
          report satisfies never;
      }
    }
  } catch (error) {
    why = error instanceof Error ? error.message : String(error);
  }
  child.kill();
  const { detail } = await child.ended;
  return {
    passes: last?.passes ?? [],
    readBack: null,
    stopped: stopOf('engine-died', `${why} ${detail}`.trim()),
  };
}

/** The pace of one phase says nothing of the next: reading may be faster. */
function paceOf(pace: Pace, { activeMs, doneBytes, paused }: EngineProgress): Pace {
  if (paused) return [];
  const before = (pace.at(-1)?.bytes ?? 0) > doneBytes ? [] : pace;
  return withMark(before, { activeMs, bytes: doneBytes }, SHOWN_MS);
}

function shown(pace: Pace, { leftBytes }: EngineProgress): Pick<DriveProgress, 'bytesPerSecond' | 'etaMs'> {
  return { bytesPerSecond: rateOf(pace), etaMs: etaMs(pace, leftBytes) };
}

async function ended(child: OverwriteProcess): Promise<void> {
  child.kill();
  const timer = Promise.withResolvers<void>();
  const handle = setTimeout(timer.resolve, END_MS);
  await Promise.race([child.ended, timer.promise]);
  clearTimeout(handle);
}
