import type { Run } from '../../effects/types.ts';
import { recordingRun } from './recording-run.ts';
import type { RunStep } from './step.ts';

export type RevealDoors = {
  run: Run;
  /** Lets the kernel ask the drive for its size again, and reads it. Null where it does not answer. */
  sizeAgain: (path: string) => Promise<number | null>;
};

const YES = '--yes-i-know-what-i-am-doing';

/**
 * Gives back what a drive hides. `p` makes it last over power cycles; a drive takes one lasting change of its max address
 * between two power-ons (ACS-4 §7.44), and a DCO only while no HPA is set (ACS-3 §7.10.5).
 */
export function revealStep({ run, sizeAgain }: RevealDoors): RunStep<'reveal'> {
  return async ({ area, realBytes }, { plan }, { command, monotonic }) => {
    const noted = recordingRun(run, command, monotonic);
    const { path, logicalSectorBytes } = plan.target;
    const sectors = realBytes / logicalSectorBytes;
    await noted(
      area === 'dco' ? ['hdparm', YES, '--dco-restore', path] : ['hdparm', YES, '-N', `p${sectors}`, path],
    );
    return { kind: 'reveal', sizeAfter: await sizeAgain(path) };
  };
}
