import type { BlockWriter } from '../agent/src/effects/block.ts';

type Habits = {
  /** Offsets of bytes that cannot be read: any request over one of them fails. */
  bad?: readonly number[];
  /** A read gives no more than this at once. */
  most?: number;
  direct?: boolean;
};

export type MemoryDrive = BlockWriter & {
  bytes: Uint8Array;
  habits: Habits;
  /** Offset and length of each read, in their order. */
  reads: [number, number][];
  closed: number;
};

/** A drive that is a piece of memory, and may have bad places. It can be read, and its content changed from outside. */
export function memoryDrive(bytes: Uint8Array, habits: Habits = {}): MemoryDrive {
  const drive: MemoryDrive = {
    ...{ bytes, habits, reads: [], closed: 0, direct: habits.direct ?? true, descriptor: -1 },
    buffers: (count, size) => {
      if (size <= 0 || size % 65_536 !== 0) throw new Error(`no buffers of ${size} bytes on a drive`);
      return Array.from({ length: count }, () => new Uint8Array(size).fill(0xee));
    },
    read: async (buffer, offset) => {
      drive.reads.push([offset, buffer.length]);
      if (drive.habits.bad?.some((at) => at >= offset && at < offset + buffer.length))
        throw Object.assign(new Error('EIO'), { code: 'EIO' });
      const piece = drive.bytes.subarray(
        offset,
        offset + Math.min(buffer.length, drive.habits.most ?? buffer.length),
      );
      buffer.set(piece);
      return piece.length;
    },
    write: () => Promise.reject(new Error('only read here')),
    flush: () => Promise.reject(new Error('only read here')),
    close: async () => {
      drive.closed += 1;
    },
  };
  return drive;
}

/** Bytes no two sectors of which are alike, and none of which repeats one byte. */
export function unlikeBytes(length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let at = 0; at < length; at += 1) bytes[at] = (at * 31 + (at >> 9) * 7 + (at >> 17)) & 0xff;
  return bytes;
}
