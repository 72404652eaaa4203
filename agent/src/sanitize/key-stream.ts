import { type Cipheriv, createCipheriv, randomBytes } from 'node:crypto';
import type { KeyStream, MakeKeyStream } from '../effects/openssl.ts';

/** Larger pieces leave the processor's cache and cost a third of the speed. */
const PIECE = 256 * 1024;
const ZEROS = new Uint8Array(PIECE);

/** A new 256-bit key, one for each drive and attempt, as 64 hexadecimal digits. */
export function newStreamKey(): string {
  return randomBytes(32).toString('hex');
}

/**
 * Fills `target` with the bytes that the stream has at `offset`: AES-256-CTR over zeros, the 128-bit big-endian
 * counter starting at offset / 16. Any part can be made again without the rest, so a read-back needs only the key.
 * @param offset a multiple of 16
 */
export function fillFromStream(target: Uint8Array, keyHex: string, offset: number): void {
  const cipher = cipherAt(keyHex, offset);
  for (let done = 0; done < target.length; done += PIECE) {
    const length = Math.min(PIECE, target.length - done);
    target.set(cipher.update(ZEROS.subarray(0, length)), done);
  }
}

/** The stream as `node:crypto` makes it, on every Node. */
export const portableKeyStreams: MakeKeyStream = (keyHex): KeyStream => ({
  fill: (target, offset) => fillFromStream(target, keyHex, offset),
  equals(found, offset) {
    const cipher = cipherAt(keyHex, offset);
    for (let at = 0; at < found.length; at += PIECE) {
      // What is the stream's own becomes zero when it goes through the cipher.
      const rest = cipher.update(found.subarray(at, at + PIECE));
      if (Buffer.compare(rest, ZEROS.subarray(0, rest.length)) !== 0) return false;
    }
    return true;
  },
});

/** A faster maker of streams, once it was seen to make the same stream; the portable one otherwise. */
export function trusted(faster: MakeKeyStream | null): MakeKeyStream {
  return faster && makesTheStream(faster) ? faster : portableKeyStreams;
}

/** Over the bounds of pieces, and where counters of 32 and of 36 bits would begin again. */
function makesTheStream(maker: MakeKeyStream): boolean {
  const key = newStreamKey();
  const [made, wanted] = [new Uint8Array(PIECE + 512), new Uint8Array(PIECE + 512)];
  try {
    const stream = maker(key);
    return [0, 4096, 2 ** 36 - 512, 2 ** 40 - 512].every((offset) => {
      stream.fill(made, offset);
      fillFromStream(wanted, key, offset);
      const same = Buffer.compare(made, wanted) === 0 && stream.equals(made, offset);
      made[PIECE + 511] = (made[PIECE + 511] ?? 0) ^ 1;
      return same && !stream.equals(made, offset);
    });
  } catch {
    return false;
  }
}

function cipherAt(keyHex: string, offset: number): Cipheriv {
  if (offset % 16 !== 0) throw new RangeError(`the stream cannot start at ${offset}`);
  const counter = new Uint8Array(16);
  new DataView(counter.buffer).setBigUint64(8, BigInt(offset / 16));
  return createCipheriv('aes-256-ctr', Buffer.from(keyHex, 'hex'), counter);
}
