import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { IMAGE_FILES, IMAGE_OFFER_TYPE, type ImageManifest, type ImageOffer, seal } from '@rebond/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { scratch } from '../../../test-fixtures/scratch.ts';
import { json, refusal, sessionCredentials, standIn } from '../../../test-fixtures/stand-in-server.ts';
import { makeWorkshop } from '../../../test-fixtures/workshop.ts';
import { files } from '../effects/files.ts';
import { serverAt } from '../effects/network.ts';
import { slotDoors } from '../effects/slot-files.ts';
import { parseGrubenv } from '../parse/grubenv.ts';
import { readyCfg } from '../parse/ready-cfg.ts';
import { type BootSlot, lookForUpdate } from './look.ts';
import { forgetTries, GrubenvUnusable, noteStart } from './note-start.ts';

const made = await makeWorkshop();
const IMAGE = 'ab'.repeat(32);
const trust = { anchor: made.key.publicKey, workshopId: made.workshop.id };
const bootFrom = (root: string, serial = 100): BootSlot => ({
  root,
  slot: 'a',
  image: { version: '0.1.0', serial, sha256: IMAGE },
});

const manifest = (serial: number): ImageManifest => ({
  ...{ schema: 'rebond.image/1', version: '0.2.0', serial, architecture: 'amd64', agentSha256: IMAGE },
  files: IMAGE_FILES.map((name) => ({ name, sizeBytes: 10, sha256: IMAGE })),
});

async function offer(serial: number, change: (offer: ImageOffer) => ImageOffer = (each) => each, by = made) {
  const said: ImageOffer = change({
    schema: 'rebond.image-offer/1',
    audience: made.workshop.id,
    manifest: manifest(serial),
    offeredAt: { wall: '2026-11-23T08:40:00.000Z', timeSource: 'server' },
  });
  return { offer: await seal(IMAGE_OFFER_TYPE, said, by.server.key), chain: by.server.chain };
}

async function look(boot: BootSlot, status: number, body: unknown) {
  await using http = await standIn((_, response) => json(response, status, body));
  const server = serverAt(http.origin, null, 2000);
  const looked = await lookForUpdate(boot, server, trust, files);
  await server.close();
  return looked;
}

function putReady(root: string, slot: 'a' | 'b', text: string): void {
  mkdirSync(join(root, `live-${slot}`), { recursive: true });
  writeFileSync(join(root, `live-${slot}`, 'ready.cfg'), text);
}

describe('an image that the server offers', () => {
  it('is taken only when newer than the one that runs and than the one that waits', async () => {
    const serial = fc.integer({ min: 98, max: 104 });
    await fc.assert(
      fc.asyncProperty(serial, serial, fc.option(serial), async (offered, runs, waits) => {
        using folder = scratch('look');
        if (waits !== null) putReady(folder.path, 'b', readyCfg('b', waits, IMAGE));
        const looked = await look(bootFrom(folder.path, runs), 200, await offer(offered));
        const newer = offered > runs && offered > (waits ?? 0);
        expect(looked).toEqual(
          newer ? { kind: 'update', update: { manifest: manifest(offered), slot: 'b' } } : { kind: 'none' },
        );
      }),
      { numRuns: 25 },
    );
  });

  it('a slot that is not ready, or torn, does not stop a newer one', async () => {
    using folder = scratch('look');
    putReady(folder.path, 'b', 'set serial_b=99');
    expect(await look(bootFrom(folder.path), 200, await offer(101))).toMatchObject({ kind: 'update' });
  });

  it('is refused when a stranger signed it, a session key did, or it is for another workshop', async () => {
    using folder = scratch('look');
    const stranger = await makeWorkshop();
    const session = await sessionCredentials(made);
    const { key, chain } = session.credentials;
    const wrong = [
      await offer(101, undefined, stranger),
      { ...(await offer(101, undefined, stranger)), chain: made.server.chain },
      await offer(101, undefined, { ...made, server: { key, chain } }),
      await offer(101, (each) => ({ ...each, audience: 'atelier-autre' })),
    ];
    for (const body of wrong) {
      const looked = await look(bootFrom(folder.path), 200, body);
      expect(looked).toMatchObject({ kind: 'refused', reason: { code: 'offer-not-believed' } });
    }
  });

  it('is refused when it names a file twice or one that FAT cannot hold, or is nonsense', async () => {
    using folder = scratch('look');
    const change =
      (files: ImageManifest['files']) =>
      (each: ImageOffer): ImageOffer => ({ ...each, manifest: { ...each.manifest, files } });
    const [one, two, three] = manifest(101).files as [
      ImageManifest['files'][number],
      ImageManifest['files'][number],
      ImageManifest['files'][number],
    ];
    for (const body of [
      await offer(101, change([one, two, two])),
      await offer(101, change([one, two, { ...three, sizeBytes: 2 ** 32 }])),
      { offer: 'x' },
      null,
    ]) {
      const looked = await look(bootFrom(folder.path), 200, body);
      expect(looked).toMatchObject({ kind: 'refused', reason: { code: 'offer-nonsense' } });
    }
  });

  it('is none where the server has none, and not known where it does not answer', async () => {
    using folder = scratch('look');
    const boot = bootFrom(folder.path);
    expect(await look(boot, 404, refusal('no-image'))).toEqual({ kind: 'none' });
    expect(await look(boot, 500, {})).toEqual({ kind: 'unreachable', detail: 'HTTP 500' });
    const nobody = serverAt('http://127.0.0.1:9', null, 300);
    expect(await lookForUpdate(boot, nobody, trust, files)).toMatchObject({ kind: 'unreachable' });
    await nobody.close();
  });
});

