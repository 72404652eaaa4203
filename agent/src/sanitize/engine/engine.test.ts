import { appendFileSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { OverwriteCheckpoint, type OverwritePattern, OverwriteSeen } from './words.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { scratch } from '../../../../test-fixtures/scratch.ts';
import { nistSample, sampleExtents } from '../../decide/sampling.ts';
import { type BlockWriter, openForOverwrite } from '../../effects/block.ts';
import { openSslKeyStreams } from '../../effects/openssl.ts';
import { fillFromStream, newStreamKey, portableKeyStreams, trusted } from '../key-stream.ts';
import { complementOf } from './content.ts';
import { type EngineDoors, type EngineRun, startEngine } from './engine.ts';
import type { EngineProgress, OverwriteJob } from './job.ts';

const MIB = 1024 * 1024;
const KIB = 1024;
const keyed = (): Extract<OverwritePattern, { kind: 'keyed' }> => ({
  kind: 'keyed',
  algorithm: 'aes-256-ctr',
  keyHex: newStreamKey(),
});

function jobFor(
  sizeBytes: number,
  passes: OverwritePattern[],
  changes: Partial<OverwriteJob> = {},
): OverwriteJob {
  return {
    ...{ sizeBytes, logicalSectorBytes: 512, chunkBytes: 256 * KIB, lanes: 3, passes, resume: null },
    readBack: { extent: { kind: 'full' }, expected: passes.at(-1) ?? { kind: 'zero' } },
    checkpoint: { everyBytes: 1024 * MIB, everyMs: 60_000 },
    limits: { maxBadSectors: 1000, minBytesPerSecond: 0, windowMs: 60_000, graceMs: 200 },
    ...changes,
  };
}

type Asked = {
  spoil?: (writer: BlockWriter, path: string) => BlockWriter;
  begun?: (run: EngineRun) => void;
  file?: Uint8Array;
} & Partial<Pick<EngineDoors, 'signal' | 'checkpoint'>>;

/** Runs a job on a real file full of 0xA5, through a writer that `spoil` may wrap. */
async function run(job: OverwriteJob, { spoil = (writer) => writer, begun, file, ...doors }: Asked = {}) {
  using folder = scratch('engine');
  const path = join(folder.path, 'drive.img');
  writeFileSync(path, file ?? new Uint8Array(job.sizeBytes).fill(0xa5));
  const writer = await openForOverwrite(path, 'file');
  const told: EngineProgress[] = [];
  const checkpoints: OverwriteCheckpoint[] = [];
  const engine = startEngine(job, {
    writer: spoil(writer, path),
    keyed: trusted(openSslKeyStreams()),
    monotonic: () => performance.now(),
    progress: (progress) => told.push(progress),
    checkpoint: (checkpoint) => checkpoints.push(checkpoint),
    signal: new AbortController().signal,
    ...doors,
  });
  begun?.(engine);
  const seen = await engine.seen;
  await writer.close();
  // Whatever a drive does, it fits the words, and so do the checkpoints.
  OverwriteSeen.parse(seen);
  checkpoints.forEach((each) => OverwriteCheckpoint.parse(each));
  return { seen, told, checkpoints, bytes: readFileSync(path) };
}

function expected(pattern: OverwritePattern, size: number): Uint8Array {
  const bytes = new Uint8Array(size);
  if (pattern.kind === 'keyed') fillFromStream(bytes, pattern.keyHex, 0);
  if (pattern.kind === 'bytes') bytes.forEach((_, at) => (bytes[at] = byteOf(pattern.hex, at)));
  return bytes;
}
const byteOf = (hex: string, at: number): number => Buffer.from(hex, 'hex')[at % (hex.length / 2)]!;

/** Errors of the drive: whatever touches one of `sectors` fails as a kernel reports it. */
const faults =
  (sectors: readonly number[], on: 'read' | 'write' | 'both', code = 'EIO', sector = 512) =>
  (writer: BlockWriter): BlockWriter => {
    const failing = (buffer: Uint8Array, offset: number): void => {
      if (sectors.some((each) => each * sector < offset + buffer.length && (each + 1) * sector > offset))
        throw Object.assign(new Error(code), { code });
    };
    return {
      ...writer,
      write: async (buffer, offset) => {
        if (on !== 'read') failing(buffer, offset);
        return writer.write(buffer, offset);
      },
      read: async (buffer, offset) => {
        if (on !== 'write') failing(buffer, offset);
        return writer.read(buffer, offset);
      },
    };
  };

describe('passes', () => {
  it.each<[string, OverwritePattern]>([
    ['a keyed stream', keyed()],
    ['zeros', { kind: 'zero' }],
    ['one byte', { kind: 'bytes', hex: 'e7' }],
    ['three bytes, which no request is a multiple of', { kind: 'bytes', hex: '924924' }],
    ['seven bytes', { kind: 'bytes', hex: '01020304050607' }],
  ])('write %s to every byte and no further, whatever the size', async (_, pattern) => {
    for (const size of [512, 256 * KIB - 512, 256 * KIB, 3 * MIB + 1536]) {
      const { seen, bytes } = await run(jobFor(size, [pattern]));
      expect(seen.stopped).toBeNull();
      expect(seen.passes[0]).toMatchObject({
        bytes: size,
        flushed: true,
        flushError: null,
        resumedFrom: null,
      });
      expect(seen.readBack).toMatchObject({
        wantedBytes: size,
        bytes: size,
        matchedBytes: size,
        beyondEnd: 'nothing',
      });
      expect(bytes.length).toBe(size);
      expect(Buffer.compare(bytes, expected(pattern, size))).toBe(0);
    }
  });

  it('come one after the other, each flushed, and the last is read back', async () => {
    const passes: OverwritePattern[] = [
      { kind: 'bytes', hex: '92' },
      complementOf({ kind: 'bytes', hex: '92' }),
      keyed(),
    ];
    expect(passes[1]).toEqual({ kind: 'bytes', hex: '6d' });
    const { seen, told, bytes } = await run(jobFor(2 * MIB, passes));
    expect(seen.passes.map((pass) => [pass.pattern, pass.flushed, pass.bytes])).toEqual(
      passes.map((pattern) => [pattern, true, 2 * MIB]),
    );
    expect(seen.readBack?.matchedBytes).toBe(2 * MIB);
    expect(Buffer.compare(bytes, expected(passes[2]!, 2 * MIB))).toBe(0);
    expect(told[0]).toMatchObject({ phase: 'write', pass: 0, leftBytes: 8 * MIB });
    expect(told.at(-1)).toMatchObject({ phase: 'read-back', pass: 3, doneBytes: 2 * MIB, leftBytes: 0 });
  });

  it('read back without writing, when there is none', async () => {
    const job = jobFor(MIB, [], {
      readBack: { extent: { kind: 'full' }, expected: { kind: 'bytes', hex: 'a5' } },
    });
    const { seen, bytes } = await run(job);
    expect(seen).toMatchObject({ passes: [], stopped: null, readBack: { matchedBytes: MIB } });
    expect(bytes.every((byte) => byte === 0xa5)).toBe(true);
  });

  it('of large sectors never ask for a part of one', async () => {
    const asked: number[] = [];
    const spoil = (writer: BlockWriter): BlockWriter => {
      const whole = faults([3, 70], 'both', 'EIO', 4096)(writer);
      const noted =
        (call: BlockWriter['read']): BlockWriter['read'] =>
        (buffer, offset) => {
          asked.push(buffer.length, offset);
          return call(buffer, offset);
        };
      return {
        ...whole,
        write: noted((...asked) => whole.write(...asked)),
        read: noted((...asked) => whole.read(...asked)),
      };
    };
    const job = jobFor(MIB + 4096, [keyed()], { logicalSectorBytes: 4096 });
    const { seen } = await run(job, { spoil });
    expect(asked.filter((each) => each % 4096 !== 0)).toEqual([]);
    expect(seen.passes[0]?.skipped.listed.map(({ offset }) => offset)).toEqual([3 * 4096, 70 * 4096]);
  });
});

describe('the read-back', () => {
  const after =
    (act: (path: string) => void) =>
    (writer: BlockWriter, path: string): BlockWriter => ({
      ...writer,
      flush: async () => {
        await writer.flush();
        act(path);
      },
    });

  it('does not take what a request left in a buffer for what the drive holds', async () => {
    const silent = (writer: BlockWriter): BlockWriter => ({
      ...writer,
      read: (buffer) => Promise.resolve(buffer.length),
    });
    for (const pattern of [keyed(), { kind: 'zero' } as const, { kind: 'bytes', hex: 'e7' } as const]) {
      const { seen } = await run(jobFor(2 * MIB, [pattern]), { spoil: silent });
      expect(seen.readBack).toMatchObject({ bytes: 2 * MIB, matchedBytes: 0, mismatchedSectors: 4096 });
      expect(seen.readBack?.mismatches).toHaveLength(1000);
    }
  });

  it('tells of a drive that goes on after its size', async () => {
    const { seen } = await run(jobFor(MIB, [keyed()]), {
      spoil: after((path) => appendFileSync(path, new Uint8Array(512))),
    });
    expect(seen.readBack).toMatchObject({ matchedBytes: MIB, beyondEnd: 'something' });
  });

  it('of a sample reads that sample and nothing else', async () => {
    const size = 4 * MIB;
    const extent = nistSample('ab'.repeat(32));
    const extents = sampleExtents(extent, size, 512);
    const pattern = keyed();
    const read: [number, number][] = [];
    const spoil = (writer: BlockWriter): BlockWriter => ({
      ...writer,
      read: (buffer, offset) => {
        if (offset < size) read.push([offset, offset + buffer.length]);
        return writer.read(buffer, offset);
      },
    });
    const { seen } = await run(jobFor(size, [pattern], { readBack: { extent, expected: pattern } }), {
      spoil,
    });
    const total = extents.reduce((sum, { length }) => sum + length, 0);
    expect(seen.readBack).toMatchObject({ extent, wantedBytes: total, bytes: total, matchedBytes: total });
    const outside = read.filter(
      ([from, to]) => !extents.some(({ offset, length }) => offset <= from && to <= offset + length),
    );
    expect(outside).toEqual([]);
    expect(read.reduce((sum, [from, to]) => sum + to - from, 0)).toBe(total);
  });
});

describe('bad sectors', () => {
  it('are skipped, counted and listed, and all others are written and read back', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.integer({ min: 0, max: 4095 }), { minLength: 1, maxLength: 12 }),
        async (sectors) => {
          const pattern = keyed();
          const { seen, bytes } = await run(jobFor(2 * MIB, [pattern]), { spoil: faults(sectors, 'both') });
          const offsets = sectors.toSorted((a, b) => a - b).map((each) => each * 512);
          const list = { count: offsets.length, listed: offsets.map((offset) => ({ offset, code: 'EIO' })) };
          const good = 2 * MIB - offsets.length * 512;
          expect(seen.stopped).toBeNull();
          expect(seen.passes[0]).toMatchObject({ bytes: good, skipped: list, flushed: true });
          expect(seen.readBack).toMatchObject({
            bytes: good,
            matchedBytes: good,
            unreadable: list,
            mismatchedSectors: 0,
          });
          const wanted = expected(pattern, 2 * MIB);
          for (const offset of offsets) wanted.fill(0xa5, offset, offset + 512);
          expect(Buffer.compare(bytes, wanted)).toBe(0);
        },
      ),
      { numRuns: 15 },
    );
  });

  it('that could not be written and can be read are seen to differ', async () => {
    const { seen } = await run(jobFor(MIB, [keyed()]), { spoil: faults([9], 'write') });
    expect(seen.readBack).toMatchObject({
      mismatches: [9 * 512],
      mismatchedSectors: 1,
      unreadable: { count: 0 },
    });
  });

  it('above the ceiling end the work', async () => {
    const many = Array.from({ length: 40 }, (_, index) => index);
    const limits = { ...jobFor(0, []).limits, maxBadSectors: 20 };
    const { seen, bytes } = await run(jobFor(8 * MIB, [keyed()], { limits, lanes: 1 }), {
      spoil: faults(many, 'write'),
    });
    expect(seen.stopped?.code).toBe('too-many-errors');
    expect(seen.passes[0]).toMatchObject({ skipped: { count: 21 }, flushed: false });
    expect(seen.readBack).toBeNull();
    expect(bytes.subarray(MIB).every((byte) => byte === 0xa5)).toBe(true);
  });

  it('are listed up to a thousand and all counted', async () => {
    const many = Array.from({ length: 1500 }, (_, index) => index);
    const limits = { ...jobFor(0, []).limits, maxBadSectors: 5000 };
    const { seen } = await run(jobFor(MIB, [keyed()], { limits }), { spoil: faults(many, 'write') });
    expect(seen.passes[0]?.skipped.count).toBe(1500);
    expect(seen.passes[0]?.skipped.listed).toHaveLength(1000);
  });
});

