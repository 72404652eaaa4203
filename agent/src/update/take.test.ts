import { createHash, randomBytes } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { IMAGE_FILES, type ImageManifest } from '@rebond/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { scratch } from '../../../test-fixtures/scratch.ts';
import { standIn } from '../../../test-fixtures/stand-in-server.ts';
import { type BootMemory, decideSlot, type SlotName } from '../decide/slot.ts';
import { serverAt } from '../effects/network.ts';
import { type SlotDoors, slotDoors, type SlotFiles } from '../effects/slot-files.ts';
import { parseReadyCfg, readyCfg } from '../parse/ready-cfg.ts';
import type { BootSlot, Update } from './look.ts';
import { takeUpdate } from './take.ts';

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const RUNNING = 1_700_000_000;
const PACE = { tries: 3, waitMs: 1 };

type Image = { manifest: ImageManifest; bytes: Map<string, Buffer> };
function image(serial: number, scale = 1): Image {
  const contents = new Map(
    IMAGE_FILES.map((name, index) => [name, randomBytes(scale * (1000 + index * 70_000))]),
  );
  const files = IMAGE_FILES.map((name) => {
    const bytes = contents.get(name) as Buffer;
    return { name, sizeBytes: bytes.length, sha256: sha256(bytes) };
  });
  const manifest: ImageManifest = {
    ...{ schema: 'rebond.image/1', version: `0.${serial % 10}.0`, serial, architecture: 'amd64', files },
    agentSha256: '0'.repeat(64),
  };
  return { manifest, bytes: new Map(files.map((each) => [each.sha256, contents.get(each.name) as Buffer])) };
}

const old = image(RUNNING - 5);
const present = image(RUNNING);
const offered = image(RUNNING + 5);
const squashfs = (of: Image): string =>
  of.manifest.files.find(({ name }) => name === 'filesystem.squashfs')!.sha256;

/** A stick that runs from slot a; in b there is an older image, or nothing. */
function stick(root: string, inB: Image | null): BootSlot {
  for (const [slot, held] of [
    ['a', present],
    ['b', inB],
  ] as const) {
    if (!held) continue;
    const folder = join(root, `live-${slot}`);
    mkdirSync(folder, { recursive: true });
    for (const { name, sha256: digest } of held.manifest.files)
      writeFileSync(join(folder, name), held.bytes.get(digest) as Buffer);
    writeFileSync(join(folder, 'ready.cfg'), readyCfg(slot, held.manifest.serial, squashfs(held)));
  }
  const { version, serial } = present.manifest;
  return { root, slot: 'a', image: { version, serial, sha256: squashfs(present) } };
}

const ready = (root: string, slot: SlotName): number | null => {
  const path = join(root, `live-${slot}`, 'ready.cfg');
  return existsSync(path) ? parseReadyCfg(readFileSync(path, 'utf8'), slot) : null;
};

const complete = (root: string, slot: SlotName): boolean =>
  [old, present, offered].some(({ manifest }) =>
    manifest.files.every(({ name, sha256: digest }) => {
      const path = join(root, `live-${slot}`, name);
      return existsSync(path) && sha256(readFileSync(path)) === digest;
    }),
  );

/** Whatever GRUB remembers of the offered image, the slot that it starts is whole. */
function expectBootable(root: string): void {
  const serials = { a: ready(root, 'a'), b: ready(root, 'b') };
  const none = { a: null, b: null };
  const memories: BootMemory[] = [
    { tried: none, good: none },
    { tried: { a: RUNNING, b: null }, good: { a: RUNNING, b: null } },
    { tried: { a: RUNNING, b: RUNNING + 5 }, good: { a: RUNNING, b: null } },
    { tried: { a: RUNNING, b: RUNNING - 5 }, good: { a: RUNNING, b: RUNNING - 5 } },
  ];
  for (const memory of memories) {
    const slot = decideSlot(serials, memory)?.slot;
    expect(slot).toBeDefined();
    if (slot) expect(complete(root, slot)).toBe(true);
  }
}

class PowerCut extends Error {}

