/**
 * The block devices of the running system as the kernel has them now, with everything that uses one of them. Facts only:
 * what follows from them is decided in `use.ts` and `eligibility.ts`.
 */
export type Topology =
  | {
      kind: 'known';
      nodes: BlockNode[];
      mounts: MountFact[];
      /** Paths of /proc/swaps, links followed: nodes and files. */
      swaps: string[];
      /** Kernel names of the devices of each mounted btrfs: all of them are in use, whichever was named to mount(8). */
      btrfs: string[][];
      /** Imported zfs pools by name. Their members cannot be told from sysfs; their label is the pool's name. */
      pools: string[];
      hidden: HiddenDrives;
    }
  /** One place could not be read: nothing may be wiped. */
  | { kind: 'unknown'; detail: string };
export type KnownTopology = Extract<Topology, { kind: 'known' }>;

export type BlockNode = {
  /** Kernel name: `sda`, `sda1`, `dm-0`, `loop3`. */
  name: string;
  /** `major:minor`, as mountinfo names devices. */
  number: string;
  kind: BlockKind;
  /** The whole disk of a partition or of an eMMC's boot area; else null. */
  partOf: string | null;
  /** What it is made of, and what is made of it (device-mapper, md, bcache, multipath). */
  slaves: string[];
  holders: string[];
  /** Other paths that the kernel calls it by: device-mapper's name. */
  alias: string | null;
  /** Of a loop device its file, of zram its write-back device: a path as the kernel gives it. */
  backing: string | null;
  /** A registered member of bcache; a caching device has no holder. */
  registered: boolean;
  /** Of whole disks; counts up with each disk that appears in this boot, and is never given twice. */
  diskseq: string | null;
  readOnly: boolean;
  /** The kernel's word on an exclusive opening of the whole disk. It also knows of mounts that nobody here can see. */
  claim: 'free' | 'busy' | 'unknown';
  content: Content;
  /** What this disk shares with others that a command to the whole drive would destroy along with it. */
  unit: Unit;
};

export type BlockKind =
  | 'disk'
  | 'partition'
  /** Boot or replay area of an eMMC, a disk of its own to the kernel. */
  | 'area'
  /** Made of other devices: device-mapper, md, bcache, drbd, a volume of zfs. */
  | 'assembly'
  | 'loop'
  | 'memory'
  | 'optical'
  /** A network block device that is none of SCSI or NVMe. */
  | 'remote';

/** The file system or member signature on a node, by blkid's names; `unknown` where nothing says. */
export type Content = { kind: 'read'; type: string | null; label: string | null } | { kind: 'unknown' };

/** `apart`: whatever is told to this disk concerns this disk. `shared`: disks with the same name are one drive. */
export type Unit = { kind: 'apart' } | { kind: 'shared'; name: string } | { kind: 'unknown' };

export type MountFact = {
  number: string;
  place: string;
  fsType: string;
  /** The source, links followed; several where a file system names several devices (bcachefs). */
  sources: string[];
  /** Of an overlay, the folders that it is made of. */
  folders: string[];
};

/** PCI addresses behind which drives are that the kernel cannot show. */
export type HiddenDrives = { remapped: string[]; vmdWithoutDriver: string[] };

const KINDS: readonly (readonly [RegExp, BlockKind])[] = [
  [/^loop\d/, 'loop'],
  [/^z?ram\d/, 'memory'],
  [/^(?:sr|fd)\d/, 'optical'],
  [/^(?:nbd|rbd)\d|^etherd\b/, 'remote'],
  [/^(?:dm-|md_?d?|bcache|drbd|zd)\d/, 'assembly'],
  [/^mmcblk\d+(?:boot\d+|rpmb|gp\d+)$/, 'area'],
];

/** What a node of /sys/block is, by the name that its driver gave it. */
export function blockKind(name: string): Exclude<BlockKind, 'partition'> {
  const kind = KINDS.find(([pattern]) => pattern.test(name))?.[1] ?? 'disk';
  return kind === 'partition' ? 'disk' : kind;
}

/** The node of a drive's path, `/dev/sda`. */
export function nodeOf(path: string, topology: KnownTopology): BlockNode | null {
  const name = path.replace(/^\/dev\//, '');
  return topology.nodes.find((node) => node.name === name) ?? null;
}
