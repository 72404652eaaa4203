import type { Db } from '../db/schema.ts';
import { quarantineCounts } from '../quarantine/queries.ts';

/** The day so far, by the server's clock, and what waits for the lead. */
export type Glance = {
  machines: number;
  records: number;
  done: number;
  failed: number;
  unknown: number;
  rehearsals: number;
  unconfirmed: number;
  toValidate: number;
  refused: number;
  /** Drives that lie in quarantine, and those seen again after they were destroyed. */
  quarantined: number;
  seenAgain: number;
};

export async function glance(db: Db, now: Date): Promise<Glance> {
  const midnight = new Date(now);
  midnight.setHours(0, 0, 0, 0);
  const today = midnight.toISOString();
  const [day, drives, waiting, shelf] = await Promise.all([
    dayCounts(db, today),
    driveCounts(db, today),
    waitingCounts(db),
    quarantineCounts(db),
  ]);
  return { ...day, ...drives, ...waiting, ...shelf };
}

async function dayCounts(db: Db, today: string) {
  return await db
    .selectFrom('records')
    .select((e) => [
      e.fn.count<number>('machineId').distinct().as('machines'),
      e.fn.countAll<number>().as('records'),
      e.fn.countAll<number>().filterWhere('mode', '=', 'rehearsal').as('rehearsals'),
    ])
    .where('receivedAt', '>=', today)
    .executeTakeFirstOrThrow();
}

/**
 * Real drives only: an exercise is no drive. What a person rejected is no success, whatever the tool found, and what
 * no server saw begin is none until the lead says so.
 */
async function driveCounts(db: Db, today: string) {
  return await db
    .selectFrom('sanitizations as s')
    .innerJoin('records as r', 'r.digest', 's.recordDigest')
    .leftJoin('certificates as rejected', (join) =>
      join
        .onRef('rejected.recordDigest', '=', 's.recordDigest')
        .onRef('rejected.drive', '=', 's.drive')
        .on('rejected.decision', '=', 'rejected')
        .on('rejected.supersededBy', 'is', null),
    )
    .select((e) => {
      const count = e.fn.countAll<number>();
      const vouched = e.or([e('r.unconfirmed', '=', 0), e('r.decision', '=', 'approved')]);
      const standing = e('rejected.id', 'is', null);
      return [
        count.filterWhere(e.and([e('s.outcome', '=', 'done'), standing, vouched])).as('done'),
        count.filterWhere(e.or([e('s.outcome', '=', 'failed'), e.not(standing)])).as('failed'),
        count.filterWhere(e.and([e('s.outcome', '=', 'unknown'), standing])).as('unknown'),
      ];
    })
    .where('r.receivedAt', '>=', today)
    .where('r.mode', '=', 'real')
    .executeTakeFirstOrThrow();
}

async function waitingCounts(db: Db) {
  const unconfirmed = await db
    .selectFrom('records')
    .select((e) => e.fn.countAll<number>().as('count'))
    .where('unconfirmed', '=', 1)
    .where('decision', 'is', null)
    .executeTakeFirstOrThrow();
  const toValidate = await db
    .selectFrom('certificates')
    .select((e) => e.fn.countAll<number>().as('count'))
    .where('decision', '=', 'pending')
    .where('supersededBy', 'is', null)
    .where('mode', '=', 'real')
    .executeTakeFirstOrThrow();
  const refused = await db
    .selectFrom('refused')
    .select((e) => e.fn.countAll<number>().as('count'))
    .where('seenAt', 'is', null)
    .executeTakeFirstOrThrow();
  return { unconfirmed: unconfirmed.count, toValidate: toValidate.count, refused: refused.count };
}
