// What an image is made of, as one digest: the same inputs find the image in the cache.
import { createHash } from 'node:crypto';
import { readFile, readdir } from 'node:fs/promises';
import { join, relative } from 'node:path';

/** Files of this room that decide what is in an image, in a fixed order. */
export async function inputFiles(room: string): Promise<string[]> {
  const entries = await readdir(room, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && !/\.test\.ts$|\.md$/.test(entry.name))
    .map((entry) => relative(room, join(entry.parentPath, entry.name)))
    .sort();
}

export async function inputsDigest(room: string, others: Readonly<Record<string, string>>): Promise<string> {
  const hash = createHash('sha256');
  for (const name of await inputFiles(room)) {
    const content = createHash('sha256')
      .update(await readFile(join(room, name)))
      .digest('hex');
    hash.update(`${name} ${content}\n`);
  }
  for (const [name, value] of Object.entries(others).sort(([a], [b]) => (a < b ? -1 : 1))) {
    hash.update(`${name}=${value}\n`);
  }
  return hash.digest('hex').slice(0, 32);
}