describe('a device', () => {
  it('that has gone ends the work: ENOSPC or nothing where there should be more', async () => {
    const limit = (writer: BlockWriter): BlockWriter => ({
      ...writer,
      write: (buffer, offset) => {
        if (offset >= MIB) throw Object.assign(new Error('no'), { code: 'ENOSPC' });
        return writer.write(buffer, offset);
      },
    });
    const gone = await run(jobFor(8 * MIB, [keyed()]), { spoil: limit });
    expect(gone.seen.stopped?.code).toBe('device-gone');
    expect(gone.seen.passes[0]?.skipped.count).toBeLessThanOrEqual(3);
    const shrank = await run(jobFor(8 * MIB, [keyed()]), {
      spoil: (writer, path) => ({
        ...writer,
        flush: async () => {
          await writer.flush();
          truncateSync(path, MIB);
        },
      }),
    });
    expect(shrank.seen.stopped?.code).toBe('device-gone');
    expect(shrank.seen.readBack?.matchedBytes).toBe(MIB);
  });

  it('that refuses the requests themselves is not searched sector by sector', async () => {
    let calls = 0;
    const spoil = (writer: BlockWriter): BlockWriter => ({
      ...writer,
      write: () => {
        calls += 1;
        return Promise.reject(Object.assign(new Error('no'), { code: 'EINVAL' }));
      },
    });
    const { seen } = await run(jobFor(8 * MIB, [keyed()]), { spoil });
    expect(seen.stopped?.code).toBe('request-refused');
    expect(calls).toBeLessThanOrEqual(3);
  });

  it('whose flush fails is not read back', async () => {
    const spoil = (writer: BlockWriter): BlockWriter => ({
      ...writer,
      flush: () => Promise.reject(Object.assign(new Error('no'), { code: 'EIO' })),
    });
    const { seen, checkpoints } = await run(jobFor(MIB, [keyed(), keyed()]), { spoil });
    expect(seen.stopped?.code).toBe('flush-failed');
    expect(seen.passes).toHaveLength(1);
    expect(seen.passes[0]).toMatchObject({ bytes: MIB, flushed: false, flushError: 'EIO' });
    expect([seen.readBack, checkpoints]).toEqual([null, []]);
  });

  it('that became too slow is given up', async () => {
    const spoil = (writer: BlockWriter): BlockWriter => ({
      ...writer,
      write: async (buffer, offset) => {
        await new Promise((done) => setTimeout(done, 100));
        return writer.write(buffer, offset);
      },
    });
    const limits = { maxBadSectors: 0, minBytesPerSecond: 1024 * MIB, windowMs: 300, graceMs: 1000 };
    const { seen } = await run(jobFor(64 * MIB, [keyed()], { limits }), { spoil });
    expect(seen.stopped?.code).toBe('too-slow');
    expect(seen.passes[0]?.bytes).toBeLessThan(64 * MIB);
  });

  it('that answers nothing at all is not waited for', async () => {
    const spoil = (writer: BlockWriter): BlockWriter => ({
      ...writer,
      write: (buffer, offset) =>
        offset >= MIB ? new Promise<number>(() => {}) : writer.write(buffer, offset),
    });
    const limits = { maxBadSectors: 0, minBytesPerSecond: 1, windowMs: 300, graceMs: 100 };
    const { seen } = await run(jobFor(8 * MIB, [keyed()], { limits }), { spoil });
    expect(seen.stopped?.code).toBe('too-slow');
    expect(seen.passes[0]).toMatchObject({ bytes: MIB, flushed: false });
  });
});

