import { holdsWord } from '../db/text.ts';
import type { Db, MachineRow, RecordRow, Summary } from '../db/schema.ts';

export type MachineLine = Omit<MachineRow, 'search' | 'lastRecord'> &
  Pick<
    RecordRow,
    'overall' | 'atBest' | 'summary' | 'mode' | 'unconfirmed' | 'decision' | 'bench' | 'technicianName'
  > & {
    /** SQLite's 0 or 1: a person rejected the finding on one of its drives. */
    rejected: unknown;
  };

/** Machines with the last word about each, newest first. */
export function machineLines(db: Db) {
  return db
    .selectFrom('machines')
    .innerJoin('records', 'records.number', 'machines.lastRecord')
    .select(['id', 'basis', 'manufacturer', 'product', 'serial', 'firstSeenAt', 'lastSeenAt'])
    .select(['overall', 'atBest', 'summary', 'mode', 'unconfirmed', 'decision', 'bench', 'technicianName'])
    .select((e) =>
      e
        .exists(
          e
            .selectFrom('certificates')
            .select('certificates.id')
            .whereRef('certificates.recordDigest', '=', 'records.digest')
            .where('certificates.decision', '=', 'rejected')
            .where('certificates.supersededBy', 'is', null),
        )
        .as('rejected'),
    )
    .orderBy('machines.lastRecord', 'desc');
}

const PAGE_SIZE = 50;

/** One page of machines. `more` says whether another follows. */
export async function listMachines(
  db: Db,
  wishes: { text: string; outcome: Summary | null; unconfirmed: boolean; page: number },
): Promise<{ machines: MachineLine[]; more: boolean }> {
  let query = machineLines(db);
  if (wishes.outcome) query = query.where('summary', '=', wishes.outcome);
  if (wishes.unconfirmed) {
    const waiting = db
      .selectFrom('records')
      .select('machineId')
      .where('unconfirmed', '=', 1)
      .where('decision', 'is', null);
    query = query.where('machines.id', 'in', waiting);
  }
  for (const word of wishes.text.toLowerCase().split(/\s+/).filter(Boolean).slice(0, 8)) {
    query = query.where(holdsWord('machines.search', word));
  }
  const found = await query
    .limit(PAGE_SIZE + 1)
    .offset((wishes.page - 1) * PAGE_SIZE)
    .execute();
  return { machines: found.slice(0, PAGE_SIZE), more: found.length > PAGE_SIZE };
}

export async function findMachine(db: Db, id: string): Promise<MachineRow | null> {
  return (await db.selectFrom('machines').selectAll().where('id', '=', id).executeTakeFirst()) ?? null;
}
