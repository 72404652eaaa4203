// The engine's own processes: real ones, on files and loop devices, with real kills.
import { execFileSync, spawn } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';
import type { OverwriteSeen } from './words.ts';
import { describe, expect, it } from 'vitest';
import type { Asked, Told } from '../../../../test-fixtures/overwrite-driver.ts';
import { type Scratch, scratch } from '../../../../test-fixtures/scratch.ts';
import { openForOverwrite } from '../../effects/block.ts';
import { overwriteSpawner } from '../../effects/overwrite-process.ts';
import { makeRehearsalMedium } from '../../effects/rehearsal-medium.ts';
import { run as runProgram } from '../../effects/run.ts';
import { fillFromStream, newStreamKey } from '../key-stream.ts';
import type { OverwriteJob } from './job.ts';
import { startOverwrite } from './run.ts';

const MIB = 1024 * 1024;
const root = join(import.meta.dirname, '../../../..');
const isRoot = process.getuid?.() === 0 && existsSync('/dev/loop-control');
const child = overwriteSpawner([process.execPath, join(root, 'agent/src/main.ts'), 'overwrite-child']);

const keyed = () => ({ kind: 'keyed', algorithm: 'aes-256-ctr', keyHex: newStreamKey() }) as const;
const ones = { kind: 'bytes', hex: 'ff' } as const;

function jobFor(
  sizeBytes: number,
  passes: OverwriteJob['passes'],
  changes: Partial<OverwriteJob> = {},
): OverwriteJob {
  return {
    ...{ sizeBytes, logicalSectorBytes: 512, chunkBytes: MIB, lanes: 2, passes, resume: null },
    readBack: { extent: { kind: 'full' }, expected: passes.at(-1) ?? ones },
    checkpoint: { everyBytes: 8 * MIB, everyMs: 60_000 },
    limits: { maxBadSectors: 10, minBytesPerSecond: 0, windowMs: 60_000, graceMs: 500 },
    ...changes,
  };
}

function file(folder: Scratch, size: number): string {
  const path = join(folder.path, `${randomUUID()}.img`);
  writeFileSync(path, '');
  truncateSync(path, size);
  return path;
}

/** The passes of one that is still at it when it is killed, and that leave another byte each. */
const LONG = Array.from({ length: 64 }, (_, index) => ({
  kind: 'bytes' as const,
  hex: (index + 1).toString(16).padStart(2, '0'),
}));

/** Starts a parent, and waits until each of its children is in its second pass. */
async function busyParent(paths: readonly string[], kind: 'file' | 'block', flags: readonly string[] = []) {
  const job = jobFor(64 * MIB, LONG, { readBack: null });
  const asked: Asked = { targets: paths.map((path) => ({ path, kind, job })), flags };
  const parent = spawn(
    process.execPath,
    [join(root, 'test-fixtures/overwrite-driver.ts'), JSON.stringify(asked)],
    {
      stdio: ['pipe', 'pipe', 'inherit'],
    },
  );
  const pids = new Map<number, number>();
  const busy = new Set<number>();
  for await (const line of createInterface({ input: parent.stdout })) {
    const told = JSON.parse(line) as Told;
    if ('pid' in told) pids.set(told.target, told.pid);
    if ('checkpoint' in told && told.checkpoint.pass > 0) busy.add(told.target);
    if (busy.size === paths.length) break;
  }
  return { parent, pids: [...pids.values()] };
}

