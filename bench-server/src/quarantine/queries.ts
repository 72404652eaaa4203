import type { DestructionRow, DriveRow, DriveState, Db, SightingRow } from '../db/schema.ts';

/** A drive with the sighting that it stands by; `destruction` is the certificate's id. */
export type DriveLine = DriveRow &
  Pick<SightingRow, 'drive' | 'path' | 'medium' | 'model' | 'serial' | 'wwid' | 'propertyLabel'> & {
    bench: string;
    destruction: string | null;
    method: string | null;
    statedAt: string | null;
    label: string | null;
  };

function driveLines(db: Db) {
  return db
    .selectFrom('drives')
    .innerJoin('driveSightings as s', (join) =>
      join.onRef('s.recordDigest', '=', 'drives.recordDigest').onRef('s.place', '=', 'drives.place'),
    )
    .innerJoin('records as r', 'r.digest', 'drives.recordDigest')
    .leftJoin('destructions as x', 'x.driveKey', 'drives.driveKey')
    .selectAll('drives')
    .select(['s.drive', 's.path', 's.medium', 's.model', 's.serial', 's.wwid', 's.propertyLabel'])
    .select(['r.bench', 'x.id as destruction', 'x.method', 'x.statedAt', 'x.label'])
    .orderBy('drives.lastRecord', 'desc')
    .orderBy('drives.driveKey');
}

const PAGE_SIZE = 50;

/** One page of the drives in a state, the last seen first. `more` says whether another follows. */
export async function listDrives(
  db: Db,
  state: DriveState,
  page: number,
): Promise<{ drives: DriveLine[]; more: boolean }> {
  const found = await driveLines(db)
    .where('drives.state', '=', state)
    .limit(PAGE_SIZE + 1)
    .offset((page - 1) * PAGE_SIZE)
    .execute();
  return { drives: found.slice(0, PAGE_SIZE), more: found.length > PAGE_SIZE };
}

/** Drives that were seen after they were destroyed. */
export async function drivesSeenAgain(db: Db): Promise<DriveLine[]> {
  return await driveLines(db).where('seenAgain', 'is not', null).limit(PAGE_SIZE).execute();
}

export async function findDrive(db: Db, driveKey: string): Promise<DriveLine | null> {
  return (await driveLines(db).where('drives.driveKey', '=', driveKey).executeTakeFirst()) ?? null;
}

/** What of a machine lies in quarantine or was destroyed; a destroyed drive that a record of it shows is among them. */
export async function drivesOfMachine(db: Db, machineId: string): Promise<DriveLine[]> {
  const records = db.selectFrom('records').select('digest').where('machineId', '=', machineId);
  return await driveLines(db)
    .where((e) => e.or([e('drives.machineId', '=', machineId), e('seenAgain', 'in', records)]))
    .where('state', 'in', ['quarantined', 'destroyed'])
    .limit(PAGE_SIZE)
    .execute();
}

/** What waits on the shelf, and what should not be there any more. */
export async function quarantineCounts(db: Db): Promise<{ quarantined: number; seenAgain: number }> {
  return await db
    .selectFrom('drives')
    .select((e) => [
      e.fn.countAll<number>().filterWhere('state', '=', 'quarantined').as('quarantined'),
      e.fn.countAll<number>().filterWhere('seenAgain', 'is not', null).as('seenAgain'),
    ])
    .where((e) => e.or([e('state', '=', 'quarantined'), e('state', '=', 'destroyed')]))
    .executeTakeFirstOrThrow();
}

export async function findDestruction(db: Db, id: string): Promise<DestructionRow | null> {
  return (await db.selectFrom('destructions').selectAll().where('id', '=', id).executeTakeFirst()) ?? null;
}
