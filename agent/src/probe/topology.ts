import type { DiskUse, Topology } from '../decide/eligibility.ts';
import type { Claim, Files } from '../effects/types.ts';
import { type Mount, parseMountinfo, parseSwaps } from '../parse/mounts.ts';
import { udevLabel } from '../parse/udev.ts';

/** Opening these may spin a motor, and none is a drive to be wiped. */
const NO_DRIVE = /^(?:fd|sr|loop|ram|zram)\d/;

type Node = { name: string; device: string };
class Unknown extends Error {}

/**
 * What the running system does with each disk: mounts, swap, and what holds it or one of its partitions. When one
 * place cannot be read the whole topology is unknown, and nothing may be wiped.
 */
export async function probeTopology(files: Files, claim: Claim): Promise<Topology> {
  try {
    const mounts = parseMountinfo(await mountinfo(files));
    const swaps = parseSwaps(await mustRead(files, '/proc/swaps'));
    if (!mounts || !swaps) throw new Unknown('/proc');
    const swapNodes = await Promise.all(swaps.map((path) => kernelName(files, path)));
    const disks: Record<string, DiskUse> = {};
    for (const name of await mustList(files, '/sys/block')) {
      const held = NO_DRIVE.test(name) ? 'unknown' : await claim(`/dev/${name}`);
      disks[name] = { ...(await useOf(files, name, mounts, swapNodes)), claim: held };
    }
    return { kind: 'known', disks };
  } catch (error) {
    if (error instanceof Unknown) return { kind: 'unknown', detail: error.message };
    throw error;
  }
}

async function useOf(
  files: Files,
  disk: string,
  mounts: Mount[],
  swapNodes: string[],
): Promise<Omit<DiskUse, 'claim'>> {
  const folder = `/sys/block/${disk}`;
  const partitions = (await mustList(files, folder)).filter((entry) => entry.startsWith(disk));
  const folders = [folder, ...partitions.map((partition) => `${folder}/${partition}`)];
  const nodes: Node[] = [];
  const holders: string[] = [];
  for (const each of folders) {
    const name = each.slice(each.lastIndexOf('/') + 1);
    nodes.push({ name, device: (await mustRead(files, `${each}/dev`)).trim() });
    holders.push(...(await mustList(files, `${each}/holders`)));
  }
  // A file system may mount under a device number of its own (btrfs): its source still names the node.
  const mountPoints = mounts
    .filter((mount) =>
      nodes.some((node) => node.device === mount.device || mount.source === `/dev/${node.name}`),
    )
    .map((mount) => mount.mountPoint);
  return {
    mountPoints,
    swap: swapNodes.some((name) => nodes.some((node) => node.name === name)),
    holders,
    readOnly: (await mustRead(files, `${folder}/ro`)).trim() !== '0',
    labels: await labelsOf(files, nodes),
  };
}

/** What udev wrote down of each node; a system without udev has no labels, and other interlocks still hold. */
async function labelsOf(files: Files, nodes: readonly Node[]): Promise<string[]> {
  const labels = await Promise.all(
    nodes.map(async ({ device }) => {
      const data = await files.text(`/run/udev/data/b${device}`, 262_144);
      return data.kind === 'read' ? udevLabel(data.value) : null;
    }),
  );
  return labels.filter((label) => label !== null);
}

/** Mounts of this process and, where it may be read, of the first one: a chroot or a container sees only its own. */
async function mountinfo(files: Files): Promise<string> {
  const own = await mustRead(files, '/proc/self/mountinfo');
  const first = await files.text('/proc/1/mountinfo');
  return first.kind === 'read' ? own + first.value : own;
}

/** `/dev/disk/by-uuid/…` → `sda2`. A swap file resolves to its own path, which is no device's name. */
async function kernelName(files: Files, path: string): Promise<string> {
  const real = await files.real(path);
  return (real.kind === 'read' ? real.value : path).replace(/^\/dev\//, '');
}

async function mustRead(files: Files, path: string): Promise<string> {
  const result = await files.text(path);
  if (result.kind !== 'read') throw new Unknown(path);
  return result.value;
}

async function mustList(files: Files, path: string): Promise<string[]> {
  const result = await files.list(path);
  if (result.kind !== 'read') throw new Unknown(path);
  return result.value;
}
