import { type MachineRecord, openAs, openBytes, RECORD_TYPE } from '@rebond/protocol';
import type { Db, SightingRow } from '../db/schema.ts';
import { isSurelyOlder, type Judged, standingOf } from './state.ts';
import { sightingsOf } from './sightings.ts';

/** Notes the drives of a record that was just stored, in its transaction, and how each of them stands now. */
export async function noteSightings(
  db: Db,
  { digest, number }: { digest: string; number: number },
  record: MachineRecord,
): Promise<void> {
  const seen = sightingsOf(digest, record);
  const rows = [...seen, ...(await missing(db, digest, record, seen))];
  if (rows.length > 0) await db.insertInto('driveSightings').values(rows).execute();
  await db.updateTable('records').set({ sighted: 1 }).where('digest', '=', digest).execute();
  for (const { driveKey } of rows) await restate(db, driveKey);
  await flagSeenAgain(db, { digest, number }, seen);
}

/** Looks through the records that were stored before drives were noted. To be called before the server listens. */
export async function catchUp(db: Db): Promise<void> {
  for (;;) {
    const row = await db
      .selectFrom('records')
      .select(['digest', 'number', 'bytes'])
      .where('sighted', '=', 0)
      .orderBy('number')
      .limit(1)
      .executeTakeFirst();
    if (!row) return;
    const { payload } = openAs(RECORD_TYPE, openBytes(row.bytes).envelope);
    await db.transaction().execute((step) => noteSightings(step, row, payload));
  }
}

/** What a decision of the lead on a record, or on one of its findings, makes of its drives. */
export async function restateRecord(db: Db, digest: string): Promise<void> {
  const keys = await db
    .selectFrom('driveSightings')
    .select('driveKey')
    .where('recordDigest', '=', digest)
    .execute();
  for (const { driveKey } of keys) await restate(db, driveKey);
}

/** Derives anew how a drive stands. What was destroyed stays destroyed. */
export async function restate(db: Db, driveKey: string): Promise<void> {
  const standing = standingOf(await judgedSightings(db, driveKey));
  const destroyed = await db
    .selectFrom('destructions')
    .select('id')
    .where('driveKey', '=', driveKey)
    .executeTakeFirst();
  if (!standing) {
    if (!destroyed) await db.deleteFrom('drives').where('driveKey', '=', driveKey).execute();
    return;
  }
  const { by, state, cause } = standing;
  const { recordDigest, place, machineId } = by;
  const row = { recordDigest, place, machineId, since: by.receivedAt, lastRecord: by.number };
  if (destroyed) {
    await db.updateTable('drives').set({ state: 'destroyed' }).where('driveKey', '=', driveKey).execute();
    return;
  }
  await db
    .insertInto('drives')
    .values({ driveKey, state, cause, ...row, seenAgain: null })
    .onConflict((conflict) => conflict.column('driveKey').doUpdateSet({ state, cause, ...row }))
    .execute();
}

async function judgedSightings(db: Db, driveKey: string): Promise<Judged[]> {
  const rows = await db
    .selectFrom('driveSightings as s')
    .innerJoin('records as r', 'r.digest', 's.recordDigest')
    .leftJoin('certificates as c', (join) =>
      join
        .onRef('c.recordDigest', '=', 's.recordDigest')
        .onRef('c.drive', '=', 's.drive')
        .on('c.decision', '=', 'rejected')
        .on('c.supersededBy', 'is', null),
    )
    .select(['s.recordDigest', 's.place', 's.seen', 's.at', 's.timeSource'])
    .select(['r.number', 'r.machineId', 'r.receivedAt', 'r.unconfirmed', 'r.decision', 'c.id as rejectedBy'])
    .where('s.driveKey', '=', driveKey)
    .orderBy('r.number')
    .execute();
  return rows.map(({ unconfirmed, decision, rejectedBy, ...row }) => ({
    ...row,
    vouched: unconfirmed === 0 || decision === 'approved',
    recordRejected: decision === 'rejected',
    findingRejected: rejectedBy !== null,
  }));
}

/** Where the absences of a record are counted from: no machine lists as many drives. */
const ABSENCES_FROM = 1000;

/** Built-in drives that this machine had, that nothing was done to, and that it no longer has. */
async function missing(
  db: Db,
  recordDigest: string,
  { mode, machine, inventory, accountOf, closedAt }: MachineRecord,
  seen: readonly SightingRow[],
): Promise<SightingRow[]> {
  const looked = mode === 'real' && accountOf === null && inventory.drives.outcome === 'read';
  if (!looked || machine.basis === 'session') return [];
  const keys = new Set(seen.map(({ driveKey }) => driveKey));
  const now = { at: closedAt.wall, timeSource: closedAt.timeSource };
  const before = await db
    .selectFrom('drives as d')
    .innerJoin('driveSightings as s', (join) =>
      join.onRef('s.recordDigest', '=', 'd.recordDigest').onRef('s.place', '=', 'd.place'),
    )
    .selectAll('s')
    .where('d.machineId', '=', machine.id)
    .where('d.state', '=', 'untouched')
    .where('s.inside', '=', 1)
    .execute();
  return before
    .filter((each) => !keys.has(each.driveKey) && !isSurelyOlder(now, each))
    .map((each, index) => ({
      ...each,
      ...now,
      ...{ recordDigest, place: ABSENCES_FROM + index, seen: 'absent', drive: null },
    }));
}

/** A drive that was destroyed cannot be in a machine: it, or what bears its numbers, is flagged. */
async function flagSeenAgain(
  db: Db,
  { digest, number }: { digest: string; number: number },
  seen: readonly SightingRow[],
): Promise<void> {
  for (const { driveKey, serial, wwid, propertyLabel, at, timeSource } of seen) {
    const found = await db
      .selectFrom('destructions')
      .select(['driveKey', 'statedAt'])
      .where('afterRecord', '<', number)
      .where((e) =>
        e.or([
          e('driveKey', '=', driveKey),
          ...(serial === null ? [] : [e('serial', '=', serial)]),
          ...(wwid === null ? [] : [e('wwid', '=', wwid)]),
          ...(propertyLabel === null ? [] : [e('label', '=', propertyLabel)]),
        ]),
      )
      .execute();
    for (const destroyed of found) {
      // A record that a stick kept may speak of the days before.
      if (isSurelyOlder({ at, timeSource }, { at: destroyed.statedAt, timeSource: 'server' })) continue;
      await db
        .updateTable('drives')
        .set({ seenAgain: digest })
        .where('driveKey', '=', destroyed.driveKey)
        .where('seenAgain', 'is', null)
        .execute();
    }
  }
}
