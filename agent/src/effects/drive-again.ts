import { open, readFile, writeFile } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import type { Run } from './types.ts';

const SECTOR = 512;

/**
 * Lets the kernel ask a drive for its size again, and reads it, in bytes. Nothing is written to the drive.
 * @returns null where the drive no longer answers
 */
export async function sizeAgain(path: string): Promise<number | null> {
  const folder = `/sys/block/${path.replace(/^\/dev\//, '')}`;
  for (const rescan of ['device/rescan', 'device/rescan_controller'])
    await writeFile(`${folder}/${rescan}`, '1').catch(() => {}); // each bus has its own, or none
  try {
    const sectors = Number((await readFile(`${folder}/size`, 'utf8')).trim());
    return Number.isSafeInteger(sectors * SECTOR) ? sectors * SECTOR : null;
  } catch {
    return null;
  }
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
