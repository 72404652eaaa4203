import { constants } from 'node:fs';
import { alignedBuffers, openDirect } from './direct.ts';

/** A drive or rehearsal medium that can only be read. Offsets and lengths in bytes. */
export type BlockReader = {
  /** Reads at most `buffer.length` bytes; fewer only at the end or on a device that has gone. */
  read(buffer: Uint8Array, offset: number): Promise<number>;
  /** True when reads and writes bypass the operating system's cache. */
  readonly direct: boolean;
  /** Buffers that this device takes, `count` of `size` bytes; `size` is a multiple of 64 KiB. */
  buffers(count: number, size: number): Uint8Array[];
  close(): Promise<void>;
};

/** The only type that can destroy data. It is made by `openForOverwrite` and by nothing else. */
export type BlockWriter = BlockReader & {
  write(buffer: Uint8Array, offset: number): Promise<number>;
  /** Resolves once the device acknowledged that what was written is on the medium. */
  flush(): Promise<void>;
};

const { O_RDONLY, O_RDWR, O_EXCL, O_NOFOLLOW } = constants;

/**
 * Opens a target for its overwrite. A block device is opened exclusively, which the kernel refuses while any part
 * of it is mounted, used as swap or held; a symbolic link is refused, so that the name confirmed is the node opened.
 * @throws the error of open(2): EBUSY for a drive in use
 */
export async function openForOverwrite(path: string, kind: 'file' | 'block'): Promise<BlockWriter> {
  const flags = O_RDWR | O_NOFOLLOW | (kind === 'block' ? O_EXCL : 0);
  const { handle, direct } = await openDirect(path, flags);
  try {
    const stat = await handle.stat();
    if (kind === 'file' ? !stat.isFile() : !stat.isBlockDevice()) throw new Error(`${path} is not a ${kind}`);
  } catch (error) {
    await handle.close();
    throw error;
  }
  return {
    direct,
    buffers: alignedBuffers,
    read: async (buffer, offset) => (await handle.read(buffer, 0, buffer.length, offset)).bytesRead,
    write: async (buffer, offset) => (await handle.write(buffer, 0, buffer.length, offset)).bytesWritten,
    flush: () => handle.sync(),
    close: () => handle.close(),
  };
}

/** Opens a block device for reading alone, exclusively. @throws the error of open(2): EBUSY for one in use */
export async function openForReading(path: string): Promise<BlockReader> {
  const { handle, direct } = await openDirect(path, O_RDONLY | O_NOFOLLOW | O_EXCL);
  return {
    direct,
    buffers: alignedBuffers,
    read: async (buffer, offset) => (await handle.read(buffer, 0, buffer.length, offset)).bytesRead,
    close: () => handle.close(),
  };
}
