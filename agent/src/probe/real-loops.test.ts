import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { scratch } from '../../../test-fixtures/scratch.ts';
import { type KnownTopology, nodeOf } from '../decide/topology.ts';
import { type DiskUse, useOf } from '../decide/use.ts';
import { claim } from '../effects/claim.ts';
import { files } from '../effects/files.ts';
import { run } from '../effects/run.ts';
import { probeTopology } from './topology.ts';

const MIB = 1024 * 1024;
const isRoot = process.getuid?.() === 0;

async function topology(): Promise<KnownTopology> {
  const read = await probeTopology({ run, files, claim });
  if (read.kind === 'unknown') throw new Error(read.detail);
  return read;
}

function useIn(read: KnownTopology, path: string): DiskUse {
  const node = nodeOf(path, read);
  if (!node) throw new Error(`no ${path}`);
  return useOf(node, read);
}

const NOTHING: DiskUse = { places: [], swap: false, assemblies: [], backs: [] };

/** Runs a program and gives what it printed. */
function tool(...argv: [string, ...string[]]): string {
  const [program, ...args] = argv;
  return execFileSync(program, args, { stdio: ['ignore', 'pipe', 'pipe'] })
    .toString()
    .trim();
}

/** What was attached or mounted is let go of in the reverse order, whatever the test came to. */
function cleanUp(): { later: (undo: () => void) => void; [Symbol.dispose](): void } {
  const undone: (() => void)[] = [];
  return {
    later: (undo) => void undone.unshift(undo),
    [Symbol.dispose]: () => undone.forEach((undo) => undo()),
  };
}

describe.skipIf(!isRoot)('on real loop devices', () => {
  it('sees files, partitions, mounts and loops on loops, by the kernel’s own word, and lets go with them', async () => {
    using folder = scratch('loops');
    using undo = cleanUp();
    const file = join(folder.path, 'a file.img');
    writeFileSync(file, Buffer.alloc(24 * MIB));
    const loop = tool('losetup', '--find', '--show', file);
    undo.later(() => tool('losetup', '--detach', loop));
    expect(nodeOf(loop, await topology())).toMatchObject({ kind: 'loop', backing: file });
    expect(useIn(await topology(), loop)).toMatchObject({ places: [], swap: false, assemblies: [] });

    tool('addpart', loop, '1', '2048', '32768');
    undo.later(() => tool('delpart', loop, '1'));
    const part = `${loop}p1`;
    expect(nodeOf(part, await topology())).toMatchObject({ kind: 'partition', partOf: basename(loop) });

    tool('mkfs.ext4', '-q', '-F', part);
    const place = join(folder.path, 'mounted here');
    mkdirSync(place);
    tool('mount', part, place);
    undo.later(() => tool('umount', place));
    expect(useIn(await topology(), loop).places).toEqual([place]);
    expect(await claim(loop)).toBe('busy');

    const inner = join(place, 'inner.img');
    writeFileSync(inner, Buffer.alloc(MIB));
    const second = tool('losetup', '--find', '--show', inner);
    undo.later(() => tool('losetup', '--detach', second));
    const third = tool('losetup', '--find', '--show', second);
    undo.later(() => tool('losetup', '--detach', third));
    tool('rm', inner);
    const stacked = await topology();
    expect(nodeOf(second, stacked)?.backing).toContain('(deleted)');
    expect(useIn(stacked, loop).backs.toSorted()).toEqual(
      [loop, second, third].map((each) => basename(each)).toSorted(),
    );
    expect(useIn(stacked, second).backs.toSorted()).toEqual(
      [second, third].map((each) => basename(each)).toSorted(),
    );
    // A loop device does not claim what it stands on: only the walk sees it.
    expect(await claim(second)).toBe('free');
  });

  const root = rootDisk();
  it.skipIf(root === null)(
    'sees that the drive of this system is under a loop device whose file is on it',
    async () => {
      using folder = scratch('loops');
      using undo = cleanUp();
      const before = useIn(await topology(), `/dev/${root}`);
      expect(before.places).toContain('/');
      const file = join(folder.path, 'drive.img');
      writeFileSync(file, Buffer.alloc(MIB));
      const loop = tool('losetup', '--find', '--show', file);
      undo.later(() => tool('losetup', '--detach', loop));
      const name = basename(loop);
      expect(useIn(await topology(), `/dev/${root}`).backs).toContain(name);
      expect(useIn(await topology(), loop)).toEqual({ ...NOTHING, backs: [name] });
    },
  );
});

/** The drive that carries `/`, where that is one, and the scratch folder lies on it. */
function rootDisk(): string | null {
  const line = readFileSync('/proc/self/mountinfo', 'utf8')
    .split('\n')
    .find((each) => each.split(' ')[4] === '/');
  const source = line?.split(' - ')[1]?.split(' ')[1] ?? '';
  const under = tool('findmnt', '--noheadings', '--output', 'TARGET', '--target', import.meta.dirname);
  return under === '/' && /^\/dev\/[a-z]+$/.test(source) ? basename(source) : null;
}
