import { describe, expect, it } from 'vitest';
import { fillFromStream, portableKeyStreams } from '../key-stream.ts';
import { complementOf, contentOf } from './content.ts';
import type { OverwritePattern } from './words.ts';

const CHUNK = 4096;
const KEY = '3c'.repeat(32);
const content = (pattern: OverwritePattern, chunkBytes = CHUNK) =>
  contentOf(pattern, chunkBytes, portableKeyStreams);
const bytes = (hex: string): { kind: 'bytes'; hex: string } => ({ kind: 'bytes', hex });

describe('a pattern', () => {
  it.each([
    [{ kind: 'zero' } as const, '00'],
    [bytes('e7'), 'e7'],
    [bytes('92492a'), '92492a'],
  ])(
    '%j is at every place what it is from the beginning, at any length up to a whole request',
    (pattern, hex) => {
      const made = content(pattern);
      const long = Buffer.alloc(3 * CHUNK, Buffer.from(hex, 'hex'));
      for (const offset of [0, 1, 2, 511, 512, CHUNK - 1, CHUNK, CHUNK + 1]) {
        for (const length of [1, 512, CHUNK]) {
          const due = long.subarray(offset, offset + length);
          const target = Buffer.alloc(length, 0x33);
          made.fill(target, offset);
          expect(Buffer.compare(target, due)).toBe(0);
          expect(made.equals(due, offset)).toBe(true);
          const spoilt = Buffer.from(due);
          spoilt[length - 1]! ^= 1;
          expect(made.equals(spoilt, offset)).toBe(false);
        }
      }
      // A shorter answer is no whole one.
      expect(made.equals(long.subarray(0, 0), 0)).toBe(true);
    },
  );

  it('serves all requests from one buffer only where each begins alike', () => {
    expect(
      [bytes('e7'), bytes('55aa'), { kind: 'zero' } as const].map((each) => content(each).steady),
    ).toEqual([true, true, true]);
    expect(content(bytes('92492a')).steady).toBe(false);
    expect(content(bytes('92492a'), 4098).steady).toBe(true);
  });

  it('is spoilt by bytes that it does not hold there', () => {
    for (const pattern of [
      { kind: 'zero' } as const,
      bytes('e7'),
      bytes('ff'),
      bytes('01'),
      bytes('92492a'),
    ]) {
      const made = content(pattern);
      const target = new Uint8Array(CHUNK);
      made.spoil(target);
      for (let at = 0; at < 12; at += 1) expect(made.equals(target.subarray(0, 3), at)).toBe(false);
    }
    const target = new Uint8Array(2);
    content(bytes('e7')).spoil(target);
    expect([...target]).toEqual([0x18, 0x18]);
  });

  it('has a complement, of as many bytes', () => {
    expect(complementOf({ kind: 'zero' })).toEqual(bytes('ff'));
    expect(complementOf(bytes('55'))).toEqual(bytes('aa'));
    expect(complementOf(bytes('92492a'))).toEqual(bytes('6db6d5'));
  });
});

it('the keyed stream is another at every place, and the same for the same key', () => {
  const keyed = content({ kind: 'keyed', algorithm: 'aes-256-ctr', keyHex: KEY });
  const [here, there] = [new Uint8Array(512), new Uint8Array(512)];
  fillFromStream(here, KEY, 512);
  keyed.fill(there, 512);
  expect(there).toEqual(here);
  expect([keyed.equals(here, 512), keyed.equals(here, 0), keyed.equals(here, 1024)]).toEqual([
    true,
    false,
    false,
  ]);
  expect(keyed.steady).toBe(false);
});
