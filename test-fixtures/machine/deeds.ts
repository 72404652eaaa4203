import fc from 'fast-check';
import { type Layer, type Machine, type Mounted, openNodes } from './machine.ts';

/** What is put on a node that nothing is on yet, and what is put on a file system. */
const ON_NODE = [
  ...([
    'partition',
    'partition',
    'partition',
    'lvm',
    'luks',
    'multipath',
    'md',
    'bcache',
    'zpool',
    'mount',
  ] as const),
  ...(['mount', 'btrfs', 'bcachefs', 'swap', 'zram', 'loop-device', 'live', 'live-toram', 'ventoy'] as const),
  ...(['signature', 'stick'] as const),
];
const ON_MOUNT = ['overlay', 'swap-file', 'loop-file', 'loop-deleted'] as const;
type OnNode = (typeof ON_NODE)[number];
type OnMount = (typeof ON_MOUNT)[number];

/** One thing done to a machine; `pick` and `other` choose among what there is. */
export type Deed = { kind: OnNode | OnMount; pick: number; other: number; flag: boolean };

export const deeds: fc.Arbitrary<Deed> = fc.record({
  kind: fc.constantFrom(...ON_NODE, ...ON_MOUNT),
  ...{ pick: fc.nat(99), other: fc.nat(99), flag: fc.boolean() },
});

const PLACES = ['/mnt', '/home', '/mnt/a b', '/srv', '/boot', '/run/live/medium', '/var/lib/x', '/media/y'];
const SIGNATURES = [
  'zfs_member',
  'LVM2_member',
  'linux_raid_member',
  'crypto_LUKS',
  'bcache',
  'ddf_raid_member',
];

/** Does it, where the machine has room for it; else nothing. */
export function perform(machine: Machine, deed: Deed): void {
  const { kind, pick } = deed;
  if (isOnMount(kind)) {
    const shown = machine.mounts.filter(({ seen }) => seen !== 'nobody');
    const mount = shown[pick % shown.length];
    if (mount) putOnMount(machine, kind, mount, deed);
    return;
  }
  const node = openNodes(machine)[pick % openNodes(machine).length];
  if (node !== undefined) putOnNode(machine, kind, node, deed);
}

function isOnMount(kind: Deed['kind']): kind is OnMount {
  return ON_MOUNT.some((each) => each === kind);
}

type Stacked = Partial<Layer> & Pick<Layer, 'type' | 'on'>;

function stack(machine: Machine, stem: string, change: Stacked): string {
  const name = `${stem}${machine.layers.length}`;
  machine.layers.push({ name, alias: null, file: null, ...change });
  return name;
}

function mountOn(
  machine: Machine,
  { pick, other, flag }: Deed,
  change: Partial<Mounted> & Pick<Mounted, 'fsType' | 'on'>,
): Mounted {
  const seen = (['both', 'both', 'self', 'first', 'nobody'] as const)[other % 5] ?? 'both';
  const place = `${PLACES[pick % PLACES.length]}${machine.mounts.length}`;
  const spelling = flag ? 'node' : 'link';
  const mount: Mounted = { place, over: [], seen, anonymous: false, spelling, ...change };
  machine.mounts.push(mount);
  return mount;
}

function putOnMount(machine: Machine, kind: OnMount, mount: Mounted, deed: Deed): void {
  const inside = `${mount.place}/image ${machine.layers.length}`;
  switch (kind) {
    case 'overlay': {
      const over = [{ mount, folder: `${mount.place}/lower` }];
      mountOn(machine, deed, { fsType: 'overlay', on: [], over, anonymous: true });
      return;
    }
    case 'swap-file':
      machine.swaps.push({ file: { mount, path: `${mount.place}/swap file` } });
      return;
    case 'loop-file':
      stack(machine, 'loop', { type: 'loop', on: [], file: { mount, path: inside } });
      return;
    case 'loop-deleted':
      stack(machine, 'loop', { type: 'loop', on: [], file: { mount, path: `${inside} (deleted)` } });
  }
}

