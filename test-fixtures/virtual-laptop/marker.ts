import { randomBytes } from 'node:crypto';
import { closeSync, openSync, readSync, writeSync } from 'node:fs';

/** What fills a drive before it is wiped: this repeated. Any 16 bytes in a row of it left on the drive is a failure. */
export type Marker = { readonly bytes: Buffer };

const RUN = 16;
const HALF = 8;
const CHUNK = 2 ** 20;

/** @param text at least 16 bytes; at random, of 61 bytes so that no sector is like its neighbours, if left out */
export function makeMarker(text: string | Buffer = randomBytes(61)): Marker {
  const bytes = Buffer.from(text);
  if (bytes.length < RUN) throw new RangeError('A marker has at least 16 bytes.');
  return { bytes };
}

/** Fills a file with a marker, fast: one buffer of whole repetitions, over and over. */
export function fillWith(path: string, size: number, { bytes }: Marker): void {
  const block = Buffer.alloc(bytes.length * Math.ceil(CHUNK / bytes.length), bytes);
  const file = openSync(path, 'r+');
  try {
    for (let at = 0; at < size; at += block.length)
      writeSync(file, block, 0, Math.min(block.length, size - at), at);
  } finally {
    closeSync(file);
  }
}

/** Where in the file the first run of 16 bytes of the marker lies, at any alignment; null if there is none. */
export function findMarker(path: string, marker: Marker): number | null {
  const file = openSync(path, 'r');
  const find = finder(marker);
  // Chunks overlap by a run, so that none is hidden by a border.
  const buffer = Buffer.alloc(CHUNK + RUN);
  try {
    for (let at = 0; ; at += CHUNK) {
      const length = readSync(file, buffer, 0, buffer.length, at);
      const found = find(buffer.subarray(0, length));
      if (found !== null) return at + found;
      if (length <= CHUNK) return null;
    }
  } finally {
    closeSync(file);
  }
}

/**
 * A run of 16 bytes holds, wherever it begins, 8 bytes at a multiple of 8: looking at one word in every 8 bytes is enough,
 * and only where it is a word of the marker is anything compared.
 */
function finder({ bytes }: Marker): (block: Buffer) => number | null {
  const period = bytes.length;
  const endless = Buffer.alloc(period + 2 * RUN + HALF, bytes);
  const starts = new Map<number, number[]>();
  for (let phase = 0; phase < period; phase += 1) {
    const word = endless.readUInt32LE(phase);
    starts.set(word, [...(starts.get(word) ?? []), phase]);
  }
  return (block) => {
    for (let at = 0; at + HALF <= block.length; at += HALF) {
      const phases = starts.get(block.readUInt32LE(at));
      for (const phase of phases ?? []) {
        const start = runAround(block, at, bytes, phase);
        if (start !== null) return start;
      }
    }
    return null;
  };
}

/** Grows the match at `at` both ways; its start if it is long enough. */
function runAround(block: Buffer, at: number, bytes: Buffer, phase: number): number | null {
  const period = bytes.length;
  let start = at;
  while (
    start > 0 &&
    at - start < RUN &&
    block[start - 1] === bytes[(phase + start - 1 - at + 2 * RUN * period) % period]
  )
    start -= 1;
  let end = at;
  while (end < block.length && end - start < RUN && block[end] === bytes[(phase + end - at) % period])
    end += 1;
  return end - start >= RUN ? start : null;
}