/** While any of its threads is: the first may be gone while another still waits for its last request. */
const alive = (pid: number): boolean => {
  try {
    const threads = readdirSync(`/proc/${pid}/task`);
    // A zombie is dead: whoever has to reap it has not yet.
    return threads.some(
      (thread) => !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/task/${thread}/status`, 'utf8')),
    );
  } catch {
    return existsSync(`/proc/${pid}/task`) && alive(pid);
  }
};

async function until(what: () => boolean, timeout = 20_000): Promise<void> {
  for (const began = performance.now(); !what(); await wait(5))
    if (performance.now() - began > timeout) throw new Error('never came about');
}

const digest = (path: string): string => createHash('sha256').update(readFileSync(path)).digest('hex');

describe('a process of its own', () => {
  it('overwrites, flushes and reads back, tells of it, and leaves nothing running', async () => {
    using folder = scratch('run');
    const size = 32 * MIB + 1536;
    const path = file(folder, size);
    const pattern = keyed();
    const writer = await openForOverwrite(path, 'file');
    const progress: unknown[] = [];
    const checkpoints: number[] = [];
    const run = startOverwrite(jobFor(size, [pattern]), {
      ...{ writer, spawn: child, signal: new AbortController().signal },
      progress: (each) => progress.push(each),
      checkpoint: ({ offset }) => checkpoints.push(offset),
    });
    const seen = await run.seen;
    await writer.close();
    expect(alive(run.pid)).toBe(false);
    expect(seen).toMatchObject({
      passes: [{ bytes: size, flushed: true, skipped: { count: 0 } }],
      readBack: { matchedBytes: size, beyondEnd: 'nothing' },
      stopped: null,
    });
    const expected = new Uint8Array(size);
    fillFromStream(expected, pattern.keyHex, 0);
    expect(Buffer.compare(readFileSync(path), expected)).toBe(0);
    expect(checkpoints).toEqual([8, 16, 24, 32].map((each) => each * MIB).concat(size));
    expect(progress.at(-1)).toMatchObject({ phase: 'read-back', doneBytes: size, leftBytes: 0, etaMs: 0 });
  });

  it('has its key from its orders alone: nobody reads it in the list of processes', async () => {
    using folder = scratch('run');
    const path = file(folder, 64 * MIB);
    const { parent, pids } = await busyParent([path], 'file');
    expect(readFileSync(`/proc/${pids[0]}/cmdline`, 'utf8')).toMatch(/overwrite-child\0$/);
    expect(readFileSync(`/proc/${pids[0]}/environ`, 'utf8')).toBe('LC_ALL=C\0');
    parent.kill('SIGKILL');
  });

  it('stops when it is told, and what was seen says so', async () => {
    using folder = scratch('run');
    const writer = await openForOverwrite(file(folder, 64 * MIB), 'file');
    const stop = new AbortController();
    const run = startOverwrite(jobFor(64 * MIB, LONG), {
      ...{ writer, spawn: child, signal: stop.signal, progress: () => {} },
      checkpoint: () => stop.abort(),
    });
    const seen = await run.seen;
    await writer.close();
    expect(seen.stopped?.code).toBe('stopped-by-operator');
    expect(seen.passes.length).toBeLessThan(LONG.length);
  });

  it('that dies is engine-died, with what its last checkpoint told', async () => {
    using folder = scratch('run');
    const path = file(folder, 64 * MIB);
    const writer = await openForOverwrite(path, 'file');
    let last: unknown = null;
    const run = startOverwrite(jobFor(64 * MIB, LONG), {
      ...{ writer, spawn: child, signal: new AbortController().signal, progress: () => {} },
      checkpoint: (checkpoint) => {
        last = checkpoint.passes;
        if (checkpoint.pass === 1) process.kill(run.pid, 'SIGKILL');
      },
    });
    const seen: OverwriteSeen = await run.seen;
    await writer.close();
    expect(seen.stopped).toMatchObject({ code: 'engine-died', en: expect.stringContaining('SIGKILL') });
    expect(seen).toMatchObject({ passes: last, readBack: null });
    expect(seen.passes.at(-1)?.flushed).toBe(false);
  });

  it.each(['nonsense', '{"tell":"begin","parent":1,"job":{}}', '{"tell":"erase"}'])(
    'ends at once on orders that are none: %s',
    async (order) => {
      using folder = scratch('run');
      const path = file(folder, MIB);
      const writer = await openForOverwrite(path, 'file');
      const wild = child(writer.descriptor);
      wild.send(order);
      expect((await wild.ended).detail).toMatch(/^SIGKILL/);
      await writer.close();
      expect(readFileSync(path).every((byte) => byte === 0)).toBe(true);
    },
  );

  it('does nothing for anybody but its own parent', async () => {
    using folder = scratch('run');
    const path = file(folder, MIB);
    const writer = await openForOverwrite(path, 'file');
    const wild = child(writer.descriptor);
    wild.send(JSON.stringify({ tell: 'begin', parent: process.pid + 1, job: jobFor(MIB, [ones]) }));
    expect((await wild.ended).detail).toMatch(/^SIGKILL/);
    await writer.close();
    expect(readFileSync(path).every((byte) => byte === 0)).toBe(true);
  });
});

describe('when the parent is killed', () => {
  it.each([
    ['by the kernel’s own hand', []],
    ['by the end of its orders, where the kernel cannot be asked', ['--no-experimental-ffi']],
  ])('each of its processes ends at once, %s, and nothing is written any more', async (_, flags) => {
    using folder = scratch('killed');
    const paths = [file(folder, 64 * MIB), file(folder, 64 * MIB)];
    const { parent, pids } = await busyParent(paths, 'file', flags);
    expect(pids.map(alive)).toEqual([true, true]);
    parent.kill('SIGKILL');
    await until(() => !pids.some(alive));
    const left = paths.map(digest);
    await wait(500);
    expect(paths.map(digest)).toEqual(left);
    // It was stopped on the way, and did not merely come to its end.
    for (const path of paths) expect(readFileSync(path).includes(64)).toBe(false);
  });

  it('one that is paused ends too', async () => {
    using folder = scratch('killed');
    const { parent, pids } = await busyParent([file(folder, 64 * MIB)], 'file');
    parent.stdin.write('pause\n');
    await wait(300);
    expect(pids.map(alive)).toEqual([true]);
    parent.kill('SIGKILL');
    await until(() => !pids.some(alive));
  });

  it('the kernel ends one that cannot even look at its orders', async () => {
    using folder = scratch('killed');
    const { parent, pids } = await busyParent([file(folder, 64 * MIB)], 'file');
    for (const pid of pids) process.kill(pid, 'SIGSTOP');
    await wait(100);
    expect(pids.map(alive)).toEqual([true]);
    parent.kill('SIGKILL');
    await until(() => !pids.some(alive));
  });

  it('a signal to the whole group leaves the end to the parent', async () => {
    using folder = scratch('killed');
    const { parent, pids } = await busyParent([file(folder, 64 * MIB)], 'file');
    for (const pid of pids) for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.kill(pid, name);
    await wait(300);
    expect(pids.map(alive)).toEqual([true]);
    parent.kill('SIGKILL');
    await until(() => !pids.some(alive));
  });
});

describe.skipIf(!isRoot)('on loop devices', () => {
  it('holds the claim that its parent got, through the parent’s death, until it is gone itself', async () => {
    using folder = scratch('loop');
    const medium = await makeRehearsalMedium(folder.path, randomUUID(), 64 * MIB, 'auto', runProgram);
    try {
      expect(medium.kind).toBe('block');
      const { parent, pids } = await busyParent([medium.target.path], 'block');
      await expect(openForOverwrite(medium.target.path, 'block')).rejects.toMatchObject({ code: 'EBUSY' });
      parent.kill('SIGKILL');
      // The parent has it open too.
      await until(() => ![...pids, parent.pid ?? 0].some(alive));
      await (await openForOverwrite(medium.target.path, 'block')).close();
    } finally {
      await medium.dispose();
    }
  });

  it('of 4096-byte sectors writes and reads back to the last of them', async () => {
    using folder = scratch('loop');
    const size = 5 * MIB + 3 * 4096;
    const path = file(folder, size);
    const losetup = ['--find', '--show', '--direct-io=on', '--sector-size', '4096', path];
    const loop = execFileSync('losetup', losetup).toString().trim();
    try {
      const writer = await openForOverwrite(loop, 'block');
      const pattern = keyed();
      const { seen } = startOverwrite(jobFor(size, [pattern], { logicalSectorBytes: 4096 }), {
        ...{ writer, spawn: child, signal: new AbortController().signal },
        ...{ progress: () => {}, checkpoint: () => {} },
      });
      expect(await seen).toMatchObject({
        passes: [{ bytes: size, flushed: true }],
        readBack: { matchedBytes: size, direct: true, beyondEnd: 'nothing' },
        stopped: null,
      });
      await writer.close();
      const expected = new Uint8Array(size);
      fillFromStream(expected, pattern.keyHex, 0);
      expect(Buffer.compare(readFileSync(path), expected)).toBe(0);
    } finally {
      execFileSync('losetup', ['--detach', loop]);
    }
  });
});
