// The engine on drives as Linux really shows them: NVMe of large blocks, SATA with bad sectors, one that is pulled out,
// one whose power goes. Needs an image (`npm run live-image`), whose kernel the small guest boots.
import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { OverwriteCheckpoint, OverwriteSeen } from './words.ts';
import { beforeAll, describe, expect, it } from 'vitest';
import { guestDriver } from '../../../../test-fixtures/guest-driver.ts';
import type { Asked, Told } from '../../../../test-fixtures/overwrite-driver.ts';
import { type Scratch, scratch } from '../../../../test-fixtures/scratch.ts';
import { drive, type DriveDescription } from '../../../../test-fixtures/virtual-laptop/drive.ts';
import { newestImage, systemOf } from '../../../../test-fixtures/virtual-laptop/image.ts';
import { makeMarker } from '../../../../test-fixtures/virtual-laptop/marker.ts';
import { ENDED, makeSmallGuest, MODULES } from '../../../../test-fixtures/virtual-laptop/small-guest.ts';
import type { SystemTree } from '../../../../test-fixtures/virtual-laptop/system-tree.ts';
import { fillFromStream, newStreamKey } from '../key-stream.ts';

const MIB = 1024 * 1024;
const builds = join(import.meta.dirname, '../../../../build/live-image');
const built = existsSync(builds) && globSync('*/manifest.json', { cwd: builds }).length > 0;
const wait = { timeout: 120_000 };

type Job = Asked['targets'][number]['job'];

const keyed = () => ({ kind: 'keyed', algorithm: 'aes-256-ctr', keyHex: newStreamKey() }) as const;

function jobFor(passes: Job['passes'], changes: Partial<Job> = {}): Job {
  return {
    ...{ logicalSectorBytes: 512, chunkBytes: MIB, lanes: 2, passes, resume: null },
    readBack: { extent: { kind: 'full' }, expected: passes.at(-1) ?? { kind: 'zero' } },
    checkpoint: { everyBytes: 4 * MIB, everyMs: 60_000 },
    limits: { maxBadSectors: 100, minBytesPerSecond: 0, windowMs: 60_000, graceMs: 5000 },
    ...changes,
  };
}

