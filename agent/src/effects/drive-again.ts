import { access, open, readdir, readFile } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { type BlockReader, openForReading } from './block.ts';
import { run as runHere } from './run.ts';
import type { Run } from './types.ts';

const SECTOR = 512;
const ANSWERS_WITHIN_MS = 20_000;

/**
 * Lets the kernel ask a drive for its size again, and reads it, in bytes. Nothing is written to the drive.
 * @returns null where the drive no longer answers
 */
export async function sizeAgain(path: string, run: Run = runHere): Promise<number | null> {
  const folder = `/sys/block/${path.replace(/^\/dev\//, '')}`;
  try {
    // Each bus has its own, or none.
    for (const rescan of [`${folder}/device/rescan`, `${folder}/device/rescan_controller`])
      if (await exists(rescan)) {
        // Behind a command that never ends this waits for ever in the kernel, where nothing ends it: a process is left
        // behind then, and not a thread of this one.
        const asked = await run(['sh', '-c', 'echo 1 >"$0"', rescan], { timeoutMs: ANSWERS_WITHIN_MS });
        if (asked.kind === 'timed-out') return null;
      }
    const sectors = Number((await readFile(`${folder}/size`, 'utf8')).trim());
    return Number.isSafeInteger(sectors * SECTOR) ? sectors * SECTOR : null;
  } catch {
    return null;
  }
}

async function exists(path: string): Promise<boolean> {
  return await access(path).then(
    () => true,
    () => false,
  );
}

/**
 * Opens another namespace of an NVMe controller for reading, exclusively: one that is mounted or held is refused by the
 * kernel (EBUSY), so that nothing in use goes with the target.
 * @param controller its node, e.g. `/dev/nvme0`
 */
export async function openNamespace(controller: string, nsid: number): Promise<BlockReader> {
  const folder = `/sys/class/nvme/${controller.replace(/^\/dev\//, '')}`;
  for (const name of await readdir(folder)) {
    if (!/^nvme\d+n\d+$/.test(name)) continue;
    const found = Number((await readFile(`${folder}/${name}/nsid`, 'utf8')).trim());
    if (found === nsid) return await openForReading(`/dev/${name}`);
  }
  throw new Error(`${controller} has no namespace ${nsid}`);
}

const ASLEEP_SECONDS = 5;
const MEM_SLEEP = '/sys/power/mem_sleep';

/**
 * Puts the machine to sleep so deeply that its drives lose their power, and wakes it by its clock.
 * @returns false where it cannot sleep so, or did not
 */
export async function suspend(run: Run): Promise<boolean> {
  try {
    const ways = await readFile(MEM_SLEEP, 'utf8');
    // s2idle leaves drives powered.
    if (!/\bdeep\b/.test(ways)) return false;
    if (!/\[deep\]/.test(ways)) await putWord(MEM_SLEEP, 'deep');
  } catch {
    return false;
  }
  const slept = await run(['rtcwake', '-m', 'mem', '-s', String(ASLEEP_SECONDS)], { timeoutMs: 120_000 });
  return slept.kind === 'exited' && slept.exitCode === 0;
}

async function putWord(path: string, word: string): Promise<void> {
  const handle = await open(path, 'w');
  try {
    await handle.writeFile(word);
  } finally {
    await handle.close();
  }
}

export async function waitMs(ms: number): Promise<void> {
  await wait(ms);
}
