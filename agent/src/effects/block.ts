import { close, constants, fstat, fsync, read, readFileSync, write } from 'node:fs';
import { promisify } from 'node:util';
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

/** The only type that can destroy data. It is made by `openForOverwrite` and `inheritedForOverwrite` and by nothing else. */
export type BlockWriter = BlockReader & {
  write(buffer: Uint8Array, offset: number): Promise<number>;
  /** Resolves once the device acknowledged that what was written is on the medium. */
  flush(): Promise<void>;
  /** The open file itself, for the process that does the work to inherit, the kernel's exclusive claim with it. */
  readonly descriptor: number;
};

const { O_RDONLY, O_RDWR, O_EXCL, O_NOFOLLOW, O_DIRECT, O_ACCMODE } = { O_ACCMODE: 3, ...constants };

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
  return writerOver(handle.fd, direct, () => handle.close());
}

/**
 * Takes over a target that the parent process opened, checked and handed down: nothing is looked up by its name again.
 * @throws Error when it is neither a file nor a block device, or is not open for reading and writing
 */
export async function inheritedForOverwrite(descriptor: number): Promise<BlockWriter> {
  const stat = await promisify(fstat)(descriptor);
  // proc(5): the flags of open(2), in octal.
  const flags = /^flags:\s*([0-7]+)$/m.exec(readFileSync(`/proc/self/fdinfo/${descriptor}`, 'utf8'))?.[1];
  const opened = Number.parseInt(flags ?? '0', 8);
  if (!(stat.isFile() || stat.isBlockDevice()) || (opened & O_ACCMODE) !== O_RDWR)
    throw new Error(`descriptor ${descriptor} is no target`);
  return writerOver(descriptor, (opened & O_DIRECT) !== 0, () => promisify(close)(descriptor));
}

function writerOver(descriptor: number, direct: boolean, close: () => Promise<void>): BlockWriter {
  const [reads, writes] = [promisify(read), promisify(write)];
  return {
    descriptor,
    direct,
    buffers: alignedBuffers,
    read: async (buffer, offset) => (await reads(descriptor, buffer, 0, buffer.length, offset)).bytesRead,
    write: async (buffer, offset) =>
      (await writes(descriptor, buffer, 0, buffer.length, offset)).bytesWritten,
    flush: () => promisify(fsync)(descriptor),
    close,
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
