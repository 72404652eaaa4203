import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { boundedLines } from './lines.ts';

async function all(chunks: Iterable<Uint8Array>): Promise<string[]> {
  return await Array.fromAsync(boundedLines(chunks));
}

describe('boundedLines', () => {
  it('gives the same lines however they are cut into chunks, letters in two parts too', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.string({ unit: 'grapheme' }).map((line) => line.replaceAll('\n', ' '))),
        fc.array(fc.integer({ min: 1, max: 7 })),
        async (lines, cuts) => {
          const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(''));
          const chunks: Uint8Array[] = [];
          for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
            const length = cuts[turn % cuts.length] ?? bytes.length;
            chunks.push(bytes.subarray(at, at + length));
            at += length;
          }
          expect(await all(chunks)).toEqual(lines.map((line) => line.toWellFormed()));
        },
      ),
    );
  });

  it('drops what was cut off, and refuses a line without end', async () => {
    expect(await all([Buffer.from('one\ntw')])).toEqual(['one']);
    const endless = Array.from({ length: 10 }, () => new Uint8Array(1024 * 1024).fill(0x61));
    await expect(all(endless)).rejects.toThrow(RangeError);
  });
});