/** Doors that lose the power before the operation `at`, and after it do nothing more. What was not synced is torn. */
function cutAt(at: number, tear: (size: number) => number): { doors: SlotDoors; steps: () => number } {
  let steps = 0;
  const unsynced = new Set<string>();
  const step = async <T>(act: () => Promise<T>): Promise<T> => {
    if (steps === at) {
      for (const path of unsynced) if (existsSync(path)) truncateSync(path, tear(statSync(path).size));
      unsynced.clear();
    }
    if (steps >= at) throw new PowerCut();
    steps += 1;
    return await act();
  };
  const openSlot = async (folder: string): Promise<SlotFiles> => {
    const real = await step(() => slotDoors.openSlot(folder));
    return {
      remove: (name) => step(() => real.remove(name)),
      sizeOf: (name) => step(() => real.sizeOf(name)),
      freeBytes: () => step(() => real.freeBytes()),
      readBack: (name) => step(() => real.readBack(name)),
      put: async (name, bytes) => {
        // A cut within: the name is there, and some of the bytes.
        if (steps === at) writeFileSync(join(folder, name), bytes.subarray(0, tear(bytes.length - 1)));
        await step(() => real.put(name, bytes));
      },
      create: async (name) => {
        const writer = await step(() => real.create(name));
        unsynced.add(join(folder, name));
        return {
          append: (bytes) => step(() => writer.append(bytes)),
          finish: async () => {
            await step(() => writer.finish());
            unsynced.delete(join(folder, name));
          },
          abandon: () => writer.abandon(),
        };
      },
    };
  };
  return { doors: { ...slotDoors, openSlot }, steps: () => steps };
}

/** Serves the files of an image; each answer breaks off after `most` bytes. */
async function serving(bytes: Image['bytes'], most = Infinity) {
  const asked: string[] = [];
  const http = await standIn((request, response) => {
    const file = bytes.get(request.url?.split('/').at(-1) ?? '');
    if (!file) return void response.writeHead(404).end('{}');
    const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
    asked.push(`${from}`);
    const head = from > 0 ? { 'content-range': `bytes ${from}-${file.length - 1}/${file.length}` } : {};
    response.writeHead(from > 0 ? 206 : 200, { ...head, 'content-length': file.length - from });
    const rest = file.subarray(from, from + most);
    if (rest.length + from === file.length) return void response.end(rest);
    response.write(rest, () => setTimeout(() => response.destroy(), 20));
  });
  const server = serverAt(http.origin, null, 2000);
  const end = async (): Promise<void> => {
    await server.close();
    await http.close();
  };
  return { server, asked, end };
}

async function take(
  boot: BootSlot,
  bytes: Image['bytes'],
  options: { doors?: SlotDoors; most?: number; signal?: AbortSignal; slot?: SlotName; of?: Image } = {},
) {
  const update: Update = { manifest: (options.of ?? offered).manifest, slot: options.slot ?? 'b' };
  const { server, asked, end } = await serving(bytes, options.most);
  const progress: [number, number][] = [];
  const told = (done: number, total: number): void => void progress.push([done, total]);
  const signal = options.signal ?? new AbortController().signal;
  const taken = await takeUpdate(boot, update, server, options.doors ?? slotDoors, told, signal, PACE);
  await end();
  return { taken, asked, progress, code: taken.kind === 'failed' ? taken.reason.code : 'ready' };
}

