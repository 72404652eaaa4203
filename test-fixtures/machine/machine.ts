/**
 * A machine as it truly is: drives, what is stacked on them, and what uses them. Tests render it as the kernel would show
 * it, and judge by it what the agent made of that.
 */
export type Machine = {
  disks: Disk[];
  layers: Layer[];
  mounts: Mounted[];
  swaps: Swap[];
  /** What lies on nodes that nothing uses. */
  signatures: Map<string, Signature>;
  /** Counts up with each disk that appears. */
  lastDiskseq: number;
};

export type Bus = 'sata' | 'usb' | 'nvme' | 'mmc' | 'virtio' | 'iscsi' | 'nvme-tcp';

export type Disk = {
  name: string;
  bus: Bus;
  model: string | null;
  serial: string | null;
  wwid: string | null;
  diskseq: number;
  sectors: number;
  readOnly: boolean;
  /** Namespaces of one NVMe drive bear the same name here. */
  subsystem: string | null;
  /** Reached by several controllers: the kernel shows a hidden node for each path. */
  multipath: boolean;
};

export type Layer = {
  name: string;
  type: 'partition' | 'dm' | 'md' | 'bcache' | 'bcache-cache' | 'loop' | 'zram' | 'zpool';
  /** The nodes it is made of. */
  on: string[];
  alias: string | null;
  /** Of a loop device over a file: the mount that the file is on, and its path as the kernel says it. */
  file: { mount: Mounted; path: string } | null;
};

export type Mounted = {
  place: string;
  fsType: string;
  on: string[];
  /** An overlay's folders, each with the mount that it is in. */
  over: { mount: Mounted; folder: string }[];
  /** Who sees it: this process, the first one, or neither (another namespace, or unmounted lazily). */
  seen: 'both' | 'self' | 'first' | 'nobody';
  /** File systems of several devices, and those without one, mount under a number of their own. */
  anonymous: boolean;
  /** How the source is written. */
  spelling: 'node' | 'link';
};

type Swap = { on: string } | { file: { mount: Mounted; path: string } };

type Signature = { type: string | null; label: string | null };

export function emptyMachine(): Machine {
  return { disks: [], layers: [], mounts: [], swaps: [], signatures: new Map(), lastDiskseq: 0 };
}

/** What opens its nodes exclusively: the kernel refuses others, and says busy. Loop devices do not. */
export function exclusiveUsers(machine: Machine): string[][] {
  const layers = machine.layers.filter(({ type }) => type !== 'partition' && type !== 'loop');
  const swaps = machine.swaps.flatMap((swap) => ('on' in swap ? [[swap.on]] : []));
  return [...layers.map(({ on }) => on), ...machine.mounts.map(({ on }) => on), ...swaps];
}

/** The whole disk or other whole device that a node is a partition of, or the node itself. */
export function wholeOf(name: string, machine: Machine): string {
  const layer = machine.layers.find((each) => each.name === name);
  return layer?.type === 'partition' ? (layer.on[0] ?? name) : name;
}

/** Nodes that something may still be put on: not partitioned and not taken. */
export function openNodes(machine: Machine): string[] {
  const taken = new Set(exclusiveUsers(machine).flat());
  const partitioned = machine.layers.flatMap(({ type, on }) => (type === 'partition' ? on : []));
  const shown = machine.layers.filter(({ type }) => !['bcache-cache', 'zpool', 'zram'].includes(type));
  const all = [...machine.disks, ...shown].map(({ name }) => name);
  return all.filter((name) => !taken.has(name) && !partitioned.includes(name));
}
