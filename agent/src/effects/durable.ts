import { constants } from 'node:fs';
import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** A folder in which what is written is on the disk when the promise resolves. Names are checked by the caller. */
export type DurableFolder = {
  readonly path: string;
  /** Writes a whole file or none: a temporary file, fsync, rename, fsync of the folder. Mode 0600. */
  write(name: string, bytes: Uint8Array): Promise<void>;
  /** Null when there is no such file. */
  read(name: string, maxBytes: number): Promise<Uint8Array | null>;
  /** Names without temporary files, sorted. */
  names(): Promise<string[]>;
  /** Moves a file into another folder of the same file system. */
  move(name: string, to: DurableFolder): Promise<void>;
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
    write: (name, bytes) => writeWhole(join(path, name), bytes),
    read: (name, maxBytes) => readBounded(join(path, name), maxBytes),
    names: async () => (await readdir(path)).filter((name) => !name.endsWith(TEMPORARY)).sort(),
    move: async (name, to) => {
      await rename(join(path, name), join(to.path, name));
      await syncFolder(to.path);
      await syncFolder(path);
    },
    remove: async (name) => {
      await rm(join(path, name), { force: true });
      await syncFolder(path);
    },
    appendTo: (name) => openLog(join(path, name)),
  };
}

/** Makes a folder and those above it. (Node's own recursion never ends where the kernel refuses, as under /proc.) */
async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { mode: 0o700 });
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
  } finally {
    await handle.close();
  }
  await rename(temporary, path);
  await syncFolder(dirname(path));
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
  await syncFolder(dirname(path));
  return {
    line: async (text) => {
      // Writes all of it or throws: a line that a full disk cut short must not pass for written.
      await handle.appendFile(`${text}\n`);
      await handle.sync();
    },
    close: () => handle.close(),
  };
}

async function syncFolder(path: string): Promise<void> {
  const handle = await open(path, constants.O_RDONLY | constants.O_DIRECTORY);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
