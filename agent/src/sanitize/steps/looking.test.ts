// Steps that only look at a drive: what was there before, what is there afterwards, and whether anything is at all.
import type { PlanStep, Sampling } from '@rebond/protocol';
import { describe, expect, it } from 'vitest';
import { memoryDrive, type MemoryDrive, unlikeBytes } from '../../../../test-fixtures/memory-drive.ts';
import { EXAMPLES, NVME_TARGET, stepPlan } from '../../../../test-fixtures/step-plans.ts';
import { placesOf } from '../../decide/places.ts';
import { isBlank, readPiece } from './read-places.ts';
import { comparison } from './remember.ts';
import { scanStep } from './scan.ts';
import type { Progress, StepAbout, StepDoors } from './step.ts';

const MIB = 1024 * 1024;
const plan = stepPlan(EXAMPLES['NVMe sanitize, samples']);
const about = (sizeBytes: number): StepAbout => ({
  plan: { ...plan, target: { ...NVME_TARGET, sizeBytes, logicalSectorBytes: 512 } },
  ...{ index: 0, sizeBytes, keyHex: 'ab'.repeat(32), seen: [] },
});

function doorsOf(writer: MemoryDrive, change: Partial<StepDoors> = {}): StepDoors & { told: Progress[] } {
  const told: Progress[] = [];
  let now = 1000;
  return {
    ...{ writer, told, signal: new AbortController().signal, command: () => {}, giveUp: () => {} },
    monotonic: () => (now += 10.4),
    progress: (progress) => void told.push(progress),
    ...change,
  };
}

describe('reading a whole piece', () => {
  it('goes on after a short answer, and is nothing where there is no more or the drive fails', async () => {
    const drive = memoryDrive(unlikeBytes(4096), { most: 1000 });
    const buffer = new Uint8Array(3000);
    expect(await readPiece(drive, buffer, 96)).toBe(true);
    expect(buffer).toEqual(drive.bytes.slice(96, 3096));
    expect(drive.reads).toEqual([
      [96, 3000],
      [1096, 2000],
      [2096, 1000],
    ]);
    expect(await readPiece(drive, buffer, 2000)).toBe(false);
    drive.habits = { most: 1 };
    expect(await readPiece(drive, buffer.subarray(0, 40), 7)).toBe(true);
    drive.habits = { bad: [500] };
    expect(await readPiece(drive, buffer, 0)).toBe(false);
    expect(await readPiece(drive, new Uint8Array(500), 0)).toBe(true);
  });

  it('never takes what an earlier read left in the buffer for what the drive holds', async () => {
    // Says that it read, and did not.
    const lying = { read: (buffer: Uint8Array) => Promise.resolve(buffer.length) };
    const buffer = new Uint8Array(512).fill(0xa5);
    expect(await readPiece(lying, buffer, 0)).toBe(true);
    expect(buffer).toEqual(new Uint8Array(512));
  });
});

it.each([
  [[], true],
  [[7], true],
  [[7, 7, 7], true],
  [[7, 7, 8], false],
  [[8, 7, 7], false],
  [[0, 0, 0, 0], true],
  [[1, 2, 1, 2], false],
])('%j is one byte again and again: %s', (bytes, blank) => {
  expect(isBlank(Uint8Array.from(bytes))).toBe(blank);
});

