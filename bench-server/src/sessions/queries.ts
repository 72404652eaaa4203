import type { Insertable } from 'kysely';
import type { Db, Schema } from '../db/schema.ts';
import { ServerError } from '../refusals.ts';

export type BenchSession = Insertable<Schema['benchSessions']>;

/**
 * Keeps a certified session. Asked again for the same session, key and machine (an answer got lost), the newer
 * certificate stays. @throws ServerError session-conflict
 */
export async function saveSession(db: Db, session: BenchSession): Promise<void> {
  const { sessionId, publicKey, machineId, ...changing } = session;
  const saved = await db
    .insertInto('benchSessions')
    .values(session)
    .onConflict((conflict) =>
      conflict
        .column('sessionId')
        .doUpdateSet(changing)
        .where('benchSessions.publicKey', '=', publicKey)
        .where('benchSessions.machineId', '=', machineId),
    )
    .returning('sessionId')
    .executeTakeFirst();
  if (!saved) throw new ServerError('session-conflict', sessionId);
}

/** True when this server certified exactly this key for this session. */
export async function sessionKnown(db: Db, sessionId: string, publicKey: string): Promise<boolean> {
  const row = db
    .selectFrom('benchSessions')
    .select('sessionId')
    .where('sessionId', '=', sessionId)
    .where('publicKey', '=', publicKey);
  return (await row.executeTakeFirst()) !== undefined;
}

export type SessionLine = {
  bench: string;
  machineId: string;
  issuedAt: string;
  notAfter: string;
  technician: string;
  /** When the last line of its journal came; null while this server keeps none. */
  journalAt: string | null;
};

/** A record that gives account of this session has arrived: it is open no longer, whoever certified it. */
export async function endSession(db: Db, sessionId: string, at: string): Promise<void> {
  const ended = db.updateTable('benchSessions').set({ recordedAt: at });
  await ended.where('sessionId', '=', sessionId).where('recordedAt', 'is', null).execute();
  const kept = db.insertInto('endedSessions').values({ sessionId, recordedAt: at });
  await kept.onConflict((conflict) => conflict.column('sessionId').doNothing()).execute();
}

/** The sessions whose key is valid now and whose record has not arrived yet, newest first. */
export async function openSessions(db: Db, now: Date, limit: number): Promise<SessionLine[]> {
  return await db
    .selectFrom('benchSessions as s')
    .innerJoin('people', 'people.id', 's.technicianId')
    .leftJoin('journals', 'journals.sessionId', 's.sessionId')
    .select(['s.bench', 's.machineId', 's.issuedAt', 's.notAfter', 'people.name as technician'])
    .select('journals.lastAt as journalAt')
    .where('s.notAfter', '>', now.toISOString())
    .where('s.recordedAt', 'is', null)
    .orderBy('s.issuedAt', 'desc')
    .limit(limit)
    .execute();
}