describe('checkpoints', () => {
  it('come only after a flush, and hold nothing that is not flushed', async () => {
    const done: string[] = [];
    const spoil = (writer: BlockWriter): BlockWriter => ({
      ...writer,
      write: async (buffer, offset) => {
        const count = await writer.write(buffer, offset);
        done.push(`write ${offset / (256 * KIB)}`);
        return count;
      },
      flush: async () => {
        await writer.flush();
        done.push('flush');
      },
    });
    const job = jobFor(2 * MIB, [keyed()], { checkpoint: { everyBytes: 512 * KIB, everyMs: 60_000 } });
    const { checkpoints } = await run(job, {
      spoil,
      checkpoint: ({ offset }) => done.push(`checkpoint ${offset}`),
    });
    expect(checkpoints).toEqual([]);
    const orders = done.join(' ').split(/flush checkpoint (?:\d+) ?/);
    expect(orders.map((each) => each.match(/\d+/g)?.sort().join(' ') ?? '')).toEqual([
      '0 1',
      '2 3',
      '4 5',
      '6 7',
      '',
    ]);
  });

  it('let another run go on, with the same key, from any of them, to the same drive', async () => {
    const passes: OverwritePattern[] = [{ kind: 'bytes', hex: '924924' }, keyed()];
    const checkpoint = { everyBytes: 512 * KIB, everyMs: 60_000 };
    const { checkpoints, bytes } = await run(jobFor(2 * MIB, passes, { checkpoint }), {
      spoil: faults([5], 'write'),
    });
    expect(checkpoints.map(({ pass, offset }) => [pass, offset / (512 * KIB)])).toEqual([
      ...[1, 2, 3, 4].map((part) => [0, part]),
      ...[1, 2, 3, 4].map((part) => [1, part]),
    ]);
    for (const resume of checkpoints.filter(({ pass }) => pass === 1)) {
      const file = Buffer.from(bytes);
      file.fill(0x11, resume.offset);
      const written: number[] = [];
      const again = await run(jobFor(2 * MIB, passes, { resume }), {
        file,
        spoil: (writer) => ({
          ...writer,
          write: (buffer, offset) => {
            written.push(offset);
            return writer.write(buffer, offset);
          },
        }),
      });
      expect(Math.min(...written, 2 * MIB)).toBe(resume.offset);
      expect(again.seen.passes[0]).toMatchObject({ resumedFrom: null, flushed: true, skipped: { count: 1 } });
      expect(again.seen.passes[1]).toMatchObject({
        resumedFrom: resume.offset,
        bytes: 2 * MIB - 512,
        skipped: { count: 1, listed: [{ offset: 5 * 512, code: 'EIO' }] },
        flushed: true,
      });
      // The read-back is of everything, and finds what was skipped before the cut.
      expect(again.seen.readBack).toMatchObject({ bytes: 2 * MIB, mismatches: [5 * 512] });
      expect(Buffer.compare(again.bytes, bytes)).toBe(0);
    }
  });

  it('are due by time too', async () => {
    const slow = (writer: BlockWriter): BlockWriter => ({
      ...writer,
      write: async (buffer, offset) => {
        await new Promise((done) => setTimeout(done, 20));
        return writer.write(buffer, offset);
      },
    });
    const job = jobFor(4 * MIB, [keyed()], { checkpoint: { everyBytes: 1024 * MIB, everyMs: 30 } });
    const { checkpoints, seen } = await run(job, { spoil: slow });
    expect(checkpoints.length).toBeGreaterThan(1);
    expect(seen.readBack?.matchedBytes).toBe(4 * MIB);
  });
});

