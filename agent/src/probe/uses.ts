import type { KnownTopology, MountFact } from '../decide/topology.ts';
import type { Files } from '../effects/types.ts';
import { type Mount, parseMountinfo, parseSwaps } from '../parse/mounts.ts';
import { mayList, mustList, mustRead, Unreadable } from './must-read.ts';

/** What the kernel says is in use, beside the nodes themselves. */
export async function readUses(
  files: Files,
): Promise<Pick<KnownTopology, 'mounts' | 'swaps' | 'btrfs' | 'pools'>> {
  const mounts = await readMounts(files);
  return {
    mounts,
    swaps: await readSwaps(files),
    btrfs: await readBtrfs(files, mounts),
    pools: await readPools(files, mounts),
  };
}

/** Mounts of this process and of the first one: a chroot or a container sees only its own. */
async function readMounts(files: Files): Promise<MountFact[]> {
  const tables = ['/proc/self/mountinfo', '/proc/1/mountinfo'];
  const parsed: Mount[] = [];
  for (const table of tables) {
    const mounts = parseMountinfo(await mustRead(files, table));
    if (!mounts) throw new Unreadable(table);
    parsed.push(...mounts);
  }
  return await Promise.all(
    parsed.map(async ({ device, mountPoint, fsType, source, folders }) => ({
      ...{ number: device, place: mountPoint, fsType, folders },
      sources: await sourcesOf(files, source),
    })),
  );
}

/** `/dev/mapper/root` → `/dev/dm-0`; bcachefs joins its devices by colons. What is no path is a name (a zfs data set). */
async function sourcesOf(files: Files, source: string): Promise<string[]> {
  const all =
    source.startsWith('/') && source.includes(':/') ? [source, ...source.split(/:(?=\/)/)] : [source];
  const real = await Promise.all(all.map((each) => realPath(files, each)));
  return [...new Set([...all, ...real])];
}

async function readSwaps(files: Files): Promise<string[]> {
  const swaps = parseSwaps(await mustRead(files, '/proc/swaps'));
  if (!swaps) throw new Unreadable('/proc/swaps');
  const real = await Promise.all(swaps.map((path) => realPath(files, path)));
  return [...new Set([...swaps, ...real])];
}

async function realPath(files: Files, path: string): Promise<string> {
  if (!path.startsWith('/')) return path;
  const real = await files.real(path);
  if (real.kind === 'refused') throw new Unreadable(path);
  return real.kind === 'read' ? real.value : path;
}

/** /sys/fs/btrfs has a folder for each mounted file system, with a link for each of its devices. */
async function readBtrfs(files: Files, mounts: readonly MountFact[]): Promise<string[][]> {
  const place = '/sys/fs/btrfs';
  const isUsed = mounts.some(({ fsType }) => fsType === 'btrfs');
  const names = isUsed ? await mustList(files, place) : ((await mayList(files, place)) ?? []);
  const systems = names.filter((name) => /^[0-9a-f-]{36}$/.test(name));
  if (isUsed && systems.length === 0) throw new Unreadable(place);
  return await Promise.all(systems.map((id) => mustList(files, `${place}/${id}/devices`)));
}

/** Each imported pool has a folder here; without the module there is none. */
async function readPools(files: Files, mounts: readonly MountFact[]): Promise<string[]> {
  const place = '/proc/spl/kstat/zfs';
  const sets = mounts.filter(({ fsType }) => fsType === 'zfs').flatMap(({ sources }) => sources);
  const names = (await mayList(files, place)) ?? [];
  const imported: string[] = [];
  for (const name of names) {
    // Beside the pools there are files of statistics.
    if ((await mayList(files, `${place}/${name}`)) !== null) imported.push(name);
  }
  return [...new Set([...imported, ...sets.map((source) => source.split('/', 1)[0] ?? '')])];
}
