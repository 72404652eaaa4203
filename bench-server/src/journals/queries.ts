import { JOURNAL_PART_TYPE, openAs, openBytes } from '@rebond/protocol';
import type { Db, JournalRow } from '../db/schema.ts';

export async function findJournal(db: Db, sessionId: string): Promise<JournalRow | null> {
  const found = db.selectFrom('journals').selectAll().where('sessionId', '=', sessionId);
  return (await found.executeTakeFirst()) ?? null;
}

/** Puts the part behind what is held, and says what is held now. */
export async function appendPart(db: Db, journal: JournalRow, bytes: Uint8Array): Promise<void> {
  const { sessionId, lines, sha256, size, lastAt } = journal;
  await db
    .insertInto('journals')
    .values(journal)
    .onConflict((conflict) => conflict.column('sessionId').doUpdateSet({ lines, sha256, size, lastAt }))
    .execute();
  await db.insertInto('journalParts').values({ sessionId, upTo: lines, bytes }).execute();
}

/** The lines from `from` on that are held, each once, in pieces of one part. */
export async function* heldLines(db: Db, sessionId: string, from: number): AsyncGenerator<string[]> {
  let next = from;
  for (;;) {
    const row = await db
      .selectFrom('journalParts')
      .select('bytes')
      .where('sessionId', '=', sessionId)
      .where('upTo', '>', next)
      .orderBy('upTo')
      .limit(1)
      .executeTakeFirst();
    if (!row) return;
    const { payload: part } = openAs(JOURNAL_PART_TYPE, openBytes(row.bytes).envelope);
    yield part.lines.slice(next - part.from);
    next = part.from + part.lines.length;
  }
}

export type LeftJournal = { sessionId: string; parts: Uint8Array[] };

const MOST_LEFT = 16;
const MOST_LEFT_BYTES = 16 * 1024 * 1024;

/**
 * What this server holds of a machine's other sessions that no record gave account of, newest first, each whole. One
 * that does not fit in any more is left out, not cut: the rest of it may say how it ended.
 */
export async function leftJournals(db: Db, machineId: string, besides: string): Promise<LeftJournal[]> {
  const found = await db
    .selectFrom('journals as j')
    .leftJoin('endedSessions as e', 'e.sessionId', 'j.sessionId')
    .select(['j.sessionId', 'j.size'])
    .where('j.machineId', '=', machineId)
    .where('j.sessionId', '!=', besides)
    .where('e.sessionId', 'is', null)
    .orderBy('j.startedAt', 'desc')
    .limit(MOST_LEFT)
    .execute();
  let room = MOST_LEFT_BYTES;
  const left: LeftJournal[] = [];
  for (const { sessionId, size } of found) {
    if (size > room) continue;
    room -= size;
    left.push({ sessionId, parts: await partsOf(db, sessionId) });
  }
  return left;
}

/** Those of the sessions that no record gave account of. */
export async function withoutRecord(db: Db, sessions: readonly string[]): Promise<string[]> {
  if (sessions.length === 0) return [];
  const ended = await db
    .selectFrom('endedSessions')
    .select('sessionId')
    .where('sessionId', 'in', sessions)
    .execute();
  const known = new Set(ended.map(({ sessionId }) => sessionId));
  return sessions.filter((sessionId) => !known.has(sessionId));
}

async function partsOf(db: Db, sessionId: string): Promise<Uint8Array[]> {
  const parts = db.selectFrom('journalParts').select('bytes').where('sessionId', '=', sessionId);
  return (await parts.orderBy('upTo').execute()).map(({ bytes }) => bytes);
}
