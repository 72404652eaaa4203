import type { Drive } from '@rebond/protocol';
import { type Authority, refusals } from '../../agent/src/decide/eligibility.ts';
import type { Topology } from '../../agent/src/decide/topology.ts';
import { replay } from '../../agent/src/effects/replay.ts';
import type { Claim, Files } from '../../agent/src/effects/types.ts';
import { probeDrives } from '../../agent/src/probe/drives.ts';
import { probeTopology } from '../../agent/src/probe/topology.ts';
import type { Machine } from './machine.ts';
import { type Directions, render } from './render.ts';

export type MachineRead = { drives: Drive[]; topology: Topology };

type How = {
  claim?: Claim;
  directions?: Directions;
  /** Stands between the probe and what it reads. */
  through?: (files: Files) => Files;
};

/** What the agent's own probe reads of a machine that is rendered as the kernel shows it. */
export async function readMachine(machine: Machine, how: How = {}): Promise<MachineRead> {
  const { recording, claim } = render(machine, how.directions);
  const { run, files: plain } = replay(recording);
  const files = how.through?.(plain) ?? plain;
  const { drives } = await probeDrives(run, files);
  return {
    drives: drives.outcome === 'read' ? drives.value : [],
    topology: await probeTopology({ run, files, claim: how.claim ?? claim }),
  };
}

/** On the live image, the end of the serial number typed. */
export function sure(drive: Drive): Authority {
  return {
    ...{ mode: 'real', onLiveImage: true, notARehearsal: false, typedEnding: drive.identity.serial },
    ...{ boot: { kind: 'none' }, reach: 'addressed', confirmed: [] },
  };
}

/** Names of the drives that nothing stands against once their serial was typed. */
export function allowed({ drives, topology }: MachineRead): string[] {
  const chosen = drives.filter((drive) => refusals(drive, drives, topology, sure(drive)).length === 0);
  return chosen.map(({ path }) => path.replace('/dev/', '')).toSorted();
}
