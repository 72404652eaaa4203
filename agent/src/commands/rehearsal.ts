import type { DriveCapabilities, Inventory, Part } from '@rebond/protocol';
import { type Authority, refusals } from '../decide/eligibility.ts';
import { againstWholeMachine } from '../decide/hidden-drives.ts';
import { openForOverwrite } from '../effects/block.ts';
import { makeRehearsalMedium, removeLeftovers } from '../effects/rehearsal-medium.ts';
import type { ClockDoor } from '../effects/types.ts';
import { runPlan } from '../sanitize/run-plan.ts';
import { type Choice, refusalOf } from '../session.ts';
import { laddersOf, policyOf, type Shared } from './rungs.ts';
import { drivesOf } from './targets.ts';

export type RehearsalOrder = { folder: string; sizeBytes: number; loop: 'auto' | 'no' };

/** A rehearsal: a medium of our own is the target, and every real drive is refused. */
export async function chooseRehearsal(
  order: RehearsalOrder,
  inventory: Inventory,
  sessionId: string,
  clock: ClockDoor,
  shared: Shared,
): Promise<Choice> {
  await removeLeftovers(order.folder, shared.run);
  const drives = drivesOf(inventory);
  const topology = await shared.topology();
  // Nobody asked for these drives: only what would stand against them in a real session is of interest.
  const refused = drives.map((drive) => {
    const asIf: Authority = {
      ...{ mode: 'real', onLiveImage: true, notARehearsal: true, typedEnding: drive.identity.serial },
      ...{ boot: { kind: 'none' }, reach: 'addressed', confirmed: [] },
    };
    return refusalOf(drive, refusals(drive, drives, topology, asIf), true);
  });
  const medium = await makeRehearsalMedium(order.folder, sessionId, order.sizeBytes, order.loop, shared.run);
  const [plan] = laddersOf('rehearsal', sessionId, medium.target, REHEARSAL_MEANS, OVERWRITE).rungs;
  if (plan === undefined) throw new Error('a medium of our own can always be overwritten');
  const openTarget = () => openForOverwrite(medium.target.path, medium.kind);
  return {
    refusals: refused,
    remarks: againstWholeMachine(topology),
    chosen: [
      {
        plan,
        against: () => Promise.resolve([]),
        run: (journal) =>
          runPlan(plan, REHEARSAL_MEANS, {
            ...shared,
            clock,
            journal,
            openTarget,
            identify: medium.identify,
          }),
        next: () => Promise.resolve(null),
        dispose: medium.dispose,
      },
    ],
  };
}

/** A file or loop device takes reads and writes, and nothing else. */
const REHEARSAL_MEANS: Part<DriveCapabilities> = {
  outcome: 'read',
  sources: ['rebond'],
  value: { interface: 'plain' },
};

const OVERWRITE = policyOf('overwrite');
