import type { BadSectors, Heat, Pattern } from '@rebond/protocol';
import { defaultLimits } from '../../decide/give-up.ts';
import type { SpawnOverwrite } from '../../effects/overwrite-process.ts';
import { startEngine } from '../engine/engine.ts';
import { type EngineProgress, type OverwriteJob, USUAL } from '../engine/job.ts';
import { startOverwrite } from '../engine/run.ts';
import type {
  BadSectors as EngineBad,
  OverwriteCheckpoint,
  OverwritePattern,
  OverwriteSeen,
} from '../engine/words.ts';
import { portableKeyStreams } from '../key-stream.ts';
import { type Cooled, keepCool } from './keep-cool.ts';
import type { StepAbout, StepDoors } from './step.ts';

/** Where the engine works: in a process of its own for each drive, or in this one, for tests that spoil a target. */
export type EngineRoom = { spawn: SpawnOverwrite | null };

type Work = Pick<OverwriteJob, 'passes' | 'readBack' | 'resume'>;

/** Lets the engine do one step's work, and says why it ended early if it did. */
export async function engineWork(
  work: Work,
  { plan, sizeBytes }: StepAbout,
  doors: StepDoors,
  { spawn }: EngineRoom,
  checkpoint: (checkpoint: OverwriteCheckpoint) => void = () => {},
): Promise<OverwriteSeen & { heat?: Heat }> {
  const { writer, monotonic } = doors;
  const hot = new AbortController();
  const signal = AbortSignal.any([doors.signal, hot.signal]);
  let cooled: Cooled | null = null;
  const job: OverwriteJob = {
    ...{ ...USUAL, ...work, sizeBytes, limits: defaultLimits(sizeBytes) },
    checkpoint: { ...USUAL.checkpoint, everyBytes: checkpointBytes(sizeBytes) },
    logicalSectorBytes: plan.target.logicalSectorBytes,
  };
  const progress = (told: EngineProgress & { bytesPerSecond?: number | null }): void => {
    const { phase, doneBytes, totalBytes, activeMs, bytesPerSecond } = told;
    const rate = bytesPerSecond === undefined ? {} : { bytesPerSecond };
    const warmth = cooled?.warmth() ?? null;
    const warm = warmth === null ? {} : { warmth };
    doors.progress({ phase, doneBytes, totalBytes, elapsedMs: activeMs, ...rate, ...warm });
  };
  const run =
    spawn === null
      ? startEngine(job, { writer, monotonic, signal, progress, checkpoint, keyed: portableKeyStreams })
      : startOverwrite(job, { writer, spawn, signal, progress, checkpoint });
  cooled = keepCool(doors, run, () => hot.abort());
  const seen = await run.seen;
  const heat = cooled.end();
  if (seen.stopped) doors.giveUp(seen.stopped);
  return { ...seen, ...(heat && { heat }) };
}

const MIB = 1024 * 1024;

/** A small drive is slow: some dozens of flushes in a pass, and few enough not to be felt. */
function checkpointBytes(sizeBytes: number): number {
  return Math.min(USUAL.checkpoint.everyBytes, Math.max(64 * MIB, Math.ceil(sizeBytes / 32)));
}

export function patternOf(pattern: Pattern, keyHex: string): OverwritePattern {
  return pattern.kind === 'keyed' ? { kind: 'keyed', algorithm: 'aes-256-ctr', keyHex } : pattern;
}

export function badOf({ count, listed }: EngineBad): BadSectors {
  return { count, offsets: listed.map(({ offset }) => offset), code: listed[0]?.code ?? null };
}
