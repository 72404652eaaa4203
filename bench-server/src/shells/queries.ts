import { visible } from '@rebond/protocol';
import type { Db, ShellOpeningRow } from '../db/schema.ts';
import { ServerError } from '../refusals.ts';

export type OpeningLine = Pick<
  ShellOpeningRow,
  'sessionId' | 'machineId' | 'bench' | 'address' | 'grantedAt'
> & {
  lead: string;
};

/** Writes an opening down. One nonce opens one shell. @throws ServerError session-conflict */
export async function saveOpening(db: Db, opening: Omit<ShellOpeningRow, 'number'>): Promise<void> {
  const saved = await db
    .insertInto('shellOpenings')
    .values({ ...opening, bench: visible(opening.bench), address: visible(opening.address, 64) })
    .onConflict((conflict) => conflict.columns(['sessionId', 'nonce']).doNothing())
    .returning('number')
    .executeTakeFirst();
  if (!saved) throw new ServerError('session-conflict', opening.sessionId);
}

const LISTED = 200;

/** The latest openings, newest first. */
export async function listOpenings(db: Db): Promise<OpeningLine[]> {
  return await db
    .selectFrom('shellOpenings as s')
    .innerJoin('people', 'people.id', 's.leadId')
    .select(['s.sessionId', 's.machineId', 's.bench', 's.address', 's.grantedAt', 'people.name as lead'])
    .orderBy('s.number', 'desc')
    .limit(LISTED)
    .execute();
}
