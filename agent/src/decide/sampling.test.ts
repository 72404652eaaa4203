import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytesOf, nistSample, sampleExtents } from './sampling.ts';

const seed = fc
  .uint8Array({ minLength: 32, maxLength: 32 })
  .map((bytes) => Buffer.from(bytes).toString('hex'));
const drive = fc.record({
  seedHex: seed,
  sectorBytes: fc.constantFrom(512, 4096),
  sectors: fc.integer({ min: 2000, max: 2 ** 36 }),
  subsections: fc.integer({ min: 1000, max: 1500 }),
  samplesEach: fc.integer({ min: 2, max: 4 }),
  percentEach: fc.integer({ min: 5, max: 10 }),
});
const runs = { numRuns: 60 };

describe('sampleExtents', () => {
  it('lies on sectors, inside the drive, in order, with the first and the last sector', () => {
    fc.assert(
      fc.property(drive, ({ sectorBytes, sectors, ...asked }) => {
        const size = sectors * sectorBytes;
        const extents = sampleExtents({ ...nistSample(asked.seedHex), ...asked }, size, sectorBytes);
        let end = -1;
        const lawful = extents.every(({ offset, length }) => {
          // Apart from each other, not only in order.
          const apart = offset > end && length > 0;
          end = offset + length;
          return apart && offset % sectorBytes === 0 && length % sectorBytes === 0;
        });
        expect(lawful).toBe(true);
        expect(extents[0]!.offset).toBe(0);
        expect(end).toBe(size);
      }),
      runs,
    );
  });

  it('holds in each subsection what samples of the percentage asked for come to, and no less than that of the drive', () => {
    fc.assert(
      fc.property(drive, ({ sectorBytes, sectors, ...asked }) => {
        const size = sectors * sectorBytes;
        const extents = sampleExtents({ ...nistSample(asked.seedHex), ...asked }, size, sectorBytes);
        const { subsections, samplesEach, percentEach } = asked;
        for (const index of [0, 1, Math.floor(subsections / 2), subsections - 1]) {
          const from = Math.floor((index * sectors) / subsections);
          const to = Math.floor(((index + 1) * sectors) / subsections);
          if (to - from < samplesEach) return;
          const inside = within(extents, from * sectorBytes, to * sectorBytes);
          const least = samplesEach * Math.ceil(((to - from) * percentEach) / 100) * sectorBytes;
          expect(inside).toBeGreaterThanOrEqual(least);
          // The first and the last sector are all that may come to it.
          expect(inside).toBeLessThanOrEqual(least + 2 * sectorBytes);
        }
        expect(bytesOf(extents) * 100).toBeGreaterThanOrEqual(size * samplesEach * percentEach);
      }),
      runs,
    );
  });

  it('follows from the seed alone, and another seed gives other places', () => {
    fc.assert(
      fc.property(seed, seed, (one, other) => {
        fc.pre(one !== other);
        const size = 512 * 2 ** 24;
        expect(sampleExtents(nistSample(one), size, 512)).toEqual(sampleExtents(nistSample(one), size, 512));
        expect(sampleExtents(nistSample(one), size, 512)).not.toEqual(
          sampleExtents(nistSample(other), size, 512),
        );
      }),
      { numRuns: 10 },
    );
  });

  it('is the same for ever: a published sample of one drive', () => {
    const extents = sampleExtents(nistSample('00'.repeat(32)), 1_000_204_886_016, 512);
    expect(extents.slice(0, 3)).toEqual(FIRST);
    expect(extents).toHaveLength(2002);
  });

  it('reaches every place of a subsection when the seed varies', () => {
    const reached = new Set<number>();
    for (let number = 0; number < 400; number += 1) {
      const asked = nistSample(number.toString(16).padStart(64, '0'));
      for (const { offset, length } of sampleExtents(asked, 512 * 40_000, 512)) {
        for (let at = offset / 512; at < (offset + length) / 512 && at < 40; at += 1) reached.add(at);
      }
    }
    expect(reached.size).toBe(40);
  });

  it('reads a drive whole that is too small to be sampled', () => {
    fc.assert(
      fc.property(seed, fc.integer({ min: 1, max: 1999 }), (seedHex, sectors) => {
        expect(sampleExtents(nistSample(seedHex), sectors * 512, 512)).toEqual([
          { offset: 0, length: sectors * 512 },
        ]);
      }),
      runs,
    );
    expect(sampleExtents(nistSample('00'.repeat(32)), 0, 512)).toEqual([]);
  });
});

/** Worked out once by another program from the words of `draw`. */
const FIRST = [
  { offset: 0, length: 512 },
  { offset: 81_797_120, length: 50_010_624 },
  { offset: 391_215_616, length: 50_010_624 },
];

function within(extents: readonly { offset: number; length: number }[], from: number, to: number): number {
  return extents.reduce(
    (sum, { offset, length }) => sum + Math.max(0, Math.min(to, offset + length) - Math.max(from, offset)),
    0,
  );
}

it('what a contract asks for is told as evidence carries it', () => {
  expect(nistSample('ab'.repeat(32))).toEqual({
    ...{ kind: 'sample', algorithm: 'rebond.sample/1', seedHex: 'ab'.repeat(32) },
    ...{ subsections: 1000, samplesEach: 2, percentEach: 5 },
  });
});

it('places follow from SHA-256 over the seed, the section and the sample, as anybody can make them again', () => {
  const [sector, length, sectors] = [512, 10, 200];
  const seedHex = '0123456789abcdef'.repeat(4);
  const drawn = (subsection: number, sample: number): number => {
    const words = Buffer.alloc(8);
    words.writeUInt32BE(subsection, 0);
    words.writeUInt32BE(sample, 4);
    const digest = createHash('sha256').update(Buffer.from(seedHex, 'hex')).update(words).digest();
    return Number(digest.readBigUInt64BE(0) % BigInt(sectors - 2 * length + 1));
  };
  const due = new Set<number>([0, 1000 * sectors - 1]);
  for (let section = 0; section < 1000; section += 1) {
    const places = [drawn(section, 0), drawn(section, 1)].sort((a, b) => a - b);
    for (const [index, place] of places.entries())
      for (let at = 0; at < length; at += 1) due.add(section * sectors + place + index * length + at);
  }
  const extents = sampleExtents(nistSample(seedHex), 1000 * sectors * sector, sector);
  const found = new Set<number>();
  for (const { offset, length: many } of extents)
    for (let at = 0; at < many; at += sector) found.add((offset + at) / sector);
  expect(found).toEqual(due);
  expect(bytesOf(extents)).toBe(due.size * sector);
  expect(bytesOf([])).toBe(0);
});
