import type { OverwriteCheckpoint, OverwritePattern } from '../engine/words.ts';
import { badOf, type EngineRoom, engineWork, patternOf } from './engine-work.ts';
import type { RunStep, SeenOf } from './step.ts';

const NOTHING: SeenOf<'overwrite'> = {
  ...{ kind: 'overwrite', bytes: 0, bad: { count: 0, offsets: [], code: null } },
  ...{ flushed: false, resumedFrom: null, durationMs: 0 },
};

/** One pass over every address, and a flush. */
export function overwriteStep(room: EngineRoom): RunStep<'overwrite'> {
  return async ({ pattern, resume }, about, doors) => {
    const written = patternOf(pattern, about.keyHex);
    const from = resume === undefined ? null : checkpointAt(resume.fromBytes, written);
    const work = { passes: [written], readBack: null, resume: from };
    const keep = ({ offset, passes: seen }: OverwriteCheckpoint): void =>
      doors.flushed?.(offset, seen.at(-1)?.skipped.count ?? 0);
    const { passes, heat } = await engineWork(work, about, doors, room, keep);
    const [pass] = passes;
    const warm = heat && { heat };
    if (!pass) return { ...NOTHING, ...warm };
    const { bytes, skipped, flushed, resumedFrom, durationMs } = pass;
    return { kind: 'overwrite', bytes, bad: badOf(skipped), flushed, resumedFrom, durationMs, ...warm };
  };
}

/** As a session that was cut off had come: it skipped nothing, or nothing of it would be taken up. */
function checkpointAt(offset: number, pattern: OverwritePattern): OverwriteCheckpoint {
  const skipped = { count: 0, listed: [] };
  const pass = { ...{ pattern, bytes: offset, skipped, retried: 0, durationMs: 0 }, flushed: false };
  return { pass: 0, offset, passes: [{ ...pass, flushError: null, resumedFrom: null }] };
}
