import type { DriveCapabilities, Inventory, Part } from '@rebond/protocol';
import { type Authority, refusals } from '../decide/eligibility.ts';
import { againstWholeMachine } from '../decide/hidden-drives.ts';
import { openForOverwrite } from '../effects/block.ts';
import { makeRehearsalMedium, type RehearsalMedium, removeLeftovers } from '../effects/rehearsal-medium.ts';
import type { ClockDoor } from '../effects/types.ts';
import { runPlan } from '../sanitize/run-plan.ts';
import { type Choice, type Chosen, refusalOf } from '../session.ts';
import { laddersOf, policyOf, type Shared } from './rungs.ts';
import { drivesOf } from './targets.ts';

export type RehearsalOrder = {
  folder: string;
  /** How many media, worked on at the same time. */
  media: number;
  /** Of each. */
  sizeBytes: number;
  loop: 'auto' | 'no';
};

/** A rehearsal: media of our own are the targets, and every real drive is refused. */
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
  const chosen: Chosen[] = [];
  for (let count = 0; count < order.media; count += 1) {
    const { folder, sizeBytes, loop } = order;
    // The session's own name is that of the first; more get names of their own.
    const name = count === 0 ? sessionId : crypto.randomUUID();
    const medium = await makeRehearsalMedium(folder, name, sizeBytes, loop, shared.run);
    chosen.push(onMedium(medium, sessionId, clock, shared));
  }
  return { refusals: refused, remarks: againstWholeMachine(topology), chosen };
}

function onMedium(
  { target, kind, identify, dispose }: RehearsalMedium,
  sessionId: string,
  clock: ClockDoor,
  shared: Shared,
): Chosen {
  const [plan] = laddersOf('rehearsal', sessionId, target, REHEARSAL_MEANS, OVERWRITE).rungs;
  if (plan === undefined) throw new Error('a medium of our own can always be overwritten');
  const openTarget = () => openForOverwrite(target.path, kind);
  return {
    ...{ plan, device: target.path, dispose },
    against: () => Promise.resolve([]),
    run: (journal) => runPlan(plan, REHEARSAL_MEANS, { ...shared, clock, journal, openTarget, identify }),
    next: () => Promise.resolve(null),
  };
}

/** A file or loop device takes reads and writes, and nothing else. */
const REHEARSAL_MEANS: Part<DriveCapabilities> = {
  outcome: 'read',
  sources: ['rebond'],
  value: { interface: 'plain' },
};

const OVERWRITE = policyOf('overwrite');
