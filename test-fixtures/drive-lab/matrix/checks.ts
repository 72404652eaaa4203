// What must hold of all cells of a lane, whatever a single one shows.
import { MISBEHAVIOURS } from '../misbehaviour.ts';
import { againId, type Cell } from './cell.ts';
import { ROWS } from './rows.ts';
import { isUnseen } from './table.ts';

/** Rows in which a drive does all that it announces: there every technique must succeed, at its level. */
const SUCCEED = [
  ...['honest', '4Kn', 'hpa', 'dco', 'hpa-and-dco', 'ama', 'own-password', 'sanitize-frozen', 'frozen'],
  ...['attempts-expired', 'power-lost-at', 'disconnected-and-replayed'].map(againId),
];
/** Sanitize goes to all of an NVMe drive; Format and an overwrite go to one namespace, and claim nothing then. */
const SUCCEED_BY_SANITIZE = ['other-namespace', 'unallocated'];

export function refusedThoughHonest(cells: readonly Cell[]): string[] {
  return cells
    .filter(({ row, column, verdict }) => {
      if (verdict === 'not-applicable') return false;
      if (SUCCEED_BY_SANITIZE.includes(row)) return column.technique.startsWith('nvme-sanitize');
      // An NVMe drive that is frozen stays so until its own power is cycled, and no suspend of the guest reaches it.
      if (row === 'frozen' && column.bus === 'nvme') return column.technique === 'overwrite';
      return SUCCEED.includes(row);
    })
    .filter(({ column, verdict, level }) => verdict !== 'done' || level !== column.level)
    .map(shown);
}

export function complaints(cells: readonly Cell[]): string[] {
  return cells.flatMap((cell) => cell.complaints.map((each) => `${shown(cell)}: ${each}`));
}

/** Data that no host can see, in a row that is not said to be able to hide it. */
export function unseenElsewhere(cells: readonly Cell[]): string[] {
  return cells.filter((cell) => isUnseen(cell) && !mayHide(cell)).map(shown);
}

/** By what its firmware does: it answers for what it kept, or keeps what no address leads to. */
function mayHide({ row, left, policy }: Cell): boolean {
  const [kind] = ROWS.find(({ id }) => id === row)?.misbehaviours ?? [];
  if (kind === undefined) return false;
  const synthesizes = MISBEHAVIOURS[kind.kind].visibility === 'by-keyed-overwrite' && policy === 'best';
  return (
    synthesizes ||
    (left.addressable === 0 && (kind.kind === 'hpa-left' || kind.kind === 'zeros-without-erasing'))
  );
}

function shown({ row, column, policy, verdict, level, why, left }: Cell): string {
  const what = `${row} × ${column.technique} (${policy}): ${verdict}, ${level}`;
  return `${what} [${why.join(', ')}] ${left.addressable}+${left.beyond} left, ${left.exposed} exposed`;
}
