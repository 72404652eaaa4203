import type { BlockNode, KnownTopology, MountFact } from './topology.ts';

/** What the running system does with one whole disk: with itself, its parts, and all that is stacked on them. */
export type DiskUse = {
  /** Where something is mounted that needs this disk, near or far up the stack. */
  places: string[];
  swap: boolean;
  /** Kernel names of active assemblies over it; a registered bcache member and an imported pool count too. */
  assemblies: string[];
  /** Loop devices whose file or device is on it, and zram devices that write back to it. */
  backs: string[];
};

/**
 * Follows the stack upward from one disk: parts, holders, devices that name it as a slave, loop devices over it or over a
 * file of a file system on it, and so on, until nothing is added.
 */
export function useOf(disk: BlockNode, topology: KnownTopology): DiskUse {
  const needed = new Set<string>([disk.name]);
  const mounts = new Set<MountFact>();
  for (let before = -1; before !== needed.size + mounts.size;) {
    before = needed.size + mounts.size;
    for (const mount of topology.mounts) if (needs(mount, needed, mounts, topology)) mounts.add(mount);
    for (const node of topology.nodes) if (standsOn(node, needed, mounts, topology)) needed.add(node.name);
  }
  const above = topology.nodes.filter(({ name }) => needed.has(name));
  return {
    places: [...new Set(Array.from(mounts, ({ place }) => place))],
    swap: topology.swaps.some((path) => isNeeded(path, needed, mounts, topology)),
    assemblies: assembliesOf(above, needed, topology),
    backs: above.filter(({ backing }) => backing !== null).map(({ name }) => name),
  };
}

/** Made of a needed node, a part of one, or backed by one or by a file on a needed mount. */
function standsOn(
  node: BlockNode,
  needed: ReadonlySet<string>,
  mounts: ReadonlySet<MountFact>,
  topology: KnownTopology,
): boolean {
  if (node.partOf !== null && needed.has(node.partOf)) return true;
  if (node.slaves.some((slave) => needed.has(slave))) return true;
  if (topology.nodes.some(({ name, holders }) => needed.has(name) && holders.includes(node.name)))
    return true;
  return node.backing !== null && isNeeded(node.backing, needed, mounts, topology);
}

function needs(
  mount: MountFact,
  needed: ReadonlySet<string>,
  mounts: ReadonlySet<MountFact>,
  topology: KnownTopology,
): boolean {
  if (nodesOf(mount, topology).some((name) => needed.has(name))) return true;
  return mount.folders.some((folder) => mountsUnder(folder, topology).some((below) => mounts.has(below)));
}

/** A path in use (a swap, the back of a loop device) needs a node, or a file system on one. */
function isNeeded(
  path: string,
  needed: ReadonlySet<string>,
  mounts: ReadonlySet<MountFact>,
  topology: KnownTopology,
): boolean {
  if (nodesAt(path, topology).some((name) => needed.has(name))) return true;
  return mountsUnder(path, topology).some((mount) => mounts.has(mount));
}

/** The nodes that a mounted file system is on. btrfs, bcachefs and zfs mount under device numbers of their own. */
function nodesOf(mount: MountFact, topology: KnownTopology): string[] {
  const own = topology.nodes.filter(({ number }) => number === mount.number).map(({ name }) => name);
  const named = [...own, ...mount.sources.flatMap((source) => nodesAt(source, topology))];
  const whole = topology.btrfs.filter((devices) => devices.some((name) => named.includes(name)));
  const pool = mount.fsType === 'zfs' ? membersOf(mount.sources, topology) : [];
  return [...named, ...whole.flat(), ...pool];
}

/** Members of the pools that these data sets (`pool/home`) belong to. */
function membersOf(dataSets: readonly string[], { nodes }: KnownTopology): string[] {
  const pools = dataSets.map((source) => source.split('/', 1)[0]);
  const isMember = ({ content }: BlockNode): boolean =>
    content.kind === 'read' && content.type === 'zfs_member' && pools.includes(content.label ?? '');
  return nodes.filter(isMember).map(({ name }) => name);
}

/** The node that a path names: by the kernel's name wherever its /dev is mounted, or by device-mapper's. */
function nodesAt(path: string, { nodes }: KnownTopology): string[] {
  const inDev = /(?:^|\/)dev\/(.+?)(?: \(deleted\))?$/.exec(path)?.[1];
  if (inDev === undefined) return [];
  const names = [inDev, inDev.replaceAll('/', '!')];
  const is = ({ name, alias }: BlockNode): boolean =>
    names.includes(name) || (alias !== null && inDev === `mapper/${alias}`);
  return nodes.filter(is).map(({ name }) => name);
}

/**
 * The mounts that a file may lie on: those at the deepest mount point above it, and all of them where one covers another.
 * A file that was deleted lies where it lay.
 */
function mountsUnder(path: string, { mounts }: KnownTopology): MountFact[] {
  const depth = Math.max(...mounts.map(({ place }) => (isInside(path, place) ? place.length : -1)));
  return mounts.filter(({ place }) => place.length === depth && isInside(path, place));
}

function isInside(path: string, place: string): boolean {
  return place === '/' ? path.startsWith('/') : path === place || path.startsWith(`${place}/`);
}

function assembliesOf(
  above: readonly BlockNode[],
  needed: ReadonlySet<string>,
  { nodes, pools, btrfs }: KnownTopology,
): string[] {
  const held = above.flatMap(({ holders }) => holders);
  const made = nodes.filter(({ slaves }) => slaves.some((slave) => needed.has(slave)));
  const cached = above.filter(({ registered }) => registered).map(({ name }) => `bcache (${name})`);
  const volumes = btrfs.filter((devices) => devices.some((name) => needed.has(name)));
  const imported = above.flatMap(({ content }) => {
    if (content.kind !== 'read' || content.type !== 'zfs_member') return [];
    // A member whose pool is not known may belong to any pool that is imported.
    return pools
      .filter((pool) => content.label === null || content.label === pool)
      .map((pool) => `zfs (${pool})`);
  });
  const mountedVolumes = volumes.map((devices) => `btrfs (${devices.join(' + ')})`);
  return [...new Set([...held, ...made.map(({ name }) => name), ...cached, ...imported, ...mountedVolumes])];
}
