import type { MachineRecord } from '@rebond/protocol';
import { groupCommits } from '../db/groups.ts';
import type { Db } from '../db/schema.ts';
import type { NewCertificate } from '../certificates/issue.ts';
import { noteSightings } from '../quarantine/store.ts';
import { ServerError } from '../refusals.ts';
import { endSession } from '../sessions/queries.ts';
import type { NewMachine, NewRecord } from './derive.ts';
import type { SanitizationRow } from '../db/schema.ts';

/** Everything that becomes true at once when a record is accepted. */
export type Submission = {
  /** The session that the record gives account of: its own, or one that was cut off. */
  endedSession: string;
  /** What the row and all else is derived from. */
  document: MachineRecord;
  record: NewRecord;
  machine: NewMachine;
  sanitizations: SanitizationRow[];
  certificates: NewCertificate[];
};

export type Stored = { isNew: boolean; receivedAt: string; unconfirmed: boolean };

/**
 * Stores submissions, in groups. A number that is taken by other bytes is refused.
 */
export function recordStore(db: Db): (submission: Submission) => Promise<Stored> {
  return groupCommits(db, async (step, submission: Submission) => {
    const earlier = await sameNumber(step, submission.record);
    if (earlier && earlier.digest !== submission.record.digest) {
      return { refused: new ServerError('sequence-conflict', earlier.digest) };
    }
    if (!earlier) await insert(step, submission);
    const { receivedAt, unconfirmed } = earlier ?? submission.record;
    return { done: { isNew: !earlier, receivedAt, unconfirmed: unconfirmed === 1 } };
  });
}

async function sameNumber(db: Db, { sessionId, sequence }: NewRecord) {
  return await db
    .selectFrom('records')
    .select(['digest', 'receivedAt', 'unconfirmed'])
    .where('sessionId', '=', sessionId)
    .where('sequence', '=', sequence)
    .executeTakeFirst();
}

async function insert(
  db: Db,
  { endedSession, document, record, machine, sanitizations, certificates }: Submission,
): Promise<void> {
  await upsertMachine(db, machine);
  await endSession(db, endedSession, record.receivedAt);
  const { number } = await db
    .insertInto('records')
    .values(record)
    .returning('number')
    .executeTakeFirstOrThrow();
  await db.updateTable('machines').set({ lastRecord: number }).where('id', '=', record.machineId).execute();
  if (sanitizations.length > 0) await db.insertInto('sanitizations').values(sanitizations).execute();
  for (const certificate of certificates) await db.insertInto('certificates').values(certificate).execute();
  await noteSightings(db, { digest: record.digest, number }, document);
}

/** A probe that failed this time does not make the machine's name forgotten. */
async function upsertMachine(db: Db, machine: NewMachine): Promise<void> {
  const { basis, search, lastSeenAt } = machine;
  await db
    .insertInto('machines')
    .values({ ...machine, lastRecord: 0 })
    .onConflict((conflict) =>
      conflict.column('id').doUpdateSet((e) => ({
        basis,
        search,
        lastSeenAt,
        manufacturer: e.fn.coalesce('excluded.manufacturer', 'machines.manufacturer'),
        product: e.fn.coalesce('excluded.product', 'machines.product'),
        serial: e.fn.coalesce('excluded.serial', 'machines.serial'),
      })),
    )
    .execute();
}
