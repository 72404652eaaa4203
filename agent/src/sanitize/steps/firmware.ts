import type { DriveCapabilities } from '@rebond/protocol';
import type { Run } from '../../effects/types.ts';
import type { TechniqueRow } from '../techniques/technique.ts';
import { recordingRun } from './recording-run.ts';
import type { RunStep } from './step.ts';

export type FirmwareStepDoors = {
  run: Run;
  wait: (ms: number) => Promise<void>;
  capabilities: DriveCapabilities | null;
  techniques: readonly TechniqueRow[];
};

/** Lets the drive erase itself, by the technique's own row. */
export function firmwareStep({
  run,
  wait,
  capabilities,
  techniques,
}: FirmwareStepDoors): RunStep<'firmware'> {
  return async ({ technique, patienceMs, stallMs }, { plan }, doors) => {
    const row = techniques.find((each) => each.technique === technique);
    if (!row || capabilities === null) throw new Error(`no row carries out ${technique}`);
    const { monotonic, signal, progress, command } = doors;
    const began = monotonic();
    return await row.run(plan.target, capabilities, {
      ...{ wait, monotonic, signal, patienceMs, stallMs },
      run: recordingRun(run, command, monotonic),
      progress: (percent) =>
        progress({ phase: 'firmware', percent, elapsedMs: Math.round(monotonic() - began) }),
    });
  };
}
