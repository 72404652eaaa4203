import { constants } from 'node:fs';
import { open, readdir, realpath, type FileHandle } from 'node:fs/promises';
import type { Files, ReadResult } from './types.ts';

const MAX_BYTES = 1024 * 1024;

/**
 * Reads of the real file system, /proc and /sys among them, whose files lie about their size. Only regular files:
 * a device node or a pipe is refused, so nothing here can hang on one or read a drive.
 */
export const files: Files = {
  bytes: async (path, maxBytes = MAX_BYTES) => await attempt(async () => await readRegular(path, maxBytes)),
  text: async (path, maxBytes = MAX_BYTES) =>
    await attempt(async () => new TextDecoder().decode(await readRegular(path, maxBytes))),
  list: async (path) => await attempt(async () => (await readdir(path)).toSorted()),
  real: async (path) => await attempt(async () => await realpath(path)),
};

async function attempt<T>(read: () => Promise<T>): Promise<ReadResult<T>> {
  try {
    return { kind: 'read', value: await read() };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (code === 'ENOENT' || code === 'ENOTDIR') return { kind: 'absent' };
    return { kind: 'refused', detail: code || String(error) };
  }
}

async function readRegular(path: string, maxBytes: number): Promise<Uint8Array> {
  const handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    if (!(await handle.stat()).isFile()) throw new Error('not a regular file');
    return await readBounded(handle, maxBytes);
  } finally {
    await handle.close();
  }
}

async function readBounded(handle: FileHandle, maxBytes: number): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  let total = 0;
  for (;;) {
    const piece = new Uint8Array(65_536);
    const { bytesRead } = await handle.read(piece, 0, piece.length);
    if (bytesRead === 0) return new Uint8Array(Buffer.concat(pieces));
    total += bytesRead;
    if (total > maxBytes) throw new Error(`longer than ${maxBytes} bytes`);
    pieces.push(piece.subarray(0, bytesRead));
  }
}
