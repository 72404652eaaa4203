import { readPassBack } from '../overwrite.ts';
import type { RunStep } from './step.ts';

/** Reads every address and compares it with what the pass before wrote there. */
export const readBackStep: RunStep<'read-back'> = async (
  { pattern, extent },
  { plan, sizeBytes, keyHex },
  doors,
) => {
  // No plan of this version asks for it; one that does must not pass for carried out.
  if (extent.kind !== 'full') throw new Error('a sample cannot be read back yet');
  return await readPassBack(
    { pattern, sizeBytes, sectorBytes: plan.target.logicalSectorBytes, keyHex },
    doors,
  );
};
