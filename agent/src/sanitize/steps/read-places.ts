import type { BlockWriter } from '../../effects/block.ts';

/** Reads a whole piece into `buffer`. @returns false where the drive cannot read it */
export async function readPiece(
  reader: Pick<BlockWriter, 'read'>,
  buffer: Uint8Array,
  offset: number,
): Promise<boolean> {
  // What an earlier read left here must not pass for what the drive holds.
  buffer.fill(0);
  try {
    for (let done = 0; done < buffer.length;) {
      const count = await reader.read(buffer.subarray(done), offset + done);
      if (count <= 0) return false;
      done += count;
    }
    return true;
  } catch {
    return false;
  }
}

/** One byte again and again. */
export function isBlank(bytes: Uint8Array): boolean {
  return Buffer.compare(bytes.subarray(1), bytes.subarray(0, -1)) === 0;
}
