// Debian's nwipe on the same drives: fetched as the image's packages are, for the tests' guests alone.
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fetchDebs } from '../../../live-image/debs.ts';
import type { SystemTree } from '../../virtual-laptop/system-tree.ts';
import type { Bus, Column } from './columns.ts';
import { type Row, ROWS } from './rows.ts';
import type { CellDoors } from './cell.ts';
import { leftOn } from './left.ts';

export type NwipeCell = { row: string; bus: Bus; symbol: string; says: string; exposed: number };

const KEPT = join(import.meta.dirname, '../../../build/nwipe');

/** The image's system with nwipe and its libraries in it. @param folder where they are unpacked */
export async function withNwipe(tree: SystemTree, folder: string): Promise<SystemTree> {
  const debs = join(KEPT, 'debs');
  if (!existsSync(debs)) await fetchInto(KEPT);
  const root = join(folder, 'nwipe');
  const wanted =
    /^(?:nwipe|libncurses6|libpanel|libtinfo6|libconfig11|libparted2t64|libdevmapper1|libuuid1|libblkid1)/;
  for (const name of readdirSync(debs).filter((each) => wanted.test(each)))
    execFileSync('dpkg-deb', ['-x', join(debs, name), root]);
  const own = (path: string): string | null => {
    const usual = path.replace(/^\/*(?:usr\/)?(bin|sbin|lib64|lib)\//, 'usr/$1/');
    return existsSync(join(root, usual)) ? join(root, usual) : null;
  };
  return { ...tree, find: (path) => own(path) ?? tree.find(path) };
}

/** Lanes begin at the same time, and apt's state is no place for two: each fetches for itself, and the first one's is kept. */
async function fetchInto(kept: string): Promise<void> {
  const own = `${kept}-${process.pid}`;
  try {
    await fetchDebs(own, [{ packages: ['nwipe'], folder: join(own, 'debs') }], () => {});
    if (!existsSync(kept)) renameSync(own, kept);
  } finally {
    rmSync(own, { recursive: true, force: true });
  }
}

export const NWIPE_PROGRAM = 'usr/sbin/nwipe';
/** One keyed pass would be ours; this is its nearest: one pseudorandom pass, read back. */
const NWIPE = [
  ...['nwipe', '--autonuke', '--nowait', '--noblank', '--nogui', '--method=prng', '--verify=last'],
  ...['--rounds=1', '--sync=1'],
];
const WITHIN_MS = 60_000;

/** Rows that a host's overwriting has something to do with. */
export function nwipeRows(bus: Bus): Row[] {
  const overwrite = { ...ANY, bus };
  return ROWS.filter((row) => row.notApplicable(overwrite) === null);
}

const ANY: Column = { bus: 'ata', technique: 'overwrite', heading: 'nwipe', rotates: true, level: 'clear' };

export async function runNwipe(
  row: Row,
  bus: Bus,
  { make, orders, meetTwin }: CellDoors,
): Promise<NwipeCell> {
  const column = { ...ANY, bus };
  const stand = make(column, row);
  const twin = row.twin ? make(column, row, stand.serial) : null;
  try {
    if (twin) await meetTwin(twin);
    await stand.insert();
    const told = await orders.wipe({ where: stand.where, argv: NWIPE, timeoutMs: WITHIN_MS });
    const { addressable, exposed } = leftOn(stand);
    const says = told.kind === 'wiped' ? saidBy(told.status, told.log) : told.kind;
    return { row: row.id, bus, says, exposed, symbol: symbolOf(says, addressable) };
  } finally {
    await Promise.all([stand.leave(), twin?.leave()]);
  }
}

function saidBy(status: number | null, log: string): string {
  if (status === null) return 'nothing';
  return status === 0 && /nwipe successfully completed/i.test(log) ? 'erased' : 'failed';
}

function symbolOf(says: string, addressable: number): string {
  switch (says) {
    case 'erased':
      return addressable === 0 ? '✔' : '☠';
    case 'failed':
      return '✘';
    default:
      return '?';
  }
}