const pairs = (values: object): string =>
  Object.entries(values)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');

describe('a slot whose agent came up', () => {
  const block = (lines: string): string => `# GRUB Environment Block\n${lines}`.padEnd(1024, '#');
  const doors = { ...slotDoors, files };

  it('is marked good where GRUB looks, in place, and only once', async () => {
    using folder = scratch('good');
    const path = join(folder.path, 'boot/grub/grubenv');
    mkdirSync(join(folder.path, 'boot/grub'), { recursive: true });
    writeFileSync(path, block('tried_a=100\ngood_a=90\n'));
    await noteStart(bootFrom(folder.path), doors);
    const bytes = readFileSync(path);
    expect(bytes.length).toBe(1024);
    expect(Object.fromEntries(parseGrubenv(bytes) ?? [])).toEqual({ tried_a: '100', good_a: '100' });
    const never = { ...doors, rewriteInPlace: () => Promise.reject(new Error('written again')) };
    await noteStart(bootFrom(folder.path), never);
  });

  const failing = (folder: string, lines: string) => {
    putReady(folder, 'b', readyCfg('b', 105, IMAGE));
    mkdirSync(join(folder, 'boot/grub'), { recursive: true });
    writeFileSync(join(folder, 'boot/grub/grubenv'), block(lines));
  };
  const values = (folder: string) =>
    Object.fromEntries(parseGrubenv(readFileSync(join(folder, 'boot/grub/grubenv'))) ?? []);

  it('has a newer slot that did not come up tried again, twice, and says so each time', async () => {
    using folder = scratch('again');
    const boot = bootFrom(folder.path);
    const told: unknown[] = [];
    failing(folder.path, 'good_a=100\n');
    for (let start = 0; start < 5; start += 1) {
      const before = values(folder.path);
      // GRUB starts it while it was not tried, and the agent of slot a comes up the next time.
      if (before['tried_b'] !== '105') failing(folder.path, pairs({ ...before, tried_b: '105' }));
      const failed = await noteStart(boot, doors);
      told.push([failed?.serial, failed?.times, failed?.again, values(folder.path)['tried_b']]);
    }
    expect(told).toEqual([
      [105, 1, true, '0'],
      [105, 2, true, '0'],
      [105, 3, false, '105'],
      [105, 3, false, '105'],
      [105, 3, false, '105'],
    ]);
    expect(values(folder.path)['good_a']).toBe('100');
    // The same image may be written once more, and begins with all its tries.
    expect(await look(boot, 200, await offer(105))).toMatchObject({ kind: 'update' });
    await forgetTries(boot, doors);
    expect(values(folder.path)).toMatchObject({ tried_b: '0', failed_b: '0', good_a: '100' });
  });

  it.each(['good_a=100\n', 'tried_b=105\ngood_b=105\n', 'tried_b=104\n', 'tried_b=105\nfailed_b=9x9\n'])(
    'counts a start only where it was in vain, and afresh for another image: %j',
    async (lines) => {
      using folder = scratch('again');
      failing(folder.path, lines);
      const failed = await noteStart(bootFrom(folder.path), doors);
      expect(failed?.times ?? 0).toBe(lines.includes('failed_b') ? 1 : 0);
      expect(await look(bootFrom(folder.path), 200, await offer(105))).toEqual({ kind: 'none' });
    },
  );

  it('says so when GRUB’s block is missing, damaged or full', async () => {
    using folder = scratch('good');
    await expect(noteStart(bootFrom(folder.path), doors)).rejects.toThrow(GrubenvUnusable);
    mkdirSync(join(folder.path, 'boot/grub'), { recursive: true });
    for (const text of ['', 'x'.repeat(1024), block(`a=${'x'.repeat(995)}\n`), `${block('')}#`]) {
      writeFileSync(join(folder.path, 'boot/grub/grubenv'), text);
      await expect(noteStart(bootFrom(folder.path), doors)).rejects.toThrow(GrubenvUnusable);
    }
  });
});
