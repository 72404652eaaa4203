import fc from 'fast-check';
import { expect, it } from 'vitest';
import { fillFromStream, newStreamKey } from './key-stream.ts';
import { fillFromPattern } from './pattern.ts';

const bytes = fc.uint8Array({ minLength: 1, maxLength: 16 });

it('bytes are repeated from offset 0 on, wherever a chunk begins', () => {
  fc.assert(
    fc.property(
      bytes,
      fc.integer({ min: 0, max: 2 ** 36 }),
      fc.integer({ min: 1, max: 5000 }),
      (pattern, block, length) => {
        const target = new Uint8Array(length).fill(0xee);
        const offset = block * 16;
        fillFromPattern(target, { kind: 'bytes', hex: pattern.toHex() }, newStreamKey(), offset);
        const expected = Uint8Array.from({ length }, (_, at) => pattern[(offset + at) % pattern.length] ?? 0);
        expect(Buffer.compare(target, expected)).toBe(0);
      },
    ),
    { numRuns: 300 },
  );
});

it('keyed is the key stream', () => {
  const [key, one, other] = [newStreamKey(), new Uint8Array(1000), new Uint8Array(1000)];
  fillFromPattern(one, { kind: 'keyed' }, key, 1600);
  fillFromStream(other, key, 1600);
  expect(Buffer.compare(one, other)).toBe(0);
});
