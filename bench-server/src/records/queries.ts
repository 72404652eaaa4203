import type { Db, RecordRow } from '../db/schema.ts';

export type RecordLine = Omit<RecordRow, 'bytes' | 'sighted'>;

const LINE = [
  'number',
  'digest',
  'recordId',
  'sessionId',
  'sequence',
  'machineId',
  'mode',
  'unconfirmed',
  'bench',
  'technicianName',
  'receivedAt',
  'closedAt',
  'overall',
  'atBest',
  'summary',
  'refusals',
  'decision',
] as const satisfies (keyof RecordLine)[];

export async function recordBytes(db: Db, digest: string): Promise<Uint8Array | null> {
  const row = await db.selectFrom('records').select('bytes').where('digest', '=', digest).executeTakeFirst();
  return row?.bytes ?? null;
}

export async function findRecord(db: Db, digest: string): Promise<RecordLine | null> {
  return (
    (await db.selectFrom('records').select(LINE).where('digest', '=', digest).executeTakeFirst()) ?? null
  );
}

/** A machine's records, newest first. */
export async function recordsOfMachine(db: Db, machineId: string, limit: number): Promise<RecordLine[]> {
  const of = db.selectFrom('records').select(LINE).where('machineId', '=', machineId);
  return await of.orderBy('number', 'desc').limit(limit).execute();
}
