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

export type LaneDoors = CellDoors & {
  workers: number;
  told?: (cell: Cell, seconds: number) => void;
};

/** @returns nwipe's cells */
export async function runNwipeLane(
  buses: readonly Bus[],
  doors: LaneDoors,
  rows: RegExp,
): Promise<NwipeCell[]> {
  const { workers } = doors;
  const tasks = buses
    .flatMap((bus) => nwipeRows(bus).map((row) => ({ row, bus })))
    .filter(({ row }) => rows.test(row.id));
  const results: NwipeCell[] = [];
  const queue = tasks.values();
  await Promise.all(
    Array.from({ length: workers }, async () => {
      for (const { row, bus } of queue) results.push(await runNwipe(row, bus, doors));
    }),
  );
  return results;
}

export async function runLane(tasks: readonly Task[], doors: LaneDoors): Promise<Cell[]> {
  const { workers, told = () => {} } = doors;
  const results: Cell[] = [];
  const run = async ({ row, column, policy }: Task): Promise<void> => {
    const began = performance.now();
    const cells = await runCell(row, column, policy, doors);
    results.push(...cells);
    for (const cell of cells) told(cell, (performance.now() - began) / 1000);
  };
  // No suspend of the guest reaches a drive on the network.
  const alone = ({ row, column }: Task): boolean =>
    (row.sleeps === true && column.bus !== 'nvme') || row.twin === true;
  const queue = tasks.filter((task) => !alone(task)).values();
  await Promise.all(
    Array.from({ length: workers }, async () => {
      for (const task of queue) await run(task);
    }),
  );
  for (const task of tasks.filter(alone)) await run(task);
  return results;
}
