import { chmod, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Writes a file that another program of this system reads, with its mode from the first byte on, whole or not at all.
 * Under /run and /var/lib, which on the live image are memory: nothing here needs to outlive the power.
 */
export async function writeSystemFile(file: { path: string; text: string; mode: number }): Promise<void> {
  const { path, text, mode } = file;
  await mkdir(dirname(path), { recursive: true });
  const temporary = `${path}.rebond-partial`;
  await rm(temporary, { force: true });
  await writeFile(temporary, text, { mode, flag: 'wx' });
  await chmod(temporary, mode);
  await rename(temporary, path);
}

export async function removeSystemFile(path: string): Promise<void> {
  await rm(path, { force: true });
}
