import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import type { Claim } from './types.ts';

const { O_RDONLY, O_EXCL, O_NONBLOCK } = constants;

/**
 * Asks the kernel whether anything holds a block device: opened for reading only, exclusively, and closed at once.
 * A mount in any namespace, swap, device-mapper, md and another agent all make it busy, also through a partition.
 */
export const claim: Claim = async (path) => {
  try {
    const handle = await open(path, O_RDONLY | O_EXCL | O_NONBLOCK);
    const isBlock = (await handle.stat()).isBlockDevice();
    await handle.close();
    return isBlock ? 'free' : 'unknown';
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EBUSY' ? 'busy' : 'unknown';
  }
};
