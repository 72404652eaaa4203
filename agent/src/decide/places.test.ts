import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { placesOf } from './places.ts';
import { spotSampling } from './spot-sampling.ts';

const SEED = 'a1'.repeat(32);

describe('the places of a sample', () => {
  it('are the first and the last, whole sectors, apart from each other, and the same for the same seed', () => {
    const sectors = fc.constantFrom(512, 4096);
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 2 ** 32 }),
        sectors,
        fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
        (count, sector, seed) => {
          const size = count * sector;
          const sampling = spotSampling(size, sector, seed.toString(16).padStart(16, '0').padEnd(64, '0'));
          const places = placesOf(sampling, size, sector);
          expect(places[0]?.offset).toBe(0);
          expect(places.at(-1)!.offset + places.at(-1)!.length).toBe(size);
          expect(places.every(({ offset, length }) => offset % sector === 0 && length % sector === 0)).toBe(
            true,
          );
          const sound = places.every(({ offset, length }) => offset >= 0 && offset + length <= size);
          expect(sound).toBe(true);
          expect(placesOf(sampling, size, sector)).toEqual(places);
        },
      ),
    );
  });

  it('come two to each of a thousand sections of a large drive', () => {
    const size = 500 * 2 ** 30;
    const places = placesOf(spotSampling(size, 512, SEED), size, 512);
    expect(places.length).toBeGreaterThanOrEqual(2000);
    for (let section = 0; section < 1000; section += 1) {
      const [from, to] = [(size / 1000) * section, (size / 1000) * (section + 1)];
      const inside = places.filter(({ offset }) => offset >= from - 4096 && offset < to);
      expect(inside.length).toBeGreaterThanOrEqual(2);
    }
  });

  it('are elsewhere for another seed', () => {
    const at = (seed: string) => placesOf(spotSampling(2 ** 30, 512, seed), 2 ** 30, 512);
    expect(at(SEED)).not.toEqual(at('b2'.repeat(32)));
  });
});
