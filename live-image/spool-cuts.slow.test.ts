// The stick's FAT partition, when power is pulled while records are written to it and the stick's cache forgets.
import { execFileSync } from 'node:child_process';
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { build } from 'esbuild';
import { envelopeBytes, sha256Hex } from '@rebond/protocol';
import { beforeAll, describe, expect, it } from 'vitest';
import { builtImage } from '../test-fixtures/built-image.ts';
import { sampleRecord } from '../test-fixtures/sample-record.ts';
import { type Scratch, scratch } from '../test-fixtures/scratch.ts';
import { drive } from '../test-fixtures/virtual-laptop/drive.ts';
import { systemOf } from '../test-fixtures/virtual-laptop/image.ts';
import { makeSmallGuest, MODULES } from '../test-fixtures/virtual-laptop/small-guest.ts';
import { stickFiles } from '../test-fixtures/virtual-laptop/stick.ts';
import type { SystemTree } from '../test-fixtures/virtual-laptop/system-tree.ts';
import { makeWorkshop } from '../test-fixtures/workshop.ts';

const MINUTES = 60_000;
const CUTS = 20;
const RECORDS = 600;
/** As the live image mounts its stick (overlay/usr/lib/rebond/medium). */
const MOUNT = 'mount -t vfat -o ro,noatime /dev/sda /mnt && mount -o remount,rw,errors=continue /mnt';

describe('records on the FAT partition', () => {
  let tree: SystemTree;
  let folder: Scratch;
  beforeAll(async () => {
    folder = scratch('spool-cuts');
    tree = systemOf(await builtImage(), join(folder.path, 'system'));
    return () => folder.remove();
  }, 20 * MINUTES);

  it(
    'none that was kept is lost, power pulled 20 times while others are written',
    { timeout: 20 * MINUTES },
    async () => {
      const seed = Math.floor(Math.random() * 2 ** 31);
      const guest = makeSmallGuest({
        ...{ tree, folder: join(folder.path, 'guest'), ram: '1G', modules: [...MODULES.usb, ...MODULES.fat] },
        drives: [drive.usb({ size: '64M', from: emptyFat(folder.path), volatile: seed })],
        files: { ...(await driver(folder.path)), ...(await envelopes(folder.path)) },
        script: `until [ -b /dev/sda ]; do sleep 0.1; done; ${MOUNT} && /node /driver.mjs /mnt/rebond /records`,
      });
      await using _ = guest;
      const kept = new Set<string>();
      for (let cut = 1; cut <= CUTS; cut += 1) {
        await guest.powerOn();
        await guest.serial.waitFor(/KEPT [0-9a-f]{64}\n/, { timeout: MINUTES });
        await wait(Math.random() * 1500);
        await guest.pullPower();
        const told = guest.serial.text();
        expect(told).not.toMatch(/ALL KEPT|Read-only file system|EIO/);
        for (const [, digest] of told.matchAll(/KEPT ([0-9a-f]{64})\n/g)) kept.add(digest!);
        const held = await soundRecords(guest.drives[0]!.path);
        const lost = [...kept].filter((digest) => !held.has(digest));
        expect({ seed, cut, lost }).toEqual({ seed, cut, lost: [] });
      }
      expect(kept.size).toBeGreaterThan(CUTS);
    },
  );

  it('and the stick of this test does forget: what was never flushed is gone', async () => {
    const guest = makeSmallGuest({
      ...{ tree, folder: join(folder.path, 'careless'), modules: [...MODULES.usb, ...MODULES.fat] },
      drives: [drive.usb({ size: '64M', from: emptyFat(folder.path), volatile: 1 })],
      script: `until [ -b /dev/sda ]; do sleep 0.1; done; ${MOUNT} && mkdir /mnt/rebond && for i in 1 2 3 4 5 6 7 8; do echo record > /mnt/rebond/$i.json; done; echo WRITTEN; sleep 60`,
    });
    await using _ = guest;
    await guest.powerOn();
    await guest.serial.waitFor(/WRITTEN/, { timeout: MINUTES });
    await guest.pullPower();
    const files = stickFiles(guest.drives[0]!.path);
    const left = files.exists('rebond')
      ? files.list('rebond').filter((name) => files.text(`rebond/${name}`) === 'record\n')
      : [];
    expect(left.length).toBeLessThan(8);
  });
});

function emptyFat(folder: string): string {
  const path = join(folder, 'empty.fat');
  writeFileSync(path, '');
  truncateSync(path, 64 * 2 ** 20);
  execFileSync('mkfs.fat', ['-F', '32', '-s', '1', '-n', 'REBOND', path], { stdio: 'ignore' });
  return path;
}

/** Digests of the files that hold what their names say: taken out all at once, as by another computer. */
async function soundRecords(image: string): Promise<Set<string>> {
  const out = mkdtempSync(`${image}-`);
  const env = { ...process.env, MTOOLS_SKIP_CHECK: '1' };
  execFileSync('mcopy', ['-s', '-Q', '-n', '-i', image, '::/rebond/spool', out], { env, stdio: 'ignore' });
  const sound = new Set<string>();
  for (const name of readdirSync(join(out, 'spool'))) {
    const digest = /^([0-9a-f]{64})\.json$/.exec(name)?.[1];
    if (digest && (await sha256Hex(new Uint8Array(readFileSync(join(out, 'spool', name))))) === digest)
      sound.add(digest);
  }
  rmSync(out, { recursive: true });
  return sound;
}

async function driver(folder: string): Promise<Record<string, { from: string }>> {
  const outfile = join(folder, 'driver.mjs');
  const entry = join(import.meta.dirname, '../test-fixtures/spool-driver.ts');
  await build({
    ...{ entryPoints: [entry], outfile, bundle: true, platform: 'node', format: 'esm', logLevel: 'error' },
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire('/');" },
  });
  const node = join(folder, 'node');
  copyFileSync(process.execPath, node);
  execFileSync('strip', [node]);
  return { 'driver.mjs': { from: outfile }, node: { from: node } };
}

async function envelopes(folder: string): Promise<Record<string, { from: string }>> {
  const made = await makeWorkshop();
  const at = join(folder, 'records');
  mkdirSync(at);
  for (let number = 0; number < RECORDS; number += 1) {
    const { envelope } = await sampleRecord(made);
    writeFileSync(join(at, `${String(number).padStart(4, '0')}.json`), envelopeBytes(envelope));
  }
  return Object.fromEntries(readdirSync(at).map((name) => [`records/${name}`, { from: join(at, name) }]));
}