describe.skipIf(!built)('in a small guest', () => {
  let folder: Scratch;
  let tree: SystemTree;
  let files: Record<string, { from: string }>;
  beforeAll(async () => {
    folder = scratch('engine-guest');
    tree = systemOf(newestImage(builds), join(folder.path, 'system'));
    files = await guestDriver(folder.path, 'overwrite-driver.ts');
    return () => folder.remove();
  });

  /** Boots one whose only program is the engine's parent; `find` are shell words that set $A, $B … to the drives. */
  const guestFor = (name: string, drives: readonly DriveDescription[], find: string, asked: Asked) =>
    makeSmallGuest({
      ...{ tree, folder: join(folder.path, name), ram: '1G', drives },
      modules: [...MODULES.nvme, ...MODULES.sata, ...MODULES.virtio],
      files: { ...files, 'asked.json': JSON.stringify(asked) },
      script: `sleep 1; ${find}
/node /driver.mjs "$(sed -e "s|@A|$A|" -e "s|@B|$B|" -e "s|@C|$C|" /asked.json)" </dev/ttyS0`,
    });

  it('all drives at once: large blocks to the last one, bad sectors skipped and listed, nothing left elsewhere', async () => {
    const marker = makeMarker();
    const [nvme, sata, virtio] = [keyed(), keyed(), { kind: 'zero' } as const];
    const guest = guestFor(
      'all',
      [
        drive.nvme({ size: 24 * MIB + 3 * 4096, fill: marker, block: 4096 }),
        drive.sata({
          size: 16 * MIB,
          fill: marker,
          faults: [
            { sector: 1234, on: 'write' },
            { sector: 20_000, on: 'read' },
          ],
        }),
        drive.virtio({ size: 8 * MIB, fill: marker }),
      ],
      'A=/dev/nvme0n1 B=/dev/sda C=/dev/vda',
      {
        targets: [
          { path: '@A', kind: 'block', job: jobFor([nvme], { logicalSectorBytes: 4096 }) },
          { path: '@B', kind: 'block', job: jobFor([sata]) },
          { path: '@C', kind: 'block', job: jobFor([{ kind: 'bytes', hex: '55' }, virtio]) },
        ],
      },
    );
    await using _ = guest;
    await guest.powerOn();
    await guest.serial.waitFor(ENDED, wait);
    const seen = seenOf(guest.serial.text());
    expect(seen.get(0)).toMatchObject({
      passes: [{ bytes: 24 * MIB + 3 * 4096, flushed: true, skipped: { count: 0 } }],
      readBack: { matchedBytes: 24 * MIB + 3 * 4096, direct: true, beyondEnd: 'nothing' },
      stopped: null,
    });
    expect(seen.get(1)).toMatchObject({
      passes: [
        { bytes: 16 * MIB - 512, skipped: { count: 1, listed: [{ offset: 1234 * 512, code: 'EIO' }] } },
      ],
      readBack: {
        bytes: 16 * MIB - 512,
        mismatches: [1234 * 512],
        unreadable: { count: 1, listed: [{ offset: 20_000 * 512, code: 'EIO' }] },
      },
      stopped: null,
    });
    expect(seen.get(2)).toMatchObject({
      passes: [{ flushed: true }, { flushed: true }],
      readBack: { matchedBytes: 8 * MIB },
      stopped: null,
    });
    await guest.waitOff();
    const [large, bad, zeroed] = guest.drives.map(({ path }) => readFileSync(path));
    expect(Buffer.compare(large!, stream(nvme.keyHex, large!.length))).toBe(0);
    const expected = stream(sata.keyHex, 16 * MIB);
    expected.set(bad!.subarray(1234 * 512, 1235 * 512), 1234 * 512);
    expect(Buffer.compare(bad!, expected)).toBe(0);
    expect(guest.drives.map((each) => each.findMarker(marker))).toEqual([null, 1234 * 512, null]);
    expect(zeroed!.every((byte) => byte === 0)).toBe(true);
  }, 180_000);

  it.each([
    ['nvme', '/dev/nvme0n1'],
    ['virtio', '/dev/vda'],
  ] as const)(
    'a %s drive that is pulled out is gone, and is not searched for bad sectors',
    async (kind, path) => {
      const long = Array.from({ length: 60 }, keyed);
      const limits = { ...jobFor([]).limits, maxBadSectors: 100_000 };
      const guest = guestFor(`pulled-${kind}`, [drive[kind]({ size: 64 * MIB })], `A=${path}`, {
        targets: [{ path: '@A', kind: 'block', job: jobFor(long, { limits }) }],
      });
      await using _ = guest;
      await guest.powerOn();
      await guest.serial.waitFor(/"checkpoint"/, wait);
      await guest.drives[0]!.unplug();
      await guest.serial.waitFor(ENDED, wait);
      const seen = seenOf(guest.serial.text()).get(0);
      expect(seen?.stopped?.code).toBe('device-gone');
      expect(seen?.readBack).toBeNull();
      expect(seen?.passes.at(-1)).toMatchObject({ flushed: false });
      expect(seen?.passes.at(-1)?.skipped.count).toBeLessThan(100);
    },
    180_000,
  );

  it('goes on after a power cut from what a forgetful drive had flushed, to a whole read-back', async () => {
    const pattern = keyed();
    const size = 64 * MIB;
    const job = jobFor([pattern]);
    const find = 'A=/dev/nvme0n1';
    const first = guestFor('cut', [drive.nvme({ size, volatile: 7 })], find, {
      targets: [{ path: '@A', kind: 'block', job }],
    });
    await using _ = first;
    await first.powerOn();
    await first.serial.waitFor(/"checkpoint".*"offset":2\d{7}/, wait);
    await first.pullPower();
    const checkpoint = checkpointsOf(first.serial.text()).at(-1)!;
    expect(checkpoint.offset).toBeLessThan(size);
    const cut = readFileSync(first.drives[0]!.path);
    const wanted = stream(pattern.keyHex, size);
    // What the checkpoint promises is there; the drive is not done.
    expect(Buffer.compare(cut.subarray(0, checkpoint.offset), wanted.subarray(0, checkpoint.offset))).toBe(0);
    expect(Buffer.compare(cut, wanted)).not.toBe(0);

    const second = guestFor('resumed', [drive.nvme({ size, from: first.drives[0]!.path })], find, {
      targets: [{ path: '@A', kind: 'block', job: { ...job, resume: checkpoint } }],
    });
    await using __ = second;
    await second.powerOn();
    await second.serial.waitFor(ENDED, wait);
    expect(seenOf(second.serial.text()).get(0)).toMatchObject({
      passes: [{ resumedFrom: checkpoint.offset, bytes: size, flushed: true }],
      readBack: { bytes: size, matchedBytes: size },
      stopped: null,
    });
    await second.waitOff();
    expect(Buffer.compare(readFileSync(second.drives[0]!.path), wanted)).toBe(0);
  }, 240_000);
});

function toldOf(serial: string): Told[] {
  return Array.from(serial.matchAll(/^\{"target":.*\}\r?$/gm), ([line]) => JSON.parse(line) as Told);
}

function seenOf(serial: string): Map<number, OverwriteSeen> {
  return new Map(
    toldOf(serial).flatMap((told) => ('seen' in told ? [[told.target, told.seen] as const] : [])),
  );
}

function checkpointsOf(serial: string): OverwriteCheckpoint[] {
  return toldOf(serial).flatMap((told) => ('checkpoint' in told ? [told.checkpoint] : []));
}

function stream(keyHex: string, size: number): Uint8Array {
  const bytes = new Uint8Array(size);
  fillFromStream(bytes, keyHex, 0);
  return bytes;
}
