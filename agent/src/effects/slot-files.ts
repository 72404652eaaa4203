import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, open, stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { alignedBuffers, openDirect } from './direct.ts';
import { durableFolder, syncFolder } from './durable.ts';

/** The files of one boot slot (`/live-a`, `/live-b`) of a stick. */
export type SlotFiles = {
  /** Gone from the disk when the promise resolves. */
  remove(name: string): Promise<void>;
  sizeOf(name: string): Promise<number | null>;
  /** Bytes that may still be written to this file system. */
  freeBytes(): Promise<number>;
  /** Begins a file, or begins it anew. */
  create(name: string): Promise<SlotWriter>;
  /** As it is read from the disk again, past the system's cache where the file system allows. */
  readBack(name: string): Promise<{ sha256: string; sizeBytes: number }>;
  /** A small file, on the disk when the promise resolves. */
  put(name: string, bytes: Uint8Array): Promise<void>;
};

export type SlotWriter = {
  append(bytes: Uint8Array): Promise<void>;
  /** Ends the file; all of it is on the disk when the promise resolves. */
  finish(): Promise<void>;
  /** Lets go of a file that is not to be finished. */
  abandon(): Promise<void>;
};

export type SlotDoors = {
  openSlot(folder: string): Promise<SlotFiles>;
  /**
   * Overwrites a file where it lies. It must have exactly this length, so that no cluster is given or taken.
   * @throws RangeError when it has another
   */
  rewriteInPlace(path: string, bytes: Uint8Array): Promise<void>;
};

export const slotDoors: SlotDoors = { openSlot, rewriteInPlace };

const MIB = 1024 * 1024;
/** A slow stick is written at the pace at which it writes: else all of the memory fills, and the last fsync takes minutes. */
const SYNC_EVERY = 8 * MIB;

async function openSlot(folder: string): Promise<SlotFiles> {
  const durable = await durableFolder(folder);
  return {
    remove: (name) => durable.remove(name),
    put: (name, bytes) => durable.put(name, bytes),
    sizeOf: (name) => sizeOf(join(folder, name)),
    freeBytes: async () => {
      const { bavail, bsize } = await statfs(folder);
      return bavail * bsize;
    },
    create: async (name) => {
      // Its going is on the disk before another file may be given its clusters: never are two chains crossed.
      await durable.remove(name);
      return await createFile(folder, name);
    },
    readBack: (name) => readBack(join(folder, name)),
  };
}

async function sizeOf(path: string): Promise<number | null> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

async function createFile(folder: string, name: string): Promise<SlotWriter> {
  const handle = await open(join(folder, name), 'wx', 0o600);
  let unsynced = 0;
  return {
    append: async (bytes) => {
      await handle.appendFile(bytes);
      unsynced += bytes.length;
      if (unsynced < SYNC_EVERY) return;
      await handle.datasync();
      unsynced = 0;
    },
    finish: async () => {
      try {
        await syncFolder(folder);
        await handle.sync();
      } finally {
        await handle.close();
      }
    },
    abandon: () => handle.close(),
  };
}

/** Without O_DIRECT the cache would answer with what was meant to be written, whatever the stick made of it. */
async function readBack(path: string): Promise<{ sha256: string; sizeBytes: number }> {
  const { handle } = await openDirect(path, constants.O_RDONLY | constants.O_NOFOLLOW);
  const [buffer = new Uint8Array(MIB)] = alignedBuffers(1, MIB);
  const hash = createHash('sha256');
  let sizeBytes = 0;
  try {
    for (;;) {
      const { bytesRead } = await handle.read(buffer, 0, buffer.length, sizeBytes);
      hash.update(buffer.subarray(0, bytesRead));
      sizeBytes += bytesRead;
      // A short read is the end: asking again at an offset that is no whole sector would be refused.
      if (bytesRead < buffer.length) return { sha256: hash.digest('hex'), sizeBytes };
    }
  } finally {
    await handle.close();
  }
}

async function rewriteInPlace(path: string, bytes: Uint8Array): Promise<void> {
  const handle = await open(path, constants.O_RDWR | constants.O_NOFOLLOW);
  try {
    const { size } = await handle.stat();
    if (size !== bytes.length) throw new RangeError(`${path} has ${size} bytes, not ${bytes.length}`);
    await writeAll(handle, bytes);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function writeAll(handle: FileHandle, bytes: Uint8Array): Promise<void> {
  let done = 0;
  while (done < bytes.length) {
    done += (await handle.write(bytes, done, bytes.length - done, done)).bytesWritten;
  }
}