describe('orders', () => {
  it('pause: not one request more, no time counted, and it goes on to the same end', async () => {
    const paused = Promise.withResolvers<void>();
    const calls: number[] = [];
    let engine: EngineRun | null = null;
    const spoil = (writer: BlockWriter): BlockWriter => ({
      ...writer,
      write: (buffer, offset) => {
        calls.push(offset);
        if (calls.length === 4) {
          engine?.pause();
          paused.resolve();
        }
        return writer.write(buffer, offset);
      },
    });
    const limits = { maxBadSectors: 0, minBytesPerSecond: 1024, windowMs: 200, graceMs: 0 };
    const pending = run(jobFor(8 * MIB, [keyed()], { limits }), {
      spoil,
      begun: (each) => void (engine = each),
    });
    await paused.promise;
    await new Promise((done) => setTimeout(done, 100));
    const before = calls.length;
    await new Promise((done) => setTimeout(done, 900));
    expect(calls.length).toBe(before);
    expect(before).toBeLessThan(8);
    engine!.resume();
    const { seen, told } = await pending;
    expect(seen.stopped).toBeNull();
    expect(seen.readBack?.matchedBytes).toBe(8 * MIB);
    expect(told.some((each) => each.paused)).toBe(true);
    expect(seen.passes[0]!.durationMs).toBeLessThan(900);
  });

  it('stop, even while it is paused', async () => {
    const stop = new AbortController();
    const { seen } = await run(jobFor(8 * MIB, [keyed()]), {
      signal: stop.signal,
      begun: (engine) => {
        engine.pause();
        setTimeout(() => stop.abort(), 50);
      },
    });
    expect(seen.stopped?.code).toBe('stopped-by-operator');
    expect(seen.passes[0]?.bytes).toBeLessThan(8 * MIB);
  });
});

