// nwipe in a small guest of the virtual laptop: some virtual machines make its way through the page cache very slow.
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { drive } from '../test-fixtures/virtual-laptop/drive.ts';
import { newestImage, systemOf } from '../test-fixtures/virtual-laptop/image.ts';
import { ENDED, MODULES, startSmallGuest } from '../test-fixtures/virtual-laptop/small-guest.ts';
import type { SystemTree } from '../test-fixtures/virtual-laptop/system-tree.ts';
import { NWIPE } from './bench-wipe-tools.ts';

const SIZE = 512 * 1024 * 1024;
const builds = join(import.meta.dirname, '../build/live-image');

/** Bytes of drive a second, one pass and its read-back; null where no live image was built or it cannot be had. */
export async function nwipeInGuest(folder: string): Promise<number | null> {
  if (!existsSync(builds)) return null;
  mkdirSync(folder, { recursive: true });
  const tree = withHostsLibraries(systemOf(newestImage(builds), join(folder, 'system')));
  await using guest = await startSmallGuest({
    ...{ tree, folder: join(folder, 'guest'), ram: '1G', modules: [...MODULES.nvme, ...MODULES.virtio] },
    drives: [drive.virtio({ size: SIZE })],
    files: { 'usr/sbin/nwipe': { from: nwipePath() } },
    script: `sleep 1; nwipe ${NWIPE.join(' ')} /dev/vda`,
  });
  await guest.serial.waitFor(ENDED, { timeout: 300_000 });
  const said = guest.serial.text();
  const seconds = secondsOf(said);
  if (!/\|\s*Erased\s*\|/.test(said) || seconds === null) return null;
  return SIZE / seconds;
}

/** From its log, whose times are whole seconds. */
function secondsOf(said: string): number | null {
  const at = (words: string): number | null => {
    const time = new RegExp(`(\\d+):(\\d+):(\\d+)\\][^\\n]*${words}`).exec(said);
    return time && Number(time[1]) * 3600 + Number(time[2]) * 60 + Number(time[3]);
  };
  const [began, ended] = [at('Starting pass 1/1'), at('Finished final round')];
  return began === null || ended === null ? null : Math.max(1, ended - began);
}

function nwipePath(): string {
  return ['/usr/sbin/nwipe', '/usr/bin/nwipe'].find((path) => existsSync(path)) ?? '/usr/sbin/nwipe';
}

/** nwipe is this machine's, and so are those of its libraries that the image has not. */
function withHostsLibraries(tree: SystemTree): SystemTree {
  const host = (path: string): string | null => {
    const full = join('/', path);
    return existsSync(full) && readFileSync(full).length > 0 ? full : null;
  };
  return { ...tree, find: (path) => tree.find(path) ?? (/\.so/.test(path) ? host(path) : null) };
}
