// A drive whose firmware crashes: who asked gets no answer, and after a power cycle it is there again.
import { setTimeout as wait } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { manualClock, MINUTE } from './clock.ts';
import { describeScsi } from './describe.ts';
import { makeScsiDisk } from './scsi/disk.ts';
import { serveDrive } from './served.ts';

const MiB = 2 ** 20;
const SANITIZE_BLOCK = Buffer.of(0x48, 0x82, 0, 0, 0, 0, 0, 0, 0, 0);
const TEST_UNIT_READY = Buffer.alloc(6);

it('hangs in the middle of an erase, until its power is cycled or it is pulled out', async () => {
  const clock = manualClock();
  const model = describeScsi({ size: MiB, rotation: 1, sanitize: { minutes: 10 } });
  const misbehaviours = [{ kind: 'hangs-at', percent: 40 }] as const;
  const served = serveDrive((doors, wrote) => makeScsiDisk({ ...model, misbehaviours }, doors, wrote), {
    ...{ clock, misbehaviours },
    accident: (which) => which === 'hung' && served.hang(),
  });
  const ask = (cdb: Buffer) =>
    served.unit.execute({ cdb, data: Buffer.alloc(0), expected: 0 }).then(({ status }) => status);
  const soon = (answer: Promise<string>) => Promise.race([answer, wait(20, 'nothing')]);

  expect(await soon(ask(SANITIZE_BLOCK))).toBe('good');
  clock.advance(5 * MINUTE);
  const asked = ask(TEST_UNIT_READY);
  expect(await soon(asked)).toBe('nothing');
  // 40 % of all that it has, cells beyond its addresses included.
  const { store } = served.device.medium;
  expect(store.ownerLeft().bytes / store.size).toBeCloseTo(0.6, 2);
  served.powerCycle();
  expect(await soon(ask(TEST_UNIT_READY))).toBe('check');
  expect(await soon(asked)).toBe('nothing');
  served.go();
  expect(await soon(asked)).toBe('check');
});