function putOnNode(machine: Machine, kind: OnNode, node: string, deed: Deed): void {
  const { other, flag } = deed;
  const count = machine.layers.length;
  const rest = openNodes(machine).filter((each) => each !== node);
  const second = flag ? rest[other % rest.length] : undefined;
  const both = second === undefined ? [node] : [node, second];
  switch (kind) {
    case 'partition':
      return addPartitions(machine, node, 1 + (other % 2));
    case 'lvm':
      return void stack(machine, 'dm-', { type: 'dm', on: both, alias: `vg-lv${count}` });
    case 'luks':
      return void stack(machine, 'dm-', { type: 'dm', on: [node], alias: `luks-${count}` });
    case 'multipath':
      return void stack(machine, 'dm-', { type: 'dm', on: both, alias: `mpath${count}` });
    case 'md':
      return void stack(machine, 'md', { type: 'md', on: both });
    case 'bcache':
      if (second !== undefined) stack(machine, 'cset', { type: 'bcache-cache', on: [second] });
      return void stack(machine, 'bcache', { type: 'bcache', on: [node] });
    case 'zpool':
      return addPool(machine, both, deed);
    case 'mount':
      return void mountOn(machine, deed, { fsType: 'ext4', on: [node] });
    case 'btrfs':
      return void mountOn(machine, deed, { fsType: 'btrfs', on: both, anonymous: true, seen: 'both' });
    case 'bcachefs':
      return void mountOn(machine, deed, { fsType: 'bcachefs', on: both, anonymous: true });
    case 'swap':
      return void machine.swaps.push({ on: node });
    case 'zram':
      return void stack(machine, 'zram', { type: 'zram', on: flag ? [node] : [] });
    case 'loop-device':
      return void stack(machine, 'loop', { type: 'loop', on: [node] });
    case 'live':
    case 'live-toram':
      return bootFrom(machine, node, kind, deed);
    case 'ventoy': {
      const mapper = stack(machine, 'dm-', { type: 'dm', on: [node], alias: `ventoy${count}` });
      return bootFrom(machine, stack(machine, 'loop', { type: 'loop', on: [mapper] }), 'live', deed);
    }
    case 'signature':
      return void machine.signatures.set(node, {
        type: SIGNATURES[other % SIGNATURES.length] ?? null,
        label: null,
      });
    case 'stick':
      machine.signatures.set(node, { type: 'vfat', label: 'REBOND' });
  }
}

/** A live system: a squashfs on its medium, or copied to memory, under the overlay that is the root. */
function bootFrom(machine: Machine, node: string, kind: 'live' | 'live-toram', deed: Deed): void {
  const seen = 'both';
  const medium =
    kind === 'live'
      ? mountOn(machine, deed, { fsType: 'vfat', on: [node], seen })
      : mountOn(machine, deed, { fsType: 'tmpfs', on: [], anonymous: true, seen });
  const file = { mount: medium, path: `${medium.place}/filesystem.squashfs` };
  const loop = stack(machine, 'loop', { type: 'loop', on: [], file });
  const root = mountOn(machine, deed, { fsType: 'squashfs', on: [loop], seen });
  const over = [{ mount: root, folder: root.place }];
  mountOn(machine, deed, { fsType: 'overlay', on: [], over, anonymous: true, seen });
}

/** An imported pool has its members marked, and perhaps a data set mounted. */
function addPool(machine: Machine, members: string[], deed: Deed): void {
  const alias = `tank${machine.layers.length}`;
  for (const member of members) machine.signatures.set(member, { type: 'zfs_member', label: alias });
  const pool = stack(machine, 'pool', { type: 'zpool', on: members, alias });
  if (deed.other % 2 === 0) mountOn(machine, deed, { fsType: 'zfs', on: [pool], anonymous: true });
}

/** Partitions lie on disks, on md and on loop devices. */
function addPartitions(machine: Machine, whole: string, count: number): void {
  const { disks, layers } = machine;
  const may =
    disks.some(({ name }) => name === whole) ||
    layers.some(({ name, type }) => name === whole && (type === 'md' || type === 'loop'));
  if (!may) return;
  for (let index = 1; index <= count; index += 1) {
    const name = /\d$/.test(whole) ? `${whole}p${index}` : `${whole}${index}`;
    layers.push({ name, type: 'partition', on: [whole], alias: null, file: null });
  }
}
