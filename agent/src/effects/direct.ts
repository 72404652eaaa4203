import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';

/** Some file systems (older tmpfs among them) know no direct I/O: the file is then read through the cache, and says so. */
export async function openDirect(
  path: string,
  flags: number,
): Promise<{ handle: FileHandle; direct: boolean }> {
  try {
    return { handle: await open(path, flags | constants.O_DIRECT), direct: true };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EINVAL') throw error;
    return { handle: await open(path, flags), direct: false };
  }
}

// Node has it; its types come with browsers' only.
declare const WebAssembly: { Memory: new (limits: { initial: number }) => { buffer: ArrayBuffer } };

/**
 * Page-aligned memory, `count` buffers of `size` bytes, a multiple of 64 KiB. O_DIRECT wants aligned buffers and
 * `Buffer.alloc` gives none: it fails with EINVAL on SATA, virtio and mmc, while the memory of a
 * `WebAssembly.Memory` begins on a page.
 */
export function alignedBuffers(count: number, size: number): Uint8Array[] {
  const memory = new WebAssembly.Memory({ initial: (count * size) / 65_536 });
  return Array.from({ length: count }, (_, index) => new Uint8Array(memory.buffer, index * size, size));
}