describe('a comparison', () => {
  const SIZE = 2 * MIB;
  const sampling: Sampling = { seedHex: '5e'.repeat(32), sections: 8, placesPerSection: 2, placeBytes: 4096 };
  const places = placesOf(sampling, SIZE, 512);
  const remember: Extract<PlanStep, { kind: 'remember' }> = { kind: 'remember', sampling };
  const compare = { kind: 'compare' } as const;
  const none = (): Promise<never> => Promise.reject(new Error('no other namespace'));

  it('finds every place unchanged where nothing was erased, and lists the offsets', async () => {
    const drive = memoryDrive(unlikeBytes(SIZE));
    const steps = comparison(none, null);
    expect(await steps.remember(remember, about(SIZE), doorsOf(drive))).toEqual({
      ...{ kind: 'remember', places: places.length, unreadable: 0 },
    });
    const seen = await steps.compare(compare, about(SIZE), doorsOf(drive));
    expect(seen).toEqual({
      ...{
        kind: 'compare',
        places: places.length,
        unreadable: 0,
        unchanged: places.length,
        blankBefore: 0,
        direct: true,
      },
      unchangedOffsets: places.map(({ offset }) => offset),
    });
    expect(places.length).toBeGreaterThan(10);
    // Both looked at the same places, and at nothing else.
    const looked = drive.reads.slice(0, places.length);
    expect(looked).toEqual(places.map(({ offset, length }) => [offset, length]));
    expect(drive.reads.slice(places.length)).toEqual(looked);
  });

  it('finds what one place still holds, among all that were erased', async () => {
    const drive = memoryDrive(unlikeBytes(SIZE));
    const steps = comparison(none, null);
    await steps.remember(remember, about(SIZE), doorsOf(drive));
    const kept = places[3]!;
    const before = drive.bytes.slice(kept.offset, kept.offset + kept.length);
    drive.bytes.fill(0);
    drive.bytes.set(before, kept.offset);
    const seen = await steps.compare(compare, about(SIZE), doorsOf(drive));
    expect(seen).toMatchObject({ unchanged: 1, unchangedOffsets: [kept.offset], unreadable: 0 });
    drive.bytes[kept.offset + 4095]! ^= 1;
    expect(await steps.compare(compare, about(SIZE), doorsOf(drive))).toMatchObject({
      unchanged: 0,
      unchangedOffsets: [],
    });
  });

  it('counts what was blank before, which proves nothing, and what cannot be read', async () => {
    const drive = memoryDrive(unlikeBytes(SIZE));
    const [blank, bad, later] = [places[2]!, places[5]!, places[7]!];
    drive.bytes.fill(0, blank.offset, blank.offset + blank.length);
    drive.habits = { bad: [bad.offset + 17] };
    const steps = comparison(none, null);
    expect(await steps.remember(remember, about(SIZE), doorsOf(drive))).toEqual({
      ...{ kind: 'remember', places: places.length, unreadable: 1 },
    });
    drive.habits = { bad: [later.offset] };
    const seen = await steps.compare(compare, about(SIZE), doorsOf(drive));
    expect(seen).toMatchObject({
      ...{ places: places.length - 1, unreadable: 1, blankBefore: 1, unchanged: places.length - 3 },
    });
  });

  it('reads long places whole, and nothing where nothing was remembered', async () => {
    const drive = memoryDrive(unlikeBytes(SIZE));
    const steps = comparison(none, null);
    expect(await steps.compare(compare, about(SIZE), doorsOf(drive))).toMatchObject({
      places: 0,
      unchanged: 0,
    });
    const long: Sampling = { ...sampling, sections: 2, placeBytes: 65_536 + 512 };
    const seen = await steps.remember({ kind: 'remember', sampling: long }, about(SIZE), doorsOf(drive));
    const last = placesOf(long, SIZE, 512).at(-1)!;
    drive.bytes[last.offset + 65_536 + 511]! ^= 1;
    expect(await steps.compare(compare, about(SIZE), doorsOf(drive))).toMatchObject({
      unchanged: seen.places - 1,
    });
  });

  it('reads the longest places to their last byte', async () => {
    const size = 32 * MIB + 512;
    const one: Sampling = { ...sampling, sections: 1, placesPerSection: 1, placeBytes: size };
    const drive = memoryDrive(new Uint8Array(size).fill(1, 1));
    const steps = comparison(none, null);
    expect(
      await steps.remember({ kind: 'remember', sampling: one }, about(size), doorsOf(drive)),
    ).toMatchObject({ places: 1 });
    drive.bytes[size - 1] = 2;
    expect(await steps.compare(compare, about(size), doorsOf(drive))).toMatchObject({
      places: 1,
      unchanged: 0,
    });
  });

  it('is direct only where every look was, and as little as was seen when it is stopped', async () => {
    const drive = memoryDrive(unlikeBytes(SIZE), { direct: false });
    const steps = comparison(none, null);
    await steps.remember(remember, about(SIZE), doorsOf(drive));
    expect(await steps.compare(compare, about(SIZE), doorsOf(drive))).toMatchObject({ direct: false });
    const stopped = { signal: AbortSignal.abort() };
    expect(await steps.compare(compare, about(SIZE), doorsOf(drive, stopped))).toMatchObject({ places: 0 });
    expect(await steps.remember(remember, about(SIZE), doorsOf(drive, stopped))).toMatchObject({
      places: 0,
      unreadable: 0,
    });
    expect(await steps.compare(compare, about(SIZE), doorsOf(drive))).toMatchObject({ places: 0 });
  });

  it('lists a thousand places at most, and counts all', async () => {
    const wide: Sampling = { ...sampling, sections: 700, placeBytes: 512 };
    const drive = memoryDrive(unlikeBytes(SIZE));
    const steps = comparison(none, null);
    await steps.remember({ kind: 'remember', sampling: wide }, about(SIZE), doorsOf(drive));
    const seen = await steps.compare(compare, about(SIZE), doorsOf(drive));
    expect(seen.unchangedOffsets).toHaveLength(1000);
    expect(seen.unchanged).toBeGreaterThan(1300);
  });

  it('goes to the other namespaces too, opens each for as long as it looks, and lists only its own offsets', async () => {
    const own = memoryDrive(unlikeBytes(SIZE));
    const others = new Map([
      [2, memoryDrive(unlikeBytes(MIB), { direct: false })],
      [5, memoryDrive(unlikeBytes(MIB))],
    ]);
    const opened: [string, number][] = [];
    const steps = comparison(async (controller, nsid) => {
      opened.push([controller, nsid]);
      return others.get(nsid) ?? (await none());
    }, '/dev/nvme0');
    const wide = { ...remember, others: [...others.keys()].map((nsid) => ({ nsid, sizeBytes: MIB })) };
    const each = placesOf(sampling, MIB, 512).length;
    const seen = await steps.remember(wide, about(SIZE), doorsOf(own));
    expect(seen).toEqual({ kind: 'remember', places: places.length + 2 * each, unreadable: 0 });
    own.bytes.fill(0);
    const after = await steps.compare(compare, about(SIZE), doorsOf(own));
    expect(after).toMatchObject({
      places: places.length + 2 * each,
      unchanged: 2 * each,
      unchangedOffsets: [],
      direct: false,
    });
    expect(opened).toEqual([
      ['/dev/nvme0', 2],
      ['/dev/nvme0', 5],
      ['/dev/nvme0', 2],
      ['/dev/nvme0', 5],
    ]);
    expect([...others.values()].map(({ closed }) => closed)).toEqual([2, 2]);
    expect(own.closed).toBe(0);
    // What could not be read of another counts as well.
    others.get(2)!.habits = { bad: [0] };
    expect(await steps.remember(wide, about(SIZE), doorsOf(own))).toMatchObject({ unreadable: 1 });
  });

  it('ends the plan where another namespace cannot be opened, or none can be named', async () => {
    const wide = { ...remember, others: [{ nsid: 2, sizeBytes: MIB }] };
    const drive = memoryDrive(unlikeBytes(SIZE));
    await expect(comparison(none, '/dev/nvme0').remember(wide, about(SIZE), doorsOf(drive))).rejects.toThrow(
      'no other',
    );
    await expect(comparison(none, null).remember(wide, about(SIZE), doorsOf(drive))).rejects.toThrow(
      'no controller',
    );
  });
});

