import { writePass } from '../overwrite.ts';
import type { RunStep } from './step.ts';

/** One pass over every address, and a flush. */
export const overwriteStep: RunStep<'overwrite'> = async ({ pattern }, { plan, sizeBytes, keyHex }, doors) =>
  await writePass({ pattern, sizeBytes, sectorBytes: plan.target.logicalSectorBytes, keyHex }, doors);
