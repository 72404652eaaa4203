// One lane of the matrix: a guest, its drives, all cells, and what must hold of them.
import { join } from 'node:path';
import { expect } from 'vitest';
import { scratch } from '../../scratch.ts';
import { newestImage, systemOf } from '../../virtual-laptop/image.ts';
import { startLabGuest } from '../guest.ts';
import { openLab } from '../lab.ts';
import { startNvmeGuest } from '../nvme-guest.ts';
import { openNvmeLab } from '../nvme.ts';
import type { Cell } from './cell.ts';
import { type Office, openOffice } from './certify.ts';
import type { Bus } from './columns.ts';
import { driverParts, openOrders } from './guest.ts';
import { runLane, tasksOf, wipesOf } from './lane.ts';
import { NWIPE_PROGRAM, type NwipeCell, withNwipe } from './nwipe.ts';
import type { Row } from './rows.ts';
import { ATA_SPEED, NVME_SPEED, nvmeStands, scsiStands } from './stands.ts';
import { inReadme, isUnseen, putIntoReadme, reasonsOf, tableOf } from './table.ts';

export const BUILDS = join(import.meta.dirname, '../../../build/live-image');

export type Trial = AsyncDisposable & { cells: readonly Cell[]; nwipe: readonly NwipeCell[]; office: Office };

/** Cells at the same time; each waits for its drive much of the time. */
const WORKERS = 8;

/** Runs everything. @param rows of a piece of it, by their ids */
export async function runTrial(bus: Bus, rows: RegExp = /./, told?: (line: string) => void): Promise<Trial> {
  await using end = new AsyncDisposableStack();
  const folder = end.adopt(scratch('matrix'), async (each) => each.remove());
  const office = await openOffice();
  const orders = end.use(await openOrders());
  const plain = systemOf(newestImage(BUILDS), join(folder.path, 'system'));
  const tree = await withNwipe(plain, folder.path);
  const { files, ...parts } = await driverParts(folder.path, orders.port);
  const guestOf = {
    ...{ folder: join(folder.path, 'guest'), tree, ...parts },
    files: {
      ...files,
      [NWIPE_PROGRAM]: { system: NWIPE_PROGRAM },
      'usr/sbin/hdparm': { system: 'usr/sbin/hdparm' },
    },
  };
  const { guest, make } = bus === 'nvme' ? await nvmeBench(end, guestOf) : await scsiBench(end, guestOf);
  await orders.ready;
  const doors = {
    ...{ make, orders, sessionId: office.sessionId, workers: WORKERS },
    meetTwin: async (twin: ReturnType<typeof make>) => {
      await twin.insert();
      if (twin.where.bus === 'nvme') await guest.run(`${twin.where.connect} >/dev/null; usleep 500000`);
    },
    told: (cell: Cell | NwipeCell, seconds: number) => told?.(lineOf(cell, seconds)),
  };
  const asked = ({ row }: { row: Row }): boolean => rows.test(row.id);
  const ran = await runLane(tasksOf([bus]).filter(asked), wipesOf([bus]).filter(asked), doors);
  return { ...ran, office, [Symbol.asyncDispose]: () => office.close() };
}

function lineOf(cell: Cell | NwipeCell, seconds: number): string {
  const column = 'column' in cell ? cell.column.technique : 'nwipe';
  return JSON.stringify({ seconds: Number(seconds.toFixed(1)), ...cell, column, evidence: undefined });
}

type GuestParts = Parameters<typeof startNvmeGuest>[0];

async function scsiBench(end: AsyncDisposableStack, parts: GuestParts) {
  const lab = end.use(await openLab({ speed: ATA_SPEED }));
  const extra = ['-global', 'ICH9-LPC.disable_s3=0'];
  const guest = end.use(await startLabGuest({ lab, bays: WORKERS + 2, extra, ...parts }));
  lab.followSuspends(guest.laptop);
  return { guest, make: scsiStands(lab, guest.laptop) };
}

async function nvmeBench(end: AsyncDisposableStack, parts: GuestParts) {
  const lab = end.use(await openNvmeLab({ speed: NVME_SPEED }));
  return { guest: end.use(await startNvmeGuest(parts)), make: nvmeStands(lab) };
}

/** Of each verdict some: what the laptop judged is what the auditor reads, and where no host could look it says so. */
export async function expectCertificates(cells: readonly Cell[], office: Office): Promise<void> {
  const groups = Map.groupBy(
    cells.filter(({ evidence }) => evidence !== null),
    (cell) => `${cell.verdict} ${cell.level} ${cell.column.technique} ${cell.policy} ${isUnseen(cell)}`,
  );
  const some = [...groups.values()].flatMap((group) => group.slice(0, 2));
  expect(some.length).toBeGreaterThan(5);
  for (const { evidence, policy, ...cell } of some) {
    if (evidence === null) continue;
    const certificate = await office.certificateOf(evidence);
    expect({ outcome: certificate.outcome, level: certificate.method.levelAchieved }).toEqual({
      ...{ outcome: evidence.outcome, level: evidence.levelAchieved },
    });
    const made = isUnseen({ ...cell, policy, evidence }) && policy === 'best';
    expect(certificate.verification.kind).toBe(made ? 'drive-reported' : evidence.plan.verification);
  }
}

/** The README says what was seen. @param writes makes it say so first */
export function expectInReadme(
  bus: Bus,
  { cells, nwipe }: Pick<Trial, 'cells' | 'nwipe'>,
  writes: boolean,
): void {
  const [table, reasons] = [tableOf(bus, cells, nwipe), reasonsOf(bus)];
  if (writes) {
    putIntoReadme(bus, 'table', table);
    putIntoReadme(bus, 'reasons', reasons);
  }
  expect(table).toEqual(inReadme(bus, 'table'));
  expect(reasons).toEqual(inReadme(bus, 'reasons'));
}
