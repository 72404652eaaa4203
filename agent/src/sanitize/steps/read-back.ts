import type { Extent } from '@rebond/protocol';
import { nistSample } from '../../decide/sampling.ts';
import type { ReadBackExtent } from '../engine/words.ts';
import { badOf, type EngineRoom, engineWork, patternOf } from './engine-work.ts';
import type { RunStep, SeenOf } from './step.ts';

const NOTHING: SeenOf<'read-back'> = {
  ...{ kind: 'read-back', dueBytes: 0, bytes: 0, matchedBytes: 0, mismatches: [], mismatchedSectors: 0 },
  ...{ unreadable: { count: 0, offsets: [], code: null }, direct: false, durationMs: 0 },
};

/** Reads the drive, or a sample of it, and compares it with what the pass before wrote there. */
export function readBackStep(room: EngineRoom): RunStep<'read-back'> {
  return async ({ pattern, extent }, about, doors) => {
    const readBack = { extent: extentOf(extent), expected: patternOf(pattern, about.keyHex) };
    const { readBack: seen, heat } = await engineWork(
      { passes: [], readBack, resume: null },
      about,
      doors,
      room,
    );
    const warm = heat && { heat };
    if (!seen) return { ...NOTHING, ...warm };
    const { wantedBytes, bytes, matchedBytes, mismatches, mismatchedSectors, direct, durationMs } = seen;
    return {
      ...{ kind: 'read-back', dueBytes: wantedBytes, bytes, matchedBytes, mismatches, mismatchedSectors },
      ...{ unreadable: badOf(seen.unreadable), direct, durationMs, ...warm },
    };
  };
}

/** The engine draws its sample from the seed by NIST's own numbers, which are the plan's. */
function extentOf(extent: Extent): ReadBackExtent {
  if (extent.kind === 'full') return { kind: 'full' };
  const { seedHex, sections, placesPerSection } = extent.sampling;
  return { ...nistSample(seedHex), subsections: sections, samplesEach: placesPerSection };
}
