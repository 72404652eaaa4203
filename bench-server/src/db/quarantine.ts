import { type Kysely, sql } from 'kysely';

/** 004: every drive of every record, how each drive stands, and what persons stated of its destruction. */
export async function quarantine(db: Kysely<unknown>): Promise<void> {
  for (const step of STEPS) await sql.raw(step).execute(db);
}

const STEPS = [
  // Records that arrived before are looked through when the server starts.
  'alter table records add column sighted integer not null default 0',
  'create index recordsUnsighted on records (number) where sighted = 0',
  `create table driveSightings (
    recordDigest text not null references records (digest), place integer not null, driveKey text not null,
    seen text not null check (seen in
      ('done', 'failed', 'unknown', 'undrivable', 'vanished', 'untouched', 'listed', 'absent')),
    drive integer, inside integer not null, path text not null, medium text not null,
    model text, serial text, wwid text, propertyLabel text, at text not null, timeSource text not null,
    primary key (recordDigest, place)) strict`,
  'create index driveSightingsByKey on driveSightings (driveKey)',
  `create table drives (
    driveKey text primary key,
    state text not null check (state in ('untouched', 'done', 'quarantined', 'destroyed')),
    cause text check (cause in ('failed', 'unknown', 'rejected', 'undrivable', 'vanished')),
    recordDigest text not null references records (digest), place integer not null,
    machineId text not null references machines (id), since text not null, lastRecord integer not null,
    seenAgain text) strict`,
  'create index drivesByState on drives (state, lastRecord)',
  'create index drivesByMachine on drives (machineId)',
  // A drive is destroyed once.
  `create table destructions (
    driveKey text primary key, id text not null unique, machineId text not null references machines (id),
    method text not null, level text not null, statedAt text not null, afterRecord integer not null,
    serial text, wwid text, label text, bytes blob not null) strict`,
];
