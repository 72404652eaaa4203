import { constants } from 'node:fs';
import { chmod, mkdir, open, readFile, rename, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { StartRefusal } from '../start-refusal.ts';

/** Makes a folder that only its owner can enter, or checks that it is one. @throws StartRefusal */
export async function privateFolder(path: string): Promise<void> {
  const made = await mkdir(path, { recursive: true, mode: 0o700 });
  if (made) await chmod(path, 0o700);
  await checkPrivate(path);
}

/** The bytes of a file that only its owner may read; null when there is none. @throws StartRefusal */
export async function readPrivate(path: string): Promise<Uint8Array | null> {
  try {
    await checkPrivate(path);
    return new Uint8Array(await readFile(path));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

/** Writes a file with mode 0600 that is there whole or not at all, also after a power cut. */
export async function writePrivate(path: string, bytes: Uint8Array | string): Promise<void> {
  const draft = `${path}.${process.pid}.draft`;
  const file = await open(draft, constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC, 0o600);
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(draft, path);
  const folder = await open(dirname(path), constants.O_RDONLY);
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

async function checkPrivate(path: string): Promise<void> {
  const { mode, uid } = await stat(path);
  const owner = process.getuid?.() ?? uid;
  if ((mode & 0o077) !== 0 || uid !== owner) {
    throw new StartRefusal(
      `D’autres comptes que celui du serveur peuvent ouvrir ${path} : corrigez ses droits (fichiers 0600, dossiers 0700).`,
      `Accounts other than the server’s can open ${path}: correct its permissions (files 0600, folders 0700).`,
    );
  }
}
