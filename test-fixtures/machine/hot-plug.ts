import fc from 'fast-check';
import { plugIn, plugs } from './arbitrary.ts';
import { type Deed, deeds, perform } from './deeds.ts';
import type { Disk, Machine } from './machine.ts';

/** Something that happens to a machine while a technician stands before it. */
export type Event =
  | { kind: 'nothing' }
  | { kind: 'use'; deed: Deed }
  | { kind: 'plug-in'; plug: Parameters<typeof plugIn>[1] }
  | { kind: (typeof HAPPENINGS)[number]; pick: number; other: number };

const HAPPENINGS = [
  ...['unplug', 'replug', 'replug-elsewhere', 'replace', 'swap-names', 'shrink', 'grow'],
  ...['lose-serial', 'lose-wwid', 'other-model', 'write-protect'],
] as const;

export const events: fc.Arbitrary<Event> = fc.oneof(
  fc.constant({ kind: 'nothing' as const }),
  fc.record({ kind: fc.constant('use' as const), deed: deeds }),
  fc.record({ kind: fc.constant('plug-in' as const), plug: plugs }),
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constantFrom(...HAPPENINGS), pick: fc.nat(9), other: fc.nat(9) }),
  },
);

/** The machine afterwards; what stood on a drive that left is gone with it. */
export function happen(machine: Machine, event: Event): Machine {
  const after = structuredClone(machine);
  if ('pick' in event) return happenTo(after, event.kind, event.pick, event.other);
  switch (event.kind) {
    case 'nothing':
      return after;
    case 'use':
      perform(after, event.deed);
      return after;
    case 'plug-in':
      plugIn(after, event.plug);
      return after;
  }
}

function happenTo(machine: Machine, kind: (typeof HAPPENINGS)[number], pick: number, other: number): Machine {
  // Without anything on it, or the rest of the machine would have to change with it.
  const bare = machine.disks.filter(({ name }) => !machine.layers.some(({ on }) => on.includes(name)));
  const idle = bare.filter(({ name }) => !machine.mounts.some(({ on }) => on.includes(name)));
  const loose = idle.filter(({ name }) => !machine.swaps.some((swap) => 'on' in swap && swap.on === name));
  const disk = loose[pick % loose.length];
  if (disk === undefined) return machine;
  const others = loose.filter((each) => each !== disk && stem(each) === stem(disk));
  const second = others[other % others.length];
  const elsewhere = disk.name.replace(/[a-z]$/, 'y');
  const renumber = (each: Disk): void => void (each.diskseq = machine.lastDiskseq += 1);
  switch (kind) {
    case 'unplug':
      machine.disks = machine.disks.filter((each) => each !== disk);
      break;
    case 'replug':
      renumber(disk);
      break;
    case 'replug-elsewhere':
      renumber(disk);
      if (!machine.disks.some(({ name }) => name === elsewhere)) disk.name = elsewhere;
      break;
    case 'replace':
      renumber(disk);
      disk.serial = `OTHER-${disk.diskseq}`;
      disk.wwid = `other.${disk.diskseq}`;
      break;
    case 'swap-names':
      if (second === undefined) break;
      [disk.name, second.name] = [second.name, disk.name];
      renumber(disk);
      renumber(second);
      break;
    case 'shrink':
      disk.sectors = Math.max(0, disk.sectors - 8);
      break;
    case 'grow':
      disk.sectors += 8;
      break;
    case 'lose-serial':
      disk.serial = null;
      break;
    case 'lose-wwid':
      disk.wwid = null;
      break;
    case 'other-model':
      disk.model = 'ANOTHER MODEL';
      break;
    case 'write-protect':
      disk.readOnly = true;
  }
  return machine;
}

/** Drives of one stem are named by the order in which they appear: they may change places. */
function stem({ name, bus }: Disk): string {
  return bus === 'nvme' || bus === 'nvme-tcp' ? name : name.replace(/[a-z]$/, '');
}
