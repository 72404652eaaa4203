import { describe, expect, it } from 'vitest';
import { placesOf } from './places.ts';
import { nistSampling, spotSampling } from './spot-sampling.ts';

const SEED = 'a1'.repeat(32);

describe('places before and after a technique', () => {
  it('are two in each of a thousand sections, and in fewer where those would be shorter than 128 KiB', () => {
    const of = (sizeBytes: number, sector = 512) => spotSampling(sizeBytes, sector, SEED);
    expect(of(1e12)).toEqual({ seedHex: SEED, sections: 1000, placesPerSection: 2, placeBytes: 4096 });
    expect(of(1e12, 8192).placeBytes).toBe(8192);
    const least = 128 * 1024;
    expect([1001, 1000, 999, 2, 1].map((many) => of(many * least).sections)).toEqual([1000, 1000, 999, 2, 1]);
    expect([2 * least - 1, 512, 0].map((size) => of(size).sections)).toEqual([1, 1, 1]);
  });

  it('of a contract are a tenth of the drive at least, in whole sectors', () => {
    const of = (sizeBytes: number, sector = 512) => nistSampling(sizeBytes, sector, SEED);
    expect(of(512 * 20_000)).toEqual({ seedHex: SEED, sections: 1000, placesPerSection: 2, placeBytes: 512 });
    expect(of(512 * 20_000 + 1).placeBytes).toBe(1024);
    expect(of(4096 * 20_000 * 7, 4096).placeBytes).toBe(7 * 4096);
    expect(of(0, 4096).placeBytes).toBe(4096);
    for (const size of [500_107_862_016, 1e12 + 512])
      expect(of(size).placeBytes * 2000).toBeGreaterThanOrEqual(size / 10);
  });
});

describe('the places that anybody makes again from the seed', () => {
  const GIB = 2 ** 30;
  const sampling = { seedHex: '0'.repeat(64), sections: 3, placesPerSection: 1, placeBytes: 512 };

  // The first three numbers of SplitMix64 from the seed 0, as its authors' code gives them.
  const DRAWN = [0xe220a8397b1dcdafn, 0x6e789e6aa1b965f4n, 0x06c45d188009454fn];

  it.each([3 * GIB, 3 * GIB + 512, 3 * GIB + 1024])(
    'are drawn by SplitMix64, one in each part of %i bytes',
    (size) => {
      const due = DRAWN.map((number, part) => {
        const [from, to] = [part, part + 1].map((each) => Number((BigInt(size) * BigInt(each)) / 3n)) as [
          number,
          number,
        ];
        const offset = from + Number(number % BigInt(to - from - 512 + 1));
        return offset - (offset % 512);
      });
      const offsets = placesOf(sampling, size, 512).map(({ offset }) => offset);
      expect(offsets).toEqual([0, ...due, size - 512]);
    },
  );

  it('draw no number for a part that has room for one place alone', () => {
    // Parts of 2, 3 and 3 bytes: the first number is odd, the second is even.
    const offsets = placesOf({ ...sampling, placeBytes: 2 }, 8, 1).map(({ offset }) => offset);
    expect(offsets).toEqual([0, 3, 5, 6]);
  });

  it('depend on the first 64 bits of the seed alone', () => {
    const at = (seedHex: string) => placesOf({ ...sampling, seedHex }, 3 * GIB, 512);
    expect(at(`${'0'.repeat(16)}${'f'.repeat(48)}`)).toEqual(at('0'.repeat(64)));
    expect(at(`${'0'.repeat(15)}1${'0'.repeat(48)}`)).not.toEqual(at('0'.repeat(64)));
    expect(at(`1${'0'.repeat(63)}`)).not.toEqual(at('0'.repeat(64)));
  });

  it('are as many to a section as were asked for, one in each of its equal parts', () => {
    const offsets = placesOf({ ...sampling, placesPerSection: 4 }, 12 * GIB, 512).map(({ offset }) => offset);
    expect(offsets).toHaveLength(14);
    for (let part = 0; part < 12; part += 1)
      expect(offsets.slice(1, -1).filter((offset) => Math.floor(offset / GIB) === part)).toHaveLength(1);
  });

  it('are whole sectors, shortened to them, and the whole drive where it is shorter than one', () => {
    const lengths = (placeBytes: number, sector: number, size = GIB): number[] => [
      ...new Set(placesOf({ ...sampling, placeBytes }, size, sector).map(({ length }) => length)),
    ];
    expect(lengths(5000, 4096)).toEqual([4096]);
    expect(lengths(8192, 4096)).toEqual([8192]);
    expect(lengths(100, 512)).toEqual([512]);
    expect(placesOf({ ...sampling, placeBytes: 8192 }, 4096, 512)).toEqual([{ offset: 0, length: 4096 }]);
    expect(placesOf(sampling, 512, 512)).toEqual([{ offset: 0, length: 512 }]);
    expect(placesOf(sampling, 0, 512)).toEqual([]);
    expect(placesOf({ ...sampling, placeBytes: 1 }, 1, 1)).toEqual([{ offset: 0, length: 1 }]);
    // Parts with no room but for one place begin with it.
    expect(placesOf(sampling, 3 * 512, 512).map(({ offset }) => offset)).toEqual([0, 512, 1024]);
    expect(placesOf({ ...sampling, sections: 8 }, 3 * 512, 512).map(({ offset }) => offset)).toEqual([
      0, 512, 1024,
    ]);
  });
});
