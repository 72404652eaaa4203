import type { Db } from '../db/schema.ts';
import type { NewCertificate } from '../certificates/issue.ts';
import { ServerError } from '../refusals.ts';
import { endSession } from '../sessions/queries.ts';
import type { NewMachine, NewRecord } from './derive.ts';
import type { SanitizationRow } from '../db/schema.ts';

/** Everything that becomes true at once when a record is accepted. */
export type Submission = {
  /** The session that the record gives account of: its own, or one that was cut off. */
  endedSession: string;
  record: NewRecord;
  machine: NewMachine;
  sanitizations: SanitizationRow[];
  certificates: NewCertificate[];
};

export type Stored = { isNew: boolean; receivedAt: string; unconfirmed: boolean };

type Waiting = {
  submission: Submission;
  resolve: (stored: Stored) => void;
  reject: (error: unknown) => void;
};

const LARGEST_GROUP = 128;

/**
 * Stores submissions. Those that wait at the same moment share one transaction, and with it one flush of the disk;
 * each is answered only after its COMMIT.
 */
export function recordStore(db: Db): (submission: Submission) => Promise<Stored> {
  const waiting: Waiting[] = [];
  let busy = false;

  async function work(): Promise<void> {
    busy = true;
    await new Promise(setImmediate); // lets requests that arrived together join the first group
    while (waiting.length > 0) await storeGroup(db, waiting.splice(0, LARGEST_GROUP));
    busy = false;
  }

  return (submission) =>
    new Promise((resolve, reject) => {
      waiting.push({ submission, resolve, reject });
      if (!busy) void work();
    });
}

async function storeGroup(db: Db, group: Waiting[]): Promise<void> {
  try {
    const answers = await inOneTransaction(db, group);
    for (const answer of answers) answer();
  } catch (error) {
    const [only] = group;
    if (group.length === 1 && only) return only.reject(error);
    for (const each of group) await storeGroup(db, [each]); // one of them is at fault: the others must not suffer
  }
}

/** The answers to give once the transaction is on the disk. */
async function inOneTransaction(db: Db, group: Waiting[]): Promise<(() => void)[]> {
  return await db.transaction().execute(async (step) => {
    const answers: (() => void)[] = [];
    for (const { submission, resolve, reject } of group) {
      const earlier = await sameNumber(step, submission.record);
      if (earlier && earlier.digest !== submission.record.digest) {
        answers.push(() => reject(new ServerError('sequence-conflict', earlier.digest)));
      } else {
        if (!earlier) await insert(step, submission);
        const { receivedAt, unconfirmed } = earlier ?? submission.record;
        answers.push(() => resolve({ isNew: !earlier, receivedAt, unconfirmed: unconfirmed === 1 }));
      }
    }
    return answers;
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
  { endedSession, record, machine, sanitizations, certificates }: Submission,
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
