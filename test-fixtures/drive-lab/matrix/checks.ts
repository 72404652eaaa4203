// What must hold of all cells of a lane, whatever a single one shows.
import { MISBEHAVIOURS } from '../misbehaviour.ts';
import type { Cell } from './cell.ts';
import { isAsExpected } from './expected.ts';
import { ROWS } from './rows.ts';
import { isUnseen } from './table.ts';

/** Cells that came to something else than they must. */
export function unexpected(cells: readonly Cell[]): string[] {
  return cells.filter((cell) => !isAsExpected(cell)).map(shown);
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
