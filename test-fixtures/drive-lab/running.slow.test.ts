// A sanitize that runs already when a session begins: it was begun by another, lost its power, and went on. The agent's own
// plan on the agent's own facts, in a guest of the lab, with the real tools.
import { existsSync, globSync } from 'node:fs';
import { join } from 'node:path';
import { conclusionsFollow, type EvidenceV2, POLICIES } from '@rebond/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { scratch } from '../scratch.ts';
import { newestImage, systemOf } from '../virtual-laptop/image.ts';
import { type LabGuest, startLabGuest } from './guest.ts';
import { type Lab, openLab } from './lab.ts';
import { type Column, COLUMNS } from './matrix/columns.ts';
import { driverParts, openOrders, type Orders } from './matrix/guest.ts';
import { leftOn } from './matrix/left.ts';
import { ROWS } from './matrix/rows.ts';
import { type MakeStand, nvmeStands, scsiStands, type Stand } from './matrix/stands.ts';
import { type NvmeGuest, startNvmeGuest } from './nvme-guest.ts';
import { openNvmeLab } from './nvme.ts';

const builds = join(import.meta.dirname, '../../build/live-image');
const built = existsSync(builds) && globSync('*/manifest.json', { cwd: builds }).length > 0;
const HONEST = ROWS.find(({ id }) => id === 'honest')!;
const best = POLICIES.find(({ id }) => id === 'best')!;
/** Slow enough to be met in the middle: 20 minutes are 20 seconds, and NVMe's minute is 20. */
const [SPEED, NVME_SPEED] = [60, 3];

/** What the agent makes of a drive that is at work. */
async function sessionOn(stand: Stand, { technique }: Column, orders: Orders): Promise<EvidenceV2> {
  const told = await orders.ask({
    ...{ sessionId: crypto.randomUUID(), where: stand.where, technique, policy: best },
    ...{ patienceMs: 60_000, interlocks: false, stays: false },
  });
  if (told.kind !== 'evidence') throw new Error(JSON.stringify(told));
  return told.evidence;
}

function expectAwaited(evidence: EvidenceV2, stand: Stand): void {
  const { plan, observations, outcome, reasons } = evidence;
  expect(plan.steps[0]?.kind).toBe('await-sanitize');
  expect(plan.reasons.map(({ code }) => code)).toContain('awaits-sanitize');
  expect([outcome, reasons.map(({ code }) => code)]).toEqual(['done', []]);
  const [awaited] = observations.steps;
  expect(awaited).toMatchObject({ kind: 'await-sanitize', runningAfter: false });
  // It was met in the middle, and waited for.
  expect(awaited?.kind === 'await-sanitize' && awaited.lastPercent).toBeGreaterThan(0);
  expect(conclusionsFollow(evidence)).toBe(true);
  expect(leftOn(stand)).toMatchObject({ addressable: 0, exposed: 0 });
}

const columnsOf = (...techniques: string[]): Column[] =>
  techniques.map((technique) => COLUMNS.find((column) => column.technique === technique)!);

describe.skipIf(!built)('a sanitize that runs already', () => {
  const end = new AsyncDisposableStack();
  const folder = scratch('running');
  let tree: ReturnType<typeof systemOf>;
  beforeAll(() => {
    tree = systemOf(newestImage(builds), join(folder.path, 'system'));
  });
  afterAll(async () => {
    await end.disposeAsync();
    folder.remove();
  });

  describe('on a drive behind SCSI', () => {
    let [lab, guest, orders, make] = [] as unknown as [Lab, LabGuest, Orders, MakeStand];
    beforeAll(async () => {
      orders = end.use(await openOrders());
      lab = end.use(await openLab({ speed: SPEED }));
      const { files, ...parts } = await driverParts(folder.path, orders.port);
      const tools = { 'usr/sbin/hdparm': { system: 'usr/sbin/hdparm' } };
      const about = { folder: join(folder.path, 'scsi'), tree, lab, bays: 3, ...parts };
      guest = end.use(await startLabGuest({ ...about, files: { ...files, ...tools } }));
      make = scsiStands(lab, guest.laptop);
    });

    it.each(columnsOf('ata-sanitize-block', 'scsi-sanitize-block', 'overwrite'))(
      'is waited for, and then all begins anew: $technique ($bus)',
      async (column) => {
        const stand = make(column, HONEST);
        await stand.insert();
        const { where } = stand;
        const place =
          where.bus === 'scsi' ? `/sys/class/scsi_device/*:0:${where.address}:0/device/block/*` : '';
        const wait = `for time in $(seq 100); do set -- ${place}; [ -e "$1" ] && break; usleep 50000; done`;
        const begin =
          column.bus === 'ata'
            ? `hdparm --yes-i-know-what-i-am-doing ${column.rotates ? '--sanitize-overwrite-passes 1 --sanitize-overwrite hex:00000000' : '--sanitize-block-erase'}`
            : 'sg_sanitize --block --early --quick';
        await guest.run(`${wait}; ${begin} /dev/$(basename "$1")`);
        await stand.powerCycle();
        // Out and in again, so that the kernel meets a drive that is not ready; QEMU takes no SCSI disk that is at work.
        if (column.bus === 'ata') {
          await stand.leave();
          await stand.insert();
        }
        const evidence = await sessionOn(stand, column, orders);
        await stand.leave();
        expectAwaited(evidence, stand);
      },
    );
  });

  describe('on an NVMe drive', () => {
    let [guest, orders, make] = [] as unknown as [NvmeGuest, Orders, MakeStand];
    beforeAll(async () => {
      orders = end.use(await openOrders());
      const lab = end.use(await openNvmeLab({ speed: NVME_SPEED }));
      const { files, ...parts } = await driverParts(folder.path, orders.port);
      guest = end.use(
        await startNvmeGuest({ folder: join(folder.path, 'nvme'), tree, ...parts, files: { ...files } }),
      );
      make = nvmeStands(lab);
    });

    it.each(columnsOf('nvme-sanitize-block'))(
      'is waited for, and then all begins anew: $technique',
      async (column) => {
        const stand = make(column, HONEST);
        const { where } = stand;
        if (where.bus !== 'nvme') throw new Error('an NVMe drive stands elsewhere');
        const controller = `/dev/$(grep -l ${where.nqn} /sys/class/nvme/*/subsysnqn | cut -d/ -f5)`;
        await guest.run(
          `${where.connect}; sleep 1; nvme sanitize ${controller} -a 2; nvme disconnect --nqn=${where.nqn}`,
        );
        await stand.powerCycle();
        const evidence = await sessionOn(stand, column, orders);
        expectAwaited(evidence, stand);
        await stand.leave();
      },
    );
  });
});
