import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { StartRefusal } from '../start-refusal.ts';
import { privateFolder } from './folder.ts';
import { holdFolder } from './hold.ts';

export type DataFolder = { database: string; keys: string; tls: string };

/** Makes or finds the data folder and holds it, before anything in it is read or written. @throws StartRefusal */
export async function openDataFolder(path: string): Promise<DataFolder> {
  try {
    await privateFolder(path);
    await access(path, constants.W_OK);
  } catch (error) {
    throw unusable(path, error) ?? error;
  }
  await holdFolder(path);
  const folder = {
    database: join(path, 'rebond.sqlite'),
    keys: join(path, 'keys'),
    tls: join(path, 'tls'),
  };
  await refuseWithoutDatabase(folder);
  await privateFolder(folder.keys);
  return folder;
}

/** True once this folder holds a key that documents may have been signed with. */
export async function hasKeys(keys: string): Promise<boolean> {
  const files = ['workshop.key.json', 'server.key.json'].map((name) => exists(join(keys, name)));
  return (await Promise.all(files)).includes(true);
}

/** The database is made before the keys: keys without it mean that it was lost, and with it every record. */
async function refuseWithoutDatabase({ database, keys }: DataFolder): Promise<void> {
  if (!(await hasKeys(keys)) || (await exists(database))) return;
  throw new StartRefusal(
    `La base de données ${database} manque alors que les clés de l’atelier sont là : rien n’a été changé ; ` +
      'remettez-la en place, ou nommez un autre dossier dans REBOND_DATA.',
    `The database ${database} is missing although the workshop’s keys are there: nothing was changed; ` +
      'put it back, or name another folder in REBOND_DATA.',
  );
}

async function exists(path: string): Promise<boolean> {
  return await stat(path).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return false;
      throw error;
    },
  );
}

function unusable(path: string, error: unknown): StartRefusal | null {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'EEXIST' || code === 'ENOTDIR') {
    return new StartRefusal(
      `${path} n’est pas un dossier : nommez un dossier dans REBOND_DATA.`,
      `${path} is not a folder: name a folder in REBOND_DATA.`,
    );
  }
  // Node says ENOENT where it cannot make a folder inside one of a read-only disk.
  if (['EROFS', 'EACCES', 'EPERM', 'ENOENT'].includes(code ?? '')) {
    return new StartRefusal(
      `Le serveur ne peut pas écrire dans ${path} (disque en lecture seule, ou droits) : rien n’a été changé ; ` +
        'rendez-le inscriptible ou nommez un autre dossier dans REBOND_DATA.',
      `The server cannot write in ${path} (read-only disk, or permissions): nothing was changed; ` +
        'make it writable or name another folder in REBOND_DATA.',
    );
  }
  return null;
}
