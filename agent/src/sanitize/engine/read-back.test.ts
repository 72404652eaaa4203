// The read-back by itself, on drives of memory that answer late, falsely or not at all.
import { describe, expect, it } from 'vitest';
import { memoryDrive, type MemoryDrive } from '../../../../test-fixtures/memory-drive.ts';
import { portableKeyStreams } from '../key-stream.ts';
import { clockwork } from './clockwork.ts';
import { contentOf } from './content.ts';
import { makeHalt } from './halt.ts';
import type { EngineProgress, OverwriteJob } from './job.ts';
import { beginReadBack, readBack, readBackExtents } from './read-back.ts';
import type { OverwritePattern } from './words.ts';

const CHUNK = 65_536;
const E7: OverwritePattern = { kind: 'bytes', hex: 'e7' };
const wanted = { extent: { kind: 'full' }, expected: E7 } as const;

function jobOf(sizeBytes: number, lanes: number, maxBadSectors = 1000): OverwriteJob {
  return {
    ...{
      sizeBytes,
      logicalSectorBytes: 512,
      chunkBytes: CHUNK,
      lanes,
      passes: [],
      resume: null,
      readBack: wanted,
    },
    checkpoint: { everyBytes: 1e9, everyMs: 1e9 },
    limits: { maxBadSectors, minBytesPerSecond: 0, windowMs: 60_000, graceMs: 200 },
  };
}

type Change = {
  lanes?: number;
  maxBadSectors?: number;
  read?: MemoryDrive['read'];
  pausedUntil?: Promise<void>;
  stopped?: true;
  places?: { offset: number; length: number }[];
};

async function ran(drive: MemoryDrive, sizeBytes: number, change: Change = {}) {
  const job = jobOf(sizeBytes, change.lanes ?? 2, change.maxBadSectors);
  const halt = makeHalt();
  const told: EngineProgress[] = [];
  let now = 500;
  const extents = change.places ?? readBackExtents(wanted, job);
  const doors = { monotonic: () => (now += 0.7), progress: (each: EngineProgress) => void told.push(each) };
  const time = clockwork({ ...doors, halt, limits: job.limits, totalBytes: sizeBytes });
  if (change.stopped) halt.stop('stopped-by-operator');
  if (change.pausedUntil) {
    time.pause();
    void change.pausedUntil.then(() => time.resume());
  }
  const writer = change.read ? { ...drive, read: change.read } : drive;
  const seen = beginReadBack(wanted, sizeBytes, writer.direct);
  const buffers = writer.buffers(job.lanes, CHUNK);
  time.begin('read-back', 0, 0, sizeBytes);
  const content = contentOf(E7, CHUNK, portableKeyStreams);
  await readBack(seen, extents, content, { job, writer, buffers, clockwork: time, halt });
  time.close();
  return { seen, halt, last: told.at(-1) };
}

const full = (size: number): MemoryDrive => memoryDrive(new Uint8Array(size).fill(0xe7));

/** A read-back whose clock goes on by 10.7 ms with each request, on a drive that answers `many` of them and then no more. */
function timed(drive: MemoryDrive, sizeBytes: number, many: number) {
  const job = jobOf(sizeBytes, 1);
  const halt = makeHalt();
  let now = 500;
  const time = clockwork({
    monotonic: () => now,
    progress: () => {},
    halt,
    limits: job.limits,
    totalBytes: sizeBytes,
  });
  let left = many;
  const read: MemoryDrive['read'] = async (buffer, offset) => {
    if (left === 0) return await new Promise(() => {});
    [left, now] = [left - 1, now + 10.7];
    return await drive.read(buffer, offset);
  };
  const writer = { ...drive, read };
  const seen = beginReadBack(wanted, sizeBytes, true);
  now += 7;
  const content = contentOf(E7, CHUNK, portableKeyStreams);
  const doors = { job, writer, buffers: writer.buffers(1, CHUNK), clockwork: time, halt };
  const ended = readBack(seen, readBackExtents(wanted, job), content, doors).finally(() => time.close());
  return { seen, ended, leave: () => time.close() };
}

