import fc from 'fast-check';
import { type Bus, type Disk, emptyMachine, type Layer, type Machine, type Mounted, openNodes } from './machine.ts';

/** One thing done to a machine; `pick` chooses among what there is. */
type Deed = { kind: (typeof KINDS)[number]; pick: number; other: number; flag: boolean };

const KINDS = [
  ...['partition', 'partition', 'partition', 'dm', 'crypt', 'multipath', 'md', 'bcache', 'zpool'],
  ...['mount', 'mount', 'btrfs', 'bcachefs', 'overlay', 'swap', 'swap-file', 'zram'],
  ...['loop-device', 'loop-file', 'loop-deleted', 'signature', 'stick'],
] as const;
const BUSES: readonly Bus[] = ['sata', 'sata', 'usb', 'nvme', 'nvme', 'mmc', 'virtio', 'iscsi', 'nvme-tcp'];
const PLACES = ['/mnt', '/home', '/mnt/a b', '/srv', '/boot', '/run/live/medium', '/var/lib/x', '/media/y'];

const deed: fc.Arbitrary<Deed> = fc.record({
  kind: fc.constantFrom(...KINDS),
  pick: fc.nat(99),
  other: fc.nat(99),
  flag: fc.boolean(),
});

type Plug = { bus: Bus; oddity: string; namespaces: number; multipath: boolean };
const plug: fc.Arbitrary<Plug> = fc.record({
  bus: fc.constantFrom(...BUSES),
  oddity: fc.constantFrom('', '', '', '', '', '', 'no-serial', 'twin', 'twin-wwid', 'no-wwid', 'read-only', 'empty'),
  namespaces: fc.constantFrom(1, 1, 2),
  multipath: fc.boolean(),
});

/** Some drives, and up to a dozen things done with them, one after the other. */
export const machines: fc.Arbitrary<Machine> = fc
  .tuple(fc.array(plug, { minLength: 1, maxLength: 5 }), fc.array(deed, { maxLength: 12 }))
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

const LETTERS = [...'abcdefghijklmnop'];
const DIGITS = [...'0123456789'];

export function perform(machine: Machine, { kind, pick, other, flag }: Deed): void {
  const open = openNodes(machine);
  const node = open[pick % open.length];
  const second = open.filter((each) => each !== node)[other % (open.length - 1)];
  const mount = machine.mounts[pick % machine.mounts.length];
  const count = machine.layers.length;
  const layer = (name: string, change: Partial<Layer> & Pick<Layer, 'type' | 'on'>): void =>
    void machine.layers.push({ name, alias: null, file: null, ...change });
  const add = (change: Partial<Mounted> & Pick<Mounted, 'fsType' | 'on'>): void => {
    const seen = (['both', 'both', 'self', 'first', 'nobody'] as const)[other % 5] ?? 'both';
    const place = `${PLACES[pick % PLACES.length]}${machine.mounts.length}`;
    const spelling = flag ? 'node' : 'link';
    machine.mounts.push({ place, over: [], seen, anonymous: false, spelling, ...change });
  };
  switch (kind) {
    case 'loop-file':
    case 'loop-deleted':
      if (mount && mount.seen !== 'nobody') {
        const path = `${mount.place}/image ${count}${kind === 'loop-file' ? '' : ' (deleted)'}`;
        layer(`loop${count}`, { type: 'loop', on: [], file: { mount, path } });
      }
      return;
    case 'swap-file':
      if (mount && mount.seen !== 'nobody') {
        machine.swaps.push({ file: { mount, path: `${mount.place}/swap file` } });
      }
      return;
    case 'overlay':
      if (mount && mount.seen !== 'nobody') {
        add({ fsType: 'overlay', on: [], over: [{ mount, folder: `${mount.place}/lower` }], anonymous: true });
      }
      return;
    default:
  }
  if (node === undefined) return;
  const both = second !== undefined && flag ? [node, second] : [node];
  switch (kind) {
    case 'partition':
      if (canBePartitioned(machine, node)) addPartitions(machine, node, 1 + (other % 2));
      return;
    case 'dm':
      return layer(`dm-${count}`, { type: 'dm', on: both, alias: `vg-lv${count}` });
    case 'crypt':
      return layer(`dm-${count}`, { type: 'dm', on: [node], alias: `luks-${count}` });
    case 'multipath':
      return layer(`dm-${count}`, { type: 'dm', on: both, alias: flag ? `mpath${count}` : 'ventoy' });
    case 'md':
      return layer(`md${count}`, { type: 'md', on: both });
    case 'bcache':
      layer(`bcache${count}`, { type: 'bcache', on: [node] });
      if (second !== undefined && flag) layer(`cset${count}`, { type: 'bcache-cache', on: [second] });
      return;
    case 'zpool':
      for (const member of both) machine.signatures.set(member, { type: 'zfs_member', label: `tank${count}` });
      layer(`pool${count}`, { type: 'zpool', on: both, alias: `tank${count}` });
      if (other % 2 === 0) add({ fsType: 'zfs', on: [`pool${count}`], anonymous: true });
      return;
    case 'mount':
      return add({ fsType: 'ext4', on: [node] });
    case 'btrfs':
      return add({ fsType: 'btrfs', on: both, anonymous: true, seen: 'both' });
    case 'bcachefs':
      return add({ fsType: 'bcachefs', on: both, anonymous: true });
    case 'swap':
      return void machine.swaps.push({ on: node });
    case 'zram':
      return layer(`zram${count}`, { type: 'zram', on: flag ? [node] : [] });
    case 'loop-device':
      return layer(`loop${count}`, { type: 'loop', on: [node] });
    case 'signature':
      machine.signatures.set(node, { type: SIGNATURES[other % SIGNATURES.length] ?? null, label: null });
      return;
    case 'stick':
      machine.signatures.set(node, { type: 'vfat', label: 'REBOND' });
  }
}

const SIGNATURES = ['zfs_member', 'LVM2_member', 'linux_raid_member', 'crypto_LUKS', 'bcache', 'ddf_raid_member'];

/** Partitions lie on disks, on md and on loop devices. */
function canBePartitioned({ disks, layers }: Machine, name: string): boolean {
  return disks.some((disk) => disk.name === name) || layers.some((each) => each.name === name && ['md', 'loop'].includes(each.type));
}

function addPartitions(machine: Machine, disk: string, count: number): void {
  for (let index = 1; index <= count; index += 1) {
    const name = /\d$/.test(disk) ? `${disk}p${index}` : `${disk}${index}`;
    machine.layers.push({ name, type: 'partition', on: [disk], alias: null, file: null });
  }
}

export const deeds = deed;
export const plugs = plug;
