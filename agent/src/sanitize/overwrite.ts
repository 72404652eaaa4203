import type { Observations, OverwriteSeen, SanitizePlan } from '@rebond/protocol';
import { defaultLimits } from '../decide/give-up.ts';
import type { BlockWriter } from '../effects/block.ts';
import { startEngine } from './engine/engine.ts';
import { type EngineProgress, type OverwriteJob, USUAL } from './engine/job.ts';
import { portableKeyStreams } from './key-stream.ts';

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

export type OverwriteObservations = Omit<Observations, 'after'>;

/**
 * Overwrites the whole target with the keyed stream, flushes, reads everything back, inside this process. It decides
 * nothing: it returns what it saw, and `judge()` says what follows. The first write or read error ends its phase.
 */
export async function overwrite(
  { target }: SanitizePlan,
  keyHex: string,
  { writer, monotonic, progress, signal }: OverwriteDoors,
): Promise<OverwriteObservations> {
  let phase = { name: '', began: monotonic() };
  const tell = ({ phase: name, doneBytes, totalBytes }: EngineProgress): void => {
    if (phase.name !== name) phase = { name, began: monotonic() };
    progress({ phase: name, doneBytes, totalBytes, elapsedMs: monotonic() - phase.began });
  };
  const { seen } = startEngine(jobOf(target, keyHex), {
    ...{ writer, monotonic, signal, keyed: portableKeyStreams },
    progress: tell,
    checkpoint: () => {},
  });
  return observationsOf(await seen);
}

function jobOf({ sizeBytes, logicalSectorBytes }: SanitizePlan['target'], keyHex: string): OverwriteJob {
  const pattern = { kind: 'keyed', algorithm: 'aes-256-ctr', keyHex } as const;
  return {
    ...{ sizeBytes, logicalSectorBytes },
    ...{ chunkBytes: 1024 * 1024, lanes: 2, checkpoint: USUAL.checkpoint },
    passes: [pattern],
    readBack: { extent: { kind: 'full' }, expected: pattern },
    resume: null,
    limits: { ...defaultLimits(sizeBytes), maxBadSectors: 0 },
  };
}

/** The words of a plan with one pass. Where the drive ended the work, its errors say so. */
function observationsOf({ passes, readBack, stopped }: OverwriteSeen): OverwriteObservations {
  const [pass] = passes;
  const flushError = pass?.flushError ? [{ offset: pass.bytes, code: `flush ${pass.flushError}` }] : [];
  const byOperator = stopped?.code === 'stopped-by-operator';
  return {
    written: pass
      ? {
          bytes: pass.bytes,
          durationMs: pass.durationMs,
          errors: [...pass.skipped.listed, ...flushError].slice(0, 1000),
        }
      : null,
    flushed: pass?.flushed ?? false,
    readBack: readBack && {
      bytes: readBack.bytes,
      matchedBytes: readBack.matchedBytes,
      durationMs: readBack.durationMs,
      mismatches: readBack.mismatches,
      mismatchedSectors: readBack.mismatchedSectors,
      errors: readBack.unreadable.listed,
      direct: readBack.direct,
    },
    stopped: byOperator || (stopped && !hasErrors({ passes, readBack, stopped })) ? stopped : null,
  };
}

/** `judge()` takes what is in `stopped` for a reason not to know; with errors it knows. */
function hasErrors({ passes, readBack }: OverwriteSeen): boolean {
  return (
    passes.some(({ skipped, flushError }) => skipped.count > 0 || flushError !== null) ||
    (readBack?.unreadable.count ?? 0) > 0
  );
}