describe('a read-back', () => {
  const SIZE = 4 * CHUNK + 1024;

  it('finds all of it, tells how far it is and how long it took, and looks for more after the end', async () => {
    const { seen, last } = await ran(full(SIZE), SIZE);
    expect(seen).toMatchObject({
      bytes: SIZE,
      matchedBytes: SIZE,
      mismatchedSectors: 0,
      mismatches: [],
      beyondEnd: 'nothing',
    });
    expect(last).toMatchObject({ doneBytes: SIZE, leftBytes: 0, badSectors: 0 });
    expect(Number.isInteger(seen.durationMs)).toBe(true);
    expect(seen.durationMs).toBeGreaterThan(0);
    expect(seen.durationMs).toBeLessThan(100);
    expect((await ran(full(SIZE + 512), SIZE)).seen.beyondEnd).toBe('something');
    const drive = full(SIZE);
    const read: MemoryDrive['read'] = async (buffer, offset) =>
      offset < SIZE ? await drive.read(buffer, offset) : await Promise.reject(new Error('EIO'));
    expect((await ran(drive, SIZE, { read })).seen.beyondEnd).toBe('unknown');
  });

  it('says in whole milliseconds how long it took, and how long so far where it is left behind', async () => {
    const whole = timed(full(4 * CHUNK), 4 * CHUNK, 100);
    await whole.ended;
    // Four requests, and one behind the end.
    expect(whole.seen.durationMs).toBe(54);
    const left = timed(full(4 * CHUNK), 4 * CHUNK, 1);
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(left.seen).toMatchObject({ bytes: CHUNK, durationMs: 11 });
    left.leave();
  });

  it('of a drive without a size reads nothing', () => {
    expect(readBackExtents(wanted, jobOf(0, 1))).toEqual([]);
    expect(readBackExtents(wanted, jobOf(1, 1))).toEqual([{ offset: 0, length: 1 }]);
  });

  it('of places that lie anywhere reads each of their bytes once, on the bounds of what was written', async () => {
    const drive = full(SIZE);
    const places = [
      { offset: 512, length: 2 * CHUNK },
      { offset: 3 * CHUNK - 512, length: CHUNK },
    ];
    const { seen } = await ran(drive, SIZE, { lanes: 1, places });
    expect(seen).toMatchObject({ bytes: 3 * CHUNK, matchedBytes: 3 * CHUNK });
    expect(drive.reads.slice(0, -1)).toEqual([
      [512, CHUNK - 512],
      [CHUNK, CHUNK],
      [2 * CHUNK, 512],
      [3 * CHUNK - 512, 512],
      [3 * CHUNK, CHUNK - 512],
    ]);
  });

  it('is not deceived by what an honest answer left in the buffer before a false one', async () => {
    const drive = full(SIZE);
    const read: MemoryDrive['read'] = async (buffer, offset) =>
      offset < CHUNK ? await drive.read(buffer, offset) : Math.min(buffer.length, SIZE - offset);
    const { seen } = await ran(drive, SIZE, { lanes: 1, read });
    expect(seen).toMatchObject({ bytes: SIZE, matchedBytes: CHUNK, mismatchedSectors: (SIZE - CHUNK) / 512 });
  });

  it('names in their order what differs and what cannot be read, whichever answer came first', async () => {
    const drive = full(SIZE);
    for (const at of [100, 3 * CHUNK + 600]) drive.bytes[at]! ^= 0xff;
    drive.habits = { bad: [2048, 2 * CHUNK] };
    const read: MemoryDrive['read'] = async (buffer, offset) => {
      if (offset < CHUNK) await new Promise((resolve) => setTimeout(resolve, 3));
      return await drive.read(buffer, offset);
    };
    const { seen, last } = await ran(drive, SIZE, { read });
    expect(seen).toMatchObject({
      ...{ matchedBytes: SIZE - 4 * 512, mismatches: [0, 3 * CHUNK + 512], mismatchedSectors: 2 },
      unreadable: {
        count: 2,
        listed: [
          { offset: 2048, code: 'EIO' },
          { offset: 2 * CHUNK, code: 'EIO' },
        ],
      },
    });
    // What cannot be read is gone over all the same.
    expect(last).toMatchObject({ doneBytes: SIZE, leftBytes: 0, badSectors: 2 });
  });

  it('ends when more is bad than the job allows, and then looks no further', async () => {
    const bad = Array.from({ length: 6 }, (_, index) => index * 512);
    const { seen, halt } = await ran(memoryDrive(new Uint8Array(SIZE).fill(0xe7), { bad }), SIZE, {
      maxBadSectors: 3,
      lanes: 1,
    });
    expect(halt.why()?.code).toBe('too-many-errors');
    expect(seen.unreadable.count).toBe(4);
    expect(seen.bytes).toBeLessThan(CHUNK);
    expect(seen.beyondEnd).toBe('unknown');
  });

  it('makes no request at all once it was stopped, and none while it is paused', async () => {
    const stopped = full(SIZE);
    expect((await ran(stopped, SIZE, { stopped: true })).seen).toMatchObject({
      bytes: 0,
      beyondEnd: 'unknown',
    });
    expect(stopped.reads).toEqual([]);
    const paused = full(SIZE);
    const { promise, resolve } = Promise.withResolvers<void>();
    const run = ran(paused, SIZE, { pausedUntil: promise });
    await new Promise((done) => setTimeout(done, 5));
    expect(paused.reads).toEqual([]);
    resolve();
    expect((await run).seen.matchedBytes).toBe(SIZE);
  });
});