describe('a scan', () => {
  const SIZE = 6 * MIB + 1536;
  const blank = { kind: 'scan', expect: 'blank' } as const;
  const anything = { kind: 'scan', expect: 'anything' } as const;
  const NONE = { count: 0, offsets: [], code: null };

  it('of a blank drive finds all of it blank, whatever the byte', async () => {
    for (const byte of [0, 0xff]) {
      const drive = memoryDrive(new Uint8Array(SIZE).fill(byte));
      const doors = doorsOf(drive);
      const seen = await scanStep(blank, about(SIZE), doors);
      expect(seen).toMatchObject({
        ...{ kind: 'scan', bytes: SIZE, blankBytes: SIZE, otherOffsets: [], unreadable: NONE, direct: true },
      });
      expect(doors.told.at(-1)).toMatchObject({ phase: 'scan', doneBytes: SIZE, totalBytes: SIZE });
      const times = doors.told.map(({ elapsedMs }) => elapsedMs);
      expect(times.every((ms) => Number.isInteger(ms) && ms > 0 && ms < 1000)).toBe(true);
      expect(times.slice(0, 2)).toEqual([10, 21]);
      expect(seen.durationMs).toBeGreaterThanOrEqual(times.at(-1) ?? 0);
      expect(seen.durationMs).toBeLessThan(200);
      expect(Number.isInteger(seen.durationMs)).toBe(true);
      expect(drive.reads.length).toBe(7);
    }
  });

  it('tells in whole milliseconds how long it took', async () => {
    const size = 8 * MIB;
    const seen = await scanStep(blank, about(size), doorsOf(memoryDrive(new Uint8Array(size))));
    // Eight pieces and the end, 10.4 ms each.
    expect(seen.durationMs).toBe(94);
  });

  it('names the sectors that hold anything else, in order, and counts the rest as blank', async () => {
    const drive = memoryDrive(new Uint8Array(SIZE));
    const found = [0, 5 * MIB + 512, MIB - 512, SIZE - 512];
    for (const offset of found) drive.bytes[offset + 511] = 1;
    const seen = await scanStep(blank, about(SIZE), doorsOf(drive));
    expect(seen).toMatchObject({ bytes: SIZE, blankBytes: SIZE - found.length * 512 });
    expect(seen.otherOffsets).toEqual(found.toSorted((a, b) => a - b));
    // Where anything may be, other sectors are no finding.
    expect(await scanStep(anything, about(SIZE), doorsOf(drive))).toMatchObject({
      bytes: SIZE,
      otherOffsets: [],
    });
  });

  it('counts sectors that differ from each other and are blank each', async () => {
    const drive = memoryDrive(new Uint8Array(SIZE));
    drive.bytes.fill(0x5a, 1024, 1536);
    expect(await scanStep(blank, about(SIZE), doorsOf(drive))).toMatchObject({
      blankBytes: SIZE,
      otherOffsets: [],
    });
  });

  it('counts and lists the sectors that cannot be read, and reads those beside them', async () => {
    const drive = memoryDrive(new Uint8Array(SIZE), { bad: [5 * MIB + 100, 2 * MIB + 513, 2 * MIB + 1024] });
    drive.bytes[2 * MIB + 2048] = 9;
    const seen = await scanStep(blank, about(SIZE), doorsOf(drive));
    expect(seen).toMatchObject({
      ...{ bytes: SIZE - 3 * 512, blankBytes: SIZE - 4 * 512, otherOffsets: [2 * MIB + 2048] },
      unreadable: { count: 3, offsets: [2 * MIB + 512, 2 * MIB + 1024, 5 * MIB], code: 'read error' },
    });
  });

  it('lists them in their order, also where the first took longest', async () => {
    const drive = memoryDrive(new Uint8Array(SIZE), { bad: [0, 3 * MIB] });
    const slow = {
      ...drive,
      read: async (buffer: Uint8Array, offset: number): Promise<number> => {
        if (offset < MIB) await new Promise((resolve) => setTimeout(resolve, buffer.length === MIB ? 50 : 0));
        return await drive.read(buffer, offset);
      },
    };
    for (const at of [700, 3 * MIB + 700]) drive.bytes[at] = 1;
    const { unreadable, otherOffsets } = await scanStep(blank, about(SIZE), doorsOf(slow));
    expect(unreadable.offsets).toEqual([0, 3 * MIB]);
    expect(otherOffsets).toEqual([512, 3 * MIB + 512]);
  });

  it('lists a thousand sectors at most, and counts all', async () => {
    const other = await scanStep(blank, about(SIZE), doorsOf(memoryDrive(unlikeBytes(SIZE))));
    expect(other).toMatchObject({ bytes: SIZE, blankBytes: 0 });
    expect(other.otherOffsets).toHaveLength(1000);
    const bad = Array.from({ length: 1500 }, (_, index) => 3 * MIB + index * 512);
    const { unreadable } = await scanStep(
      blank,
      about(SIZE),
      doorsOf(memoryDrive(new Uint8Array(SIZE), { bad })),
    );
    expect(unreadable.count).toBe(1500);
    expect(unreadable.offsets).toHaveLength(1000);
  });

  it('does not ask a drive that reads nothing any more for each of its sectors', async () => {
    const dead = { read: () => Promise.reject(new Error('EIO')) };
    const drive = { ...memoryDrive(new Uint8Array(SIZE)), ...dead };
    const { unreadable, bytes } = await scanStep(blank, about(SIZE), doorsOf(drive));
    expect(bytes).toBe(0);
    // And one more of each of the six pieces that come after.
    expect(unreadable.count).toBeGreaterThanOrEqual(1000);
    expect(unreadable.count).toBeLessThanOrEqual(1006);
  });

  it('ends soon when it is stopped, with what it saw', async () => {
    const stop = new AbortController();
    const drive = memoryDrive(new Uint8Array(SIZE));
    const progress = (): void => stop.abort();
    const seen = await scanStep(blank, about(SIZE), doorsOf(drive, { signal: stop.signal, progress }));
    expect(seen.bytes).toBeGreaterThan(0);
    expect(seen.bytes).toBeLessThan(SIZE);
    expect(await scanStep(blank, about(SIZE), doorsOf(drive, { signal: AbortSignal.abort() }))).toMatchObject(
      { bytes: 0 },
    );
  });
});
