import fc from 'fast-check';
import { deeds, perform } from './deeds.ts';
import { type Bus, type Disk, emptyMachine, type Machine } from './machine.ts';

const BUSES: readonly Bus[] = ['sata', 'sata', 'usb', 'nvme', 'nvme', 'mmc', 'virtio', 'iscsi', 'nvme-tcp'];

type Plug = { bus: Bus; oddity: string; namespaces: number; multipath: boolean };
export const plugs: fc.Arbitrary<Plug> = fc.record({
  bus: fc.constantFrom(...BUSES),
  oddity: fc.constantFrom(
    '',
    '',
    '',
    '',
    '',
    '',
    'no-serial',
    'twin',
    'twin-wwid',
    'no-wwid',
    'read-only',
    'empty',
  ),
  namespaces: fc.constantFrom(1, 1, 2),
  multipath: fc.boolean(),
});

/** Some drives, and up to a dozen things done with them, one after the other. */
export const machines: fc.Arbitrary<Machine> = fc
  .tuple(fc.array(plugs, { minLength: 1, maxLength: 5 }), fc.array(deeds, { maxLength: 12 }))
  .map(([plugs, deeds]) => {
    const machine = emptyMachine();
    for (const each of plugs) plugIn(machine, each);
    for (const each of deeds) perform(machine, each);
    return machine;
  });

/** One drive more, of one or two namespaces where it is an NVMe. */
export function plugIn(machine: Machine, { bus, oddity, namespaces, multipath }: Plug): void {
  const isNvme = bus === 'nvme' || bus === 'nvme-tcp';
  const first = nextDisk(machine, bus, 1);
  const twin = machine.disks[0];
  if (oddity === 'no-serial') first.serial = null;
  if (oddity === 'no-wwid') first.wwid = null;
  if (oddity === 'twin' && twin) first.serial = twin.serial;
  if (oddity === 'twin-wwid' && twin) first.wwid = twin.wwid;
  if (oddity === 'read-only') first.readOnly = true;
  if (oddity === 'empty') first.sectors = 0;
  first.multipath = isNvme && multipath;
  machine.disks.push(first);
  if (!isNvme || namespaces === 1) return;
  const second = nextDisk(machine, bus, 2);
  machine.disks.push({ ...second, serial: first.serial, model: first.model });
}

function nextDisk(machine: Machine, bus: Bus, namespace: number): Disk {
  const isNvme = bus === 'nvme' || bus === 'nvme-tcp';
  machine.lastDiskseq += 1;
  const at = machine.lastDiskseq - (namespace - 1);
  const own = `${at}`.padStart(4, '0');
  return {
    ...{ name: nameFor(machine, bus, at, namespace), bus, model: `MODEL ${at % 3}`, serial: `SN-${own}` },
    ...{ wwid: `naa.${own}.${namespace}`, diskseq: machine.lastDiskseq, sectors: 2048 * at, readOnly: false },
    ...{ subsystem: isNvme ? `nqn.example:${at}` : null, multipath: false },
  };
}

/** The first name that is free, as the kernel gives them. */
function nameFor({ disks }: Machine, bus: Bus, at: number, namespace: number): string {
  if (bus === 'nvme' || bus === 'nvme-tcp') return `nvme${at}n${namespace}`;
  const [stem, names] = {
    ...{ sata: ['sd', LETTERS], usb: ['sd', LETTERS], iscsi: ['sd', LETTERS] },
    ...{ virtio: ['vd', LETTERS], mmc: ['mmcblk', DIGITS] },
  }[bus] as [string, string[]];
  const taken = new Set(disks.map(({ name }) => name));
  return `${stem}${names.find((each) => !taken.has(`${stem}${each}`))}`;
}

const LETTERS = 'a b c d e f g h i j k l m n o p'.split(' ');
const DIGITS = '0 1 2 3 4 5 6 7 8 9'.split(' ');
