import { badOf, type EngineRoom, engineWork, patternOf } from './engine-work.ts';
import type { RunStep, SeenOf } from './step.ts';

const NOTHING: SeenOf<'overwrite'> = {
  ...{ kind: 'overwrite', bytes: 0, bad: { count: 0, offsets: [], code: null } },
  ...{ flushed: false, resumedFrom: null, durationMs: 0 },
};

/** One pass over every address, and a flush. */
export function overwriteStep(room: EngineRoom): RunStep<'overwrite'> {
  return async ({ pattern }, about, doors) => {
    const work = { passes: [patternOf(pattern, about.keyHex)], readBack: null, resume: null };
    const { passes, heat } = await engineWork(work, about, doors, room);
    const [pass] = passes;
    const warm = heat && { heat };
    if (!pass) return { ...NOTHING, ...warm };
    const { bytes, skipped, flushed, resumedFrom, durationMs } = pass;
    return { kind: 'overwrite', bytes, bad: badOf(skipped), flushed, resumedFrom, durationMs, ...warm };
  };
}
