// All cells of a lane, several at a time.
import { POLICIES, type SanitizePolicy } from '@rebond/protocol';
import { type Cell, type CellDoors, runCell } from './cell.ts';
import { type Bus, type Column, COLUMNS } from './columns.ts';
import { type NwipeCell, nwipeRows, runNwipe } from './nwipe.ts';
import { type Row, ROWS } from './rows.ts';

/** As the workshop's, with the patience of a test. */
function policyOf(id: 'best' | 'best-and-overwrite'): SanitizePolicy {
  const policy = POLICIES.find((each) => each.id === id);
  if (!policy) throw new Error(`there is no policy ${id}`);
  return { ...policy, budgetMinutes: 12 * 60, stallMinutes: 0.25 };
}

export type Task = { row: Row; column: Column; policy: SanitizePolicy };

/** Everything that the matrix asks of drives on these buses. */
export function tasksOf(buses: readonly Bus[]): Task[] {
  const columns = COLUMNS.filter(({ bus }) => buses.includes(bus));
  const [best, both] = [policyOf('best'), policyOf('best-and-overwrite')];
  return ROWS.flatMap((row) =>
    columns.flatMap((column) => [
      { row, column, policy: best },
      ...(row.lies && column.technique !== 'overwrite' ? [{ row, column, policy: both }] : []),
    ]),
  );
}

/** A row as it is given to nwipe. */
export type Wipe = { row: Row; bus: Bus };

export function wipesOf(buses: readonly Bus[]): Wipe[] {
  return buses.flatMap((bus) => nwipeRows(bus).map((row) => ({ row, bus })));
}

export type LaneDoors = CellDoors & {
  /** Cells at the same time. */
  workers: number;
  told?: (cell: Cell | NwipeCell, seconds: number) => void;
};

/** What a lane came to. */
export type Ran = { cells: Cell[]; nwipe: NwipeCell[] };

/**
 * All cells, ours and nwipe's, `workers` of them at a time, in three rounds: those that let the machine sleep are among
 * themselves, and of those with a twin each is alone, for its interlocks look at every drive.
 */
export async function runLane(
  tasks: readonly Task[],
  wipes: readonly Wipe[],
  doors: LaneDoors,
): Promise<Ran> {
  const { workers, told = () => {} } = doors;
  const ran: Ran = { cells: [], nwipe: [] };
  const run = async ({ row, column, policy }: Task): Promise<void> => {
    const began = performance.now();
    const cells = await runCell(row, column, policy, doors);
    ran.cells.push(...cells);
    for (const cell of cells) told(cell, (performance.now() - began) / 1000);
  };
  const open: Wipe[] = [];
  const wipe = async (one: Wipe): Promise<NwipeCell> => {
    const began = performance.now();
    const cell = await runNwipe(one.row, one.bus, doors);
    told(cell, (performance.now() - began) / 1000);
    return cell;
  };
  const wipeBesides = async (one: Wipe): Promise<void> => {
    const cell = await wipe(one);
    if (cell.symbol === '?') open.push(one);
    else ran.nwipe.push(cell);
  };
  const round = async (these: readonly (() => Promise<void>)[], atOnce: number): Promise<void> => {
    const queue = these.values();
    const worker = async (): Promise<void> => {
      for (const act of queue) await act();
    };
    await Promise.all(Array.from({ length: atOnce }, worker));
  };
  const those = (when: (task: Task) => boolean) => tasks.filter(when).map((task) => () => run(task));
  const alone = ({ row }: Pick<Task, 'row'>): boolean => row.twin === true;
  // No suspend of the guest reaches a drive on the network.
  const sleeps = ({ row, column }: Task): boolean => row.sleeps === true && column.bus !== 'nvme';
  const usual = (task: Task): boolean => !sleeps(task) && !alone(task);
  await round(
    [
      ...those((task) => usual(task) && task.row.lasts === true),
      ...those((task) => usual(task) && task.row.lasts !== true),
      ...wipes.filter((each) => !alone(each)).map((each) => () => wipeBesides(each)),
    ],
    workers,
  );
  await round(those(sleeps), workers);
  // nwipe looks at every drive of the machine: where it came to no end beside others, it is asked once more by itself.
  const byItself = [...open, ...wipes.filter(alone)].map(
    (each) => async () => void ran.nwipe.push(await wipe(each)),
  );
  await round([...those(alone), ...byItself], 1);
  return ran;
}
