import { randomBytes } from 'node:crypto';
import { closeSync, openSync, truncateSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { scratch } from '../scratch.ts';
import { fillWith, findMarker, makeMarker } from './marker.ts';

const SIZE = 3 * 2 ** 20;
/** Without a zero byte: the empty file around it would lengthen a run that begins beside one. */
const marker = makeMarker(Buffer.from(randomBytes(61).map((byte) => byte || 1)));

function zeroed(path: string): string {
  writeFileSync(path, '');
  truncateSync(path, SIZE);
  return path;
}

function put(path: string, at: number, bytes: Buffer): void {
  const file = openSync(path, 'r+');
  writeSync(file, bytes, 0, bytes.length, at);
  closeSync(file);
}

describe('marker', () => {
  it('fills a whole file, and is found at its start', () => {
    using folder = scratch('marker');
    const path = zeroed(join(folder.path, 'full'));
    fillWith(path, SIZE, marker);
    expect(findMarker(path, marker)).toBe(0);
  });

  it('finds 16 bytes in a row at any alignment, across borders, and of any part of it', () => {
    using folder = scratch('marker');
    const endless = Buffer.alloc(4 * marker.bytes.length, marker.bytes);
    for (const at of [1, 7, 8, 1000, 2 ** 20 - 9, 2 ** 20 - 1, SIZE - 16])
      for (const phase of [0, 5, marker.bytes.length - 3]) {
        const path = zeroed(join(folder.path, `one-${at}-${phase}`));
        put(path, at, endless.subarray(phase, phase + 16));
        expect([at, phase, findMarker(path, marker)]).toEqual([at, phase, at]);
      }
  });

  it('does not mind 15', () => {
    using folder = scratch('marker');
    const path = zeroed(join(folder.path, 'less'));
    for (const at of [3, 512, 5001]) put(path, at, marker.bytes.subarray(20, 35));
    expect(findMarker(path, marker)).toBeNull();
  });

  it('is long enough', () => {
    expect(() => makeMarker('too short')).toThrow('16');
  });
});
