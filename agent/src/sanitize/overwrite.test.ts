import { createCipheriv } from 'node:crypto';
import { closeSync, openSync, readFileSync, readSync, truncateSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { judge, type ObservationsV2, type PlanV2 } from '@rebond/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { scratch } from '../../../test-fixtures/scratch.ts';
import { overwritePlan } from '../../../test-fixtures/overwrite-plan.ts';
import { type BlockWriter, openForOverwrite } from '../effects/block.ts';
import { fillFromStream, newStreamKey } from './key-stream.ts';
import { overwriteStep } from './steps/overwrite.ts';
import { readBackStep } from './steps/read-back.ts';
import { walkSteps } from './walk-steps.ts';

const MIB = 1024 * 1024;
const identity = { transport: 'file', model: 'rehearsal', serial: 'REHEARSAL-1', wwid: null } as const;

const capabilities = { outcome: 'read' as const, sources: [], value: { interface: 'plain' as const } };

function planFor(path: string, sizeBytes: number): PlanV2 {
  const target = {
    path,
    identity,
    medium: 'rehearsal-file',
    sizeBytes,
    logicalSectorBytes: 512,
    diskseq: null,
  } as const;
  return overwritePlan({
    planId: '00000000-0000-4000-8000-000000000001',
    sessionId: '00000000-0000-4000-8000-000000000000',
    mode: 'rehearsal',
    target,
    capabilities,
  });
}

/** Overwrites a real file of `size` bytes filled with 0xA5, through a writer that `spoil` may wrap. */
async function run(
  size: number,
  spoil: (writer: BlockWriter, path: string) => BlockWriter = (writer) => writer,
  signal: AbortSignal = new AbortController().signal,
) {
  using folder = scratch('overwrite');
  const path = join(folder.path, 'drive.img');
  writeFileSync(path, new Uint8Array(size).fill(0xa5));
  const plan = planFor(path, size);
  const key = newStreamKey();
  const writer = spoil(await openForOverwrite(path, 'file'), path);
  const phases: string[] = [];
  const doors = {
    writer,
    monotonic: () => performance.now(),
    progress: ({ progress: { phase } }: { progress: { phase: string } }) => phases.push(phase),
    signal,
    command: () => {},
    identify: () => Promise.resolve({ identity, sizeBytes: size, diskseq: null }),
    runners: { overwrite: overwriteStep({ spawn: null }), 'read-back': readBackStep({ spawn: null }) },
  };
  const observations = await walkSteps(plan, key, doors);
  await writer.close();
  const judgement = judge({ plan, observations, capabilities });
  return { ...seenOf(observations), judgement, key, bytes: readFileSync(path), phases };
}

function seenOf({ steps }: ObservationsV2) {
  return {
    written: steps.find((step) => step.kind === 'overwrite'),
    readBack: steps.find((step) => step.kind === 'read-back'),
  };
}

/** Does something to the real file once the flush is over, before anything is read back. */
const afterFlush =
  (act: (path: string) => void) =>
  (writer: BlockWriter, path: string): BlockWriter => ({
    ...writer,
    flush: async () => {
      await writer.flush();
      act(path);
    },
  });

function flipByte(path: string, offset: number): void {
  const fd = openSync(path, 'r+');
  const byte = new Uint8Array(1);
  readSync(fd, byte, 0, 1, offset);
  writeSync(fd, Uint8Array.of((byte[0] ?? 0) ^ 0x01), 0, 1, offset);
  closeSync(fd);
}

describe('the key stream', () => {
  it('is AES-256-CTR over zeros, the counter being offset / 16: any part is that of the whole', () => {
    const key = newStreamKey();
    const whole = createCipheriv('aes-256-ctr', Buffer.from(key, 'hex'), Buffer.alloc(16)).update(
      Buffer.alloc(3 * MIB),
    );
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: (2 * MIB) / 16 }),
        fc.integer({ min: 1, max: MIB }),
        (block, length) => {
          const part = new Uint8Array(length);
          fillFromStream(part, key, block * 16);
          expect(Buffer.compare(part, whole.subarray(block * 16, block * 16 + length))).toBe(0);
        },
      ),
      { numRuns: 50 },
    );
  });

  it('does not repeat at 64 GiB, where a 32-bit counter would', () => {
    const [a, b] = [new Uint8Array(64), new Uint8Array(64)];
    const key = newStreamKey();
    fillFromStream(a, key, 0);
    fillFromStream(b, key, 2 ** 32 * 16);
    expect(Buffer.compare(a, b)).not.toBe(0);
  });
});

