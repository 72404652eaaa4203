import { constants } from 'node:fs';
import { type FileHandle, mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** A folder that is only read: it may be on a medium that takes no write. Names are checked by the caller. */
export type ReadFolder = {
  readonly path: string;
  /** Null when there is no such file. */
  read(name: string, maxBytes: number): Promise<Uint8Array | null>;
  /** Names without temporary files, sorted. */
  names(): Promise<string[]>;
};

/** A folder in which what is written is on the disk when the promise resolves. */
export type DurableFolder = ReadFolder & {
  /** Replaces a file by way of a temporary one: fsync, rename, fsync of both. Mode 0600 where modes are kept. */
  write(name: string, bytes: Uint8Array): Promise<void>;
  /** Writes a file straight under its name, where a torn one is told from a whole one: see README on FAT. */
  put(name: string, bytes: Uint8Array): Promise<void>;
  remove(name: string): Promise<void>;
  /** Opens a log to append to; each line is on the disk when its promise resolves. */
  appendTo(name: string): Promise<DurableLog>;
};

type DurableLog = { line(text: string): Promise<void>; close(): Promise<void> };

/** Nobody else's files end like this: what ends so was ours, and never became whole. */
const TEMPORARY = '.rebond-partial';

/** Makes the folder (0700) if needed and removes temporary files that a power cut left in it. */
export async function durableFolder(path: string): Promise<DurableFolder> {
  await makeFolder(path);
  for (const name of await readdir(path)) {
    if (name.endsWith(TEMPORARY)) await rm(join(path, name), { force: true });
  }
  return {
    path,
    read: (name, maxBytes) => readBounded(join(path, name), maxBytes),
    names: () => namesIn(path),
    write: (name, bytes) => writeWhole(join(path, name), bytes),
    put: (name, bytes) => putWhole(join(path, name), bytes),
    remove: async (name) => {
      await rm(join(path, name), { force: true });
      await syncFolder(path);
    },
    appendTo: (name) => openLog(join(path, name)),
  };
}

/** Makes nothing and removes nothing; without such a folder `names` is empty. */
export function readFolder(path: string): ReadFolder {
  return {
    path,
    read: (name, maxBytes) => readBounded(join(path, name), maxBytes),
    names: () => namesIn(path).catch(nothingWhereAbsent),
  };
}

async function namesIn(path: string): Promise<string[]> {
  return (await readdir(path)).filter((name) => !name.endsWith(TEMPORARY)).sort();
}

function nothingWhereAbsent(error: unknown): string[] {
  if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
  throw error;
}

/** Makes a folder and those above it. (Node's own recursion never ends where the kernel refuses, as under /proc.) */
async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { mode: 0o700 });
    await syncFolder(dirname(path));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST' && (await stat(path)).isDirectory()) return;
    const above = dirname(path);
    if (code !== 'ENOENT' || above === path || (await exists(above))) throw error;
    await makeFolder(above);
    await makeFolder(path);
  }
}

async function exists(path: string): Promise<boolean> {
  return await stat(path).then(
    () => true,
    () => false,
  );
}

async function writeWhole(path: string, bytes: Uint8Array): Promise<void> {
  const temporary = path + TEMPORARY;
  const handle = await open(temporary, 'w', 0o600);
  try {
    await handle.writeFile(bytes);
    await handle.sync();
    await rename(temporary, path);
    // vfat keeps a file's length and place in its folder's entry, and a rename makes a new one without them: they
    // reach the disk with the file, not with the folder, which forgets the old entry.
    await handle.sync();
  } finally {
    await handle.close();
  }
  await syncFolder(dirname(path));
}

async function putWhole(path: string, bytes: Uint8Array): Promise<void> {
  const there = await readBounded(path, bytes.length).catch(() => null);
  // What is whole already is not opened for truncation: a cut then would lose it.
  const same = there !== null && Buffer.compare(there, bytes) === 0;
  const handle = await open(path, same ? 'r+' : 'w', 0o600);
  try {
    if (!same) await handle.writeFile(bytes);
    await syncAppended(handle, path);
  } catch (error) {
    if (!same) await rm(path, { force: true }).catch(() => {}); // torn: recognized as such if it stays
    throw error;
  } finally {
    await handle.close();
  }
}

/**
 * The folder first, then the file: on vfat the folder's fsync writes the chain of clusters, the file's own its length.
 * The other way round a cut leaves a length without clusters, and the kernel answers such a file by mounting the
 * stick read-only.
 */
async function syncAppended(handle: FileHandle, path: string): Promise<void> {
  await syncFolder(dirname(path));
  await handle.sync();
}

async function readBounded(path: string, maxBytes: number): Promise<Uint8Array | null> {
  try {
    const { size } = await stat(path);
    if (size > maxBytes) throw new RangeError(`${path} is larger than ${maxBytes} bytes`);
    return await readFile(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

async function openLog(path: string): Promise<DurableLog> {
  const handle = await open(path, constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT, 0o600);
  try {
    await syncFolder(dirname(path));
  } catch (error) {
    await handle.close();
    throw error;
  }
  return {
    line: async (text) => {
      // Writes all of it or throws: a line that a full disk cut short must not pass for written.
      await handle.appendFile(`${text}\n`);
      await syncAppended(handle, path);
    },
    close: () => handle.close(),
  };
}

export async function syncFolder(path: string): Promise<void> {
  const handle = await open(path, constants.O_RDONLY | constants.O_DIRECTORY);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
