import { describe, expect, it } from 'vitest';
import { makeHalt } from './halt.ts';
import { addBad, inOrder, LISTED_AT_MOST, type Request, salvage, transfer } from './transfer.ts';
import type { BadSectors } from './words.ts';

const failing = (code: string | undefined): never => {
  throw Object.assign(new Error('no'), code === undefined ? {} : { code });
};

describe('a request', () => {
  it('goes on where a short answer ended, and ends with the piece', async () => {
    const asked: [number, number][] = [];
    const request: Request = async (buffer, offset) => {
      asked.push([offset, buffer.length]);
      return await Promise.resolve(Math.min(700, buffer.length));
    };
    expect(await transfer(request, new Uint8Array(2000), 10_000)).toBeNull();
    expect(asked).toEqual([
      [10_000, 2000],
      [10_700, 1300],
      [11_400, 600],
    ]);
    expect(await transfer(() => Promise.resolve(1), new Uint8Array(3), 0)).toBeNull();
  });

  it('fails at the place that it had come to, with what the drive said', async () => {
    const after = (many: number, then: () => number): Request => {
      let left = many;
      return async () => await Promise.resolve(left-- > 0 ? 512 : then());
    };
    const piece = new Uint8Array(4096);
    expect(
      await transfer(
        after(2, () => failing('EIO')),
        piece,
        8192,
      ),
    ).toEqual({ code: 'EIO', offset: 8192 + 1024 });
    expect(
      await transfer(
        after(3, () => 0),
        piece,
        8192,
      ),
    ).toEqual({ code: 'nothing', offset: 8192 + 1536 });
    expect(
      await transfer(
        after(0, () => failing(undefined)),
        piece,
        512,
      ),
    ).toEqual({ code: 'unknown error', offset: 512 });
  });
});

/** Goes over `sectors` sectors of which these are bad. */
async function salvaged(
  sectors: number,
  bad: readonly number[],
  code = 'EIO',
  sector = 512,
  stopAfter = Infinity,
) {
  const halt = makeHalt();
  const asked: [number, number][] = [];
  const [good, rotten]: [number[], [number, string][]] = [[], []];
  const request: Request = async (buffer, offset) => {
    asked.push([offset / sector, buffer.length / sector]);
    const hit = bad.find((each) => each * sector >= offset && each * sector < offset + buffer.length);
    return hit === undefined ? await Promise.resolve(buffer.length) : failing('EIO');
  };
  const doors = {
    ...{ sectorBytes: sector, halt },
    good: (part: Uint8Array, offset: number) => {
      for (let at = 0; at < part.length; at += sector) good.push((offset + at) / sector);
    },
    bad: (error: { offset: number; code: string }) => {
      rotten.push([error.offset / sector, error.code]);
      if (rotten.length >= stopAfter) halt.stop('too-many-errors');
    },
  };
  const first = bad[0] ?? 0;
  await salvage(request, new Uint8Array(sectors * sector), 0, { code, offset: first * sector }, doors);
  return { good, rotten, asked, why: halt.why()?.code };
}

describe('a piece that failed', () => {
  it('is gone over again until the good is told from the bad, to the sector', async () => {
    for (const [sectors, sector] of [
      [512, 512],
      [100, 512],
      [17, 4096],
      [2, 512],
    ] as const) {
      const bad = [0, Math.floor(sectors / 2), sectors - 1];
      const { good, rotten, why } = await salvaged(sectors, bad, 'EIO', sector);
      expect(new Set(rotten.map(([at]) => at))).toEqual(new Set(bad));
      expect(good.toSorted((a, b) => a - b)).toEqual(
        Array.from({ length: sectors }, (_, at) => at).filter((at) => !bad.includes(at)),
      );
      expect(why).toBeUndefined();
    }
  });

  it('costs few requests: the good parts are not cut', async () => {
    const { asked } = await salvaged(4096, [1000]);
    expect(asked.length).toBeLessThan(60);
    expect(Math.max(...asked.map(([, many]) => many))).toBe(256);
    expect(Math.min(...asked.map(([, many]) => many))).toBe(1);
  });

  it('of one sector is bad at once, at its own beginning', async () => {
    const { rotten, asked } = await salvaged(1, [0]);
    expect([rotten, asked]).toEqual([[[0, 'EIO']], []]);
  });

  it.each([
    ...['nothing', 'ENOSPC', 'ENODEV', 'ENXIO', 'ENOMEDIUM', 'ESHUTDOWN'].map((code) => [
      code,
      'device-gone',
    ]),
    ...['EINVAL', 'EROFS', 'EPERM', 'EACCES', 'EBADF', 'EFBIG', 'ENOMEM'].map((code) => [
      code,
      'request-refused',
    ]),
  ])('with %s ends the work: %s', async (code, why) => {
    const seen = await salvaged(64, [7], code);
    expect(seen).toMatchObject({ why, rotten: [[7, code]], asked: [] });
  });

  it('of one sector with such an answer is bad once', async () => {
    const { rotten, why } = await salvaged(1, [0], 'ENXIO');
    expect([rotten, why]).toEqual([[[0, 'ENXIO']], 'device-gone']);
  });

  it.each(['EIO', 'EREMOTEIO', 'ETIMEDOUT', 'ENODATA', 'unknown error'])('with %s does not', async (code) => {
    const { why, rotten } = await salvaged(64, [7], code);
    expect([why, rotten]).toEqual([undefined, [[7, 'EIO']]]);
  });

  it('is left as soon as the work ends', async () => {
    const { rotten, asked } = await salvaged(64, [3, 9, 30, 50], 'EIO', 512, 2);
    expect(rotten.map(([at]) => at)).toEqual([3, 9]);
    expect(Math.max(...asked.map(([at]) => at))).toBeLessThan(12);
  });
});

it('bad sectors are all counted, the first thousand listed, and listed in their order', () => {
  const list: BadSectors = { count: 0, listed: [] };
  for (let at = 1500; at > 0; at -= 1) addBad(list, { offset: at * 512, code: 'EIO' });
  expect([list.count, list.listed.length, LISTED_AT_MOST]).toEqual([1500, 1000, 1000]);
  const ordered = inOrder(list);
  expect([ordered.count, ordered.listed[0]?.offset, ordered.listed.at(-1)?.offset]).toEqual([
    1500,
    501 * 512,
    1500 * 512,
  ]);
  // The list that goes on being added to is not put in order itself.
  expect(list.listed[0]?.offset).toBe(1500 * 512);
});
