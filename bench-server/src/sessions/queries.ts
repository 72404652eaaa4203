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
};

/** A record that gives account of this session has arrived: it is open no longer. */
export async function endSession(db: Db, sessionId: string, at: string): Promise<void> {
  const ended = db.updateTable('benchSessions').set({ recordedAt: at });
  await ended.where('sessionId', '=', sessionId).where('recordedAt', 'is', null).execute();
}

/** The sessions whose key is valid now and whose record has not arrived yet, newest first. */
export async function openSessions(db: Db, now: Date, limit: number): Promise<SessionLine[]> {
  return await db
    .selectFrom('benchSessions')
    .innerJoin('people', 'people.id', 'benchSessions.technicianId')
    .select(['bench', 'machineId', 'issuedAt', 'notAfter', 'people.name as technician'])
    .where('notAfter', '>', now.toISOString())
    .where('recordedAt', 'is', null)
    .orderBy('issuedAt', 'desc')
    .limit(limit)
    .execute();
}
