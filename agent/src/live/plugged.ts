import type { Files } from '../effects/types.ts';
import type { MediumState } from '../parse/live-state.ts';
import { parseMountinfo } from '../parse/mounts.ts';

/** What is still there of the medium: the disk that was booted from, and the folder that keeps things. */
export type Plugged = { disk: boolean; home: boolean };

/** Looked up in /sys again and again: a stick may be pulled at any moment. */
export async function plugged(
  medium: MediumState | null,
  home: string | null,
  files: Files,
): Promise<Plugged> {
  return {
    disk: medium !== null && (await diskIsThere(medium, files)),
    home: home !== null && (await homeIsThere(home, files)),
  };
}

async function diskIsThere({ kind, disk, diskseq }: MediumState, files: Files): Promise<boolean> {
  if (kind === 'net' || disk === null) return false;
  const folder = `/sys/block/${disk.replace(/^\/dev\//, '')}`;
  const read = await files.text(`${folder}/diskseq`);
  if (read.kind === 'read') return diskseq === null || read.value.trim() === diskseq;
  return (await files.list(folder)).kind === 'read';
}

/** The mount that holds the folder outlives its device: the device is what is asked for. */
async function homeIsThere(home: string, files: Files): Promise<boolean> {
  const real = await files.real(home);
  const table = await files.text('/proc/self/mountinfo');
  const mounts = table.kind === 'read' ? parseMountinfo(table.value) : null;
  if (!mounts) return false;
  const path = real.kind === 'read' ? real.value : home;
  const holding = mounts
    .filter(({ mountPoint }) => path === mountPoint || path.startsWith(mountPoint.replace(/\/?$/, '/')))
    .toSorted((a, b) => b.mountPoint.length - a.mountPoint.length)[0];
  if (!holding) return false;
  // Major 0: a file system without a block device of its own (a rehearsal of all this in a folder).
  if (holding.device.startsWith('0:')) return real.kind === 'read';
  return (await files.real(`/sys/dev/block/${holding.device}`)).kind === 'read';
}