describe('overwrite', () => {
  it.each([512, MIB - 512, MIB, 5 * MIB + 1536])('writes and reads back every byte of %i', async (size) => {
    const { judgement, key, bytes, phases } = await run(size);
    expect(judgement.outcome).toBe('done');
    const expected = new Uint8Array(size);
    fillFromStream(expected, key, 0);
    expect(Buffer.compare(bytes, expected)).toBe(0);
    expect(phases).toEqual(phases.toSorted().toReversed());
    expect(new Set(phases)).toEqual(new Set(['write', 'read-back']));
  });

  it('fails with the offset when one sector changes between writing and reading back', async () => {
    const { judgement, readBack } = await run(
      4 * MIB,
      afterFlush((path) => flipByte(path, 3 * MIB + 700)),
    );
    expect(judgement.outcome).toBe('failed');
    expect(judgement.reasons.map(({ code }) => code)).toEqual(['read-back-differs']);
    expect(readBack?.mismatches).toEqual([3 * MIB + 512]);
    expect(judgement.reasons[0]?.fr).toContain(String(3 * MIB + 512));
  });

  it('finds any single flipped bit, wherever it is', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 2 * MIB - 1 }), async (offset) => {
        const { judgement, readBack } = await run(
          2 * MIB,
          afterFlush((path) => flipByte(path, offset)),
        );
        expect(judgement.outcome).toBe('failed');
        expect(readBack?.mismatches).toEqual([offset - (offset % 512)]);
      }),
      { numRuns: 20 },
    );
  });

  it('counts all sectors that differ', async () => {
    const spoil = afterFlush((path) => [0, 600, 2 * MIB].forEach((offset) => flipByte(path, offset)));
    const { readBack } = await run(3 * MIB, spoil);
    expect(readBack).toMatchObject({ mismatchedSectors: 3, mismatches: [0, 512, 2 * MIB] });
    expect(readBack?.matchedBytes).toBe(3 * MIB - 3 * 512);
  });

  it('does not take a drive that shrank for one that was read back', async () => {
    const { judgement } = await run(
      2 * MIB,
      afterFlush((path) => truncateSync(path, MIB)),
    );
    expect(judgement.outcome).toBe('failed');
    expect(judgement.reasons.map(({ code }) => code)).toContain('read-error');
  });

  it('reports the one sector that refuses to be written, and reads nothing back', async () => {
    const spoil = (writer: BlockWriter): BlockWriter => ({
      ...writer,
      write: async (buffer, offset) => {
        const hit = offset <= MIB && MIB < offset + buffer.length;
        if (hit) throw Object.assign(new Error('no'), { code: 'EIO' });
        return await writer.write(buffer, offset);
      },
    });
    const { judgement, written, readBack } = await run(4 * MIB, spoil);
    expect(judgement.outcome).toBe('failed');
    expect(written?.bad).toEqual({ count: 1, offsets: [MIB], code: 'EIO' });
    expect(readBack).toBeUndefined();
  });

  it('continues short writes, and takes a write of nothing for a device that has gone', async () => {
    const short = (writer: BlockWriter): BlockWriter => ({
      ...writer,
      write: (buffer, offset) => writer.write(buffer.subarray(0, Math.min(buffer.length, 4096)), offset),
    });
    expect((await run(MIB, short)).judgement.outcome).toBe('done');
    const gone = (writer: BlockWriter): BlockWriter => ({ ...writer, write: () => Promise.resolve(0) });
    expect((await run(MIB, gone)).judgement.outcome).toBe('failed');
  });

  it('a flush that fails is never done', async () => {
    const spoil = (writer: BlockWriter): BlockWriter => ({
      ...writer,
      flush: () => Promise.reject(Object.assign(new Error('no'), { code: 'EIO' })),
    });
    const { judgement, readBack } = await run(MIB, spoil);
    expect(judgement.outcome).toBe('unknown');
    expect(judgement.reasons.map(({ code }) => code)).toContain('not-flushed');
    expect(readBack).toBeUndefined();
  });

  it('stopped by the operator is unknown, never done', async () => {
    const stop = new AbortController();
    const spoil = (writer: BlockWriter): BlockWriter => ({
      ...writer,
      write: (buffer, offset) => {
        if (offset >= MIB) stop.abort();
        return writer.write(buffer, offset);
      },
    });
    const { judgement } = await run(8 * MIB, spoil, stop.signal);
    expect(judgement.outcome).toBe('unknown');
    expect(judgement.reasons.map(({ code }) => code)).toContain('stopped-by-operator');
  });
});

describe('openForOverwrite', () => {
  it('refuses a symbolic link, a folder, and a file where a block device is meant', async () => {
    using folder = scratch('open');
    const path = join(folder.path, 'file');
    writeFileSync(path, 'x');
    await import('node:fs').then(({ symlinkSync }) => symlinkSync(path, join(folder.path, 'link')));
    await expect(openForOverwrite(join(folder.path, 'link'), 'file')).rejects.toMatchObject({
      code: 'ELOOP',
    });
    await expect(openForOverwrite(folder.path, 'file')).rejects.toMatchObject({ code: 'EISDIR' });
    await expect(openForOverwrite(path, 'block')).rejects.toThrow('not a block');
    expect(readFileSync(path, 'utf8')).toBe('x');
  });
});