describe('taking an update', () => {
  it('puts the image into the other slot, ready as the last thing', async () => {
    using folder = scratch('update');
    const boot = stick(folder.path, old);
    const { code, progress } = await take(boot, offered.bytes);
    expect(code).toBe('ready');
    const total = offered.manifest.files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
    expect(progress.at(-1)).toEqual([total, total]);
    expect([ready(folder.path, 'a'), ready(folder.path, 'b')]).toEqual([RUNNING, RUNNING + 5]);
    expect(readdirSync(join(folder.path, 'live-b'))).toEqual(
      [...IMAGE_FILES, 'manifest.json', 'ready.cfg'].sort(),
    );
    expect(JSON.parse(readFileSync(join(folder.path, 'live-b', 'manifest.json'), 'utf8'))).toEqual(
      offered.manifest,
    );
    expectBootable(folder.path);
  });

  it('cut at every single step, the stick starts from a whole image, and the next try gets there', async () => {
    const whole = cutAt(Infinity, () => 0);
    using first = scratch('update');
    await take(stick(first.path, old), offered.bytes, { doors: whole.doors });
    expect(whole.steps()).toBeGreaterThan(15);
    for (let at = 0; at < whole.steps(); at += 1) {
      using folder = scratch('update');
      const boot = stick(folder.path, at % 2 === 0 ? old : null);
      const torn = at % 3;
      const { code } = await take(boot, offered.bytes, {
        doors: cutAt(at, (size) => Math.floor((Math.max(0, size) * torn) / 2)).doors,
      });
      expect(code).toBe('not-written');
      expect(ready(folder.path, 'b')).not.toBe(RUNNING + 5);
      expectBootable(folder.path);
      expect((await take(boot, offered.bytes)).code).toBe('ready');
      expectBootable(folder.path);
    }
  }, 60_000);

  it('takes a broken connection up again where it broke', async () => {
    using folder = scratch('update');
    const { code, asked } = await take(stick(folder.path, null), offered.bytes, { most: 60_000 });
    expect(code).toBe('ready');
    expect(asked.filter((from) => from !== '0').length).toBeGreaterThan(1);
    expectBootable(folder.path);
  });

  it('leaves nothing ready when the server sends other bytes, too many, too few, or none', async () => {
    const wrong = new Map(
      [...offered.bytes].map(([digest, bytes]) => [digest, Buffer.alloc(bytes.length, 7)]),
    );
    const long = new Map(
      [...offered.bytes].map(([digest, bytes]) => [digest, Buffer.concat([bytes, bytes])]),
    );
    const short = new Map([...offered.bytes].map(([digest, bytes]) => [digest, bytes.subarray(0, -1)]));
    for (const [bytes, expected] of [
      [wrong, 'wrong-bytes'],
      [long, 'wrong-bytes'],
      [short, 'not-downloaded'],
      [new Map(), 'not-downloaded'],
    ] as const) {
      using folder = scratch('update');
      expect((await take(stick(folder.path, old), bytes)).code).toBe(expected);
      expect(ready(folder.path, 'b')).toBe(null);
      expectBootable(folder.path);
    }
  });

  it('leaves nothing ready when the stick gives back other bytes than it was given', async () => {
    using folder = scratch('update');
    const openSlot: SlotDoors['openSlot'] = async (path) => {
      const real = await slotDoors.openSlot(path);
      return {
        ...real,
        readBack: async (name) => {
          const file = join(path, name);
          const bytes = readFileSync(file);
          bytes[500] = (bytes[500] ?? 0) ^ 1;
          writeFileSync(file, bytes);
          return await real.readBack(name);
        },
      };
    };
    const { code } = await take(stick(folder.path, old), offered.bytes, {
      doors: { ...slotDoors, openSlot },
    });
    expect([code, ready(folder.path, 'b')]).toEqual(['not-written', null]);
    expectBootable(folder.path);
  });

  it('touches nothing when there is no room, nor ever the slot that runs', async () => {
    using folder = scratch('update');
    const boot = stick(folder.path, old);
    const openSlot: SlotDoors['openSlot'] = async (path) => ({
      ...(await slotDoors.openSlot(path)),
      freeBytes: () => Promise.resolve(32 * 1024 * 1024 - 1),
    });
    const big = image(RUNNING + 9, 3);
    const { code } = await take(boot, big.bytes, { of: big, doors: { ...slotDoors, openSlot } });
    expect([code, ready(folder.path, 'b')]).toEqual(['no-room', RUNNING - 5]);
    expect((await take(boot, offered.bytes, { slot: 'a' })).code).toBe('own-slot');
    expect([ready(folder.path, 'a'), complete(folder.path, 'a')]).toEqual([RUNNING, true]);
  });

  it('stops when told', async () => {
    using folder = scratch('update');
    const { code } = await take(stick(folder.path, old), offered.bytes, { signal: AbortSignal.abort() });
    expect([code, ready(folder.path, 'b')]).toEqual(['stopped', null]);
  });
});

describe('a slot that is read back', () => {
  it('gives the digest of files of any length', async () => {
    using folder = scratch('slot');
    const slot = await slotDoors.openSlot(folder.path);
    const MIB = 1024 * 1024;
    const sizes = fc.oneof(fc.constantFrom(0, 1, 511, 512, MIB - 1, MIB, MIB + 1, 2 * MIB), fc.nat(3 * MIB));
    await fc.assert(
      fc.asyncProperty(sizes, async (size) => {
        const bytes = randomBytes(size);
        const writer = await slot.create('file');
        await writer.append(bytes);
        await writer.finish();
        expect(await slot.readBack('file')).toEqual({ sha256: sha256(bytes), sizeBytes: size });
      }),
      { numRuns: 20 },
    );
  });
});
