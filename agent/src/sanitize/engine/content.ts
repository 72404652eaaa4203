import type { OverwritePattern } from './words.ts';
import type { KeyStream, MakeKeyStream } from '../../effects/openssl.ts';

/** What the drive is to hold. */
export type Content = {
  /** True where every request begins with the same bytes, so that one buffer serves all of them. */
  steady: boolean;
  fill(target: Uint8Array, offset: number): void;
  /** Whether `found` is what belongs at `offset`. */
  equals(found: Uint8Array, offset: number): boolean;
  /** Makes what an earlier request left in a buffer unable to pass for what a drive holds elsewhere. */
  spoil(target: Uint8Array): void;
};

/** @param chunkBytes the length of requests, which begin at its multiples */
export function contentOf(pattern: OverwritePattern, chunkBytes: number, keyed: MakeKeyStream): Content {
  switch (pattern.kind) {
    case 'keyed':
      return keyedContent(keyed(pattern.keyHex));
    case 'zero':
      return repeated(Uint8Array.of(0), chunkBytes);
    case 'bytes':
      return repeated(Buffer.from(pattern.hex, 'hex'), chunkBytes);
    default:
      return pattern satisfies never;
  }
}

/** The pattern whose bits are all the others. */
export function complementOf(pattern: Exclude<OverwritePattern, { kind: 'keyed' }>): OverwritePattern {
  const hex = pattern.kind === 'zero' ? '00' : pattern.hex;
  const bits = Uint8Array.from(Buffer.from(hex, 'hex'), (byte) => ~byte);
  return { kind: 'bytes', hex: Buffer.from(bits).toString('hex') };
}

function keyedContent(stream: KeyStream): Content {
  return {
    steady: false,
    fill: (target, offset) => stream.fill(target, offset),
    equals: (found, offset) => stream.equals(found, offset),
    // No two places of the stream are alike: it cannot.
    spoil: () => {},
  };
}

/** One run of the pattern that is long enough for a request at any place of it. */
function repeated(pattern: Uint8Array, chunkBytes: number): Content {
  const run = Buffer.alloc(chunkBytes + pattern.length - 1, pattern);
  const at = (offset: number, length: number): Uint8Array => {
    const phase = offset % pattern.length;
    return run.subarray(phase, phase + length);
  };
  const other = ~(pattern[0] ?? 0) & 0xff;
  return {
    steady: chunkBytes % pattern.length === 0,
    fill: (target, offset) => target.set(at(offset, target.length)),
    equals: (found, offset) => Buffer.compare(found, at(offset, found.length)) === 0,
    spoil: (target) => void target.fill(other),
  };
}