describe('the keyed stream by OpenSSL', () => {
  it('is that of node:crypto', () => {
    const openSsl = openSslKeyStreams();
    expect(openSsl).not.toBeNull();
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 2 ** 48 }),
        fc.integer({ min: 1, max: 700_000 }),
        fc.integer({ min: 0, max: 699_999 }),
        (block, length, flip) => {
          const key = newStreamKey();
          const [one, other] = [new Uint8Array(length), new Uint8Array(length)];
          openSsl!(key).fill(one, block * 16);
          portableKeyStreams(key).fill(other, block * 16);
          expect(Buffer.compare(one, other)).toBe(0);
          for (const stream of [openSsl!(key), portableKeyStreams(key)]) {
            expect(stream.equals(one, block * 16)).toBe(true);
            one[flip % length]! ^= 1;
            expect(stream.equals(one, block * 16)).toBe(false);
            one[flip % length]! ^= 1;
          }
        },
      ),
      { numRuns: 40 },
    );
  });

  it('is not believed when it makes another', () => {
    const other = portableKeyStreams;
    const wrong = (keyHex: string) => ({
      ...other(keyHex),
      fill: (target: Uint8Array) => void target.fill(1),
    });
    const blind = (keyHex: string) => ({ ...other(keyHex), equals: () => true });
    expect(trusted(wrong)).toBe(portableKeyStreams);
    expect(trusted(blind)).toBe(portableKeyStreams);
    expect(trusted(null)).toBe(portableKeyStreams);
    expect(trusted(openSslKeyStreams())).not.toBe(portableKeyStreams);
  });
});
