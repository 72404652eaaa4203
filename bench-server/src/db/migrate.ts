import { type Kysely, sql } from 'kysely';
import { type Migration, Migrator } from 'kysely/migration';
import { liveImage } from './live-image.ts';
import { quarantine } from './quarantine.ts';
import type { Db } from './schema.ts';

/** Every change of the tables, oldest first. What is here was run somewhere: add, never edit. */
const MIGRATIONS: Record<string, Migration> = {
  '001-first': { up: first },
  '002-session-ends': { up: sessionEnds },
  '003-live-image': { up: liveImage },
  '004-quarantine': { up: quarantine },
};

export async function migrate(db: Db): Promise<void> {
  const migrator = new Migrator({ db, provider: { getMigrations: async () => MIGRATIONS } });
  const { error } = await migrator.migrateToLatest();
  if (error) throw error;
}

/** Blobs come last in their rows: reading a column that follows one means walking all its pages. */
const TABLES = [
  `create table workshops (
    id text primary key, name text not null, publicKey text not null, createdAt text not null) strict`,
  `create table people (
    id text primary key, name text not null, nameKey text not null unique,
    role text not null check (role in ('technician', 'admin')), passphrase text,
    createdAt text not null, signedInAt text, disabledAt text) strict`,
  `create table codes (
    hash text primary key, kind text not null check (kind in ('sign-in', 'bench', 'stick')),
    personId text not null references people (id), bench text not null,
    madeAt text not null, expiresAt text not null) strict`,
  `create table webSessions (
    hash text primary key, personId text not null references people (id),
    openedWith text not null, seenAt text not null) strict`,
  `create table benchSessions (
    sessionId text primary key, publicKey text not null, bench text not null,
    technicianId text not null references people (id), machineId text not null,
    issuedAt text not null, notAfter text not null, certificate blob not null) strict`,
  `create table sticks (
    publicKey text primary key, pairedBy text not null references people (id), pairedAt text not null,
    revokedAt text, certificate blob not null) strict`,
  `create table machines (
    id text primary key, basis text not null, manufacturer text, product text, serial text, search text not null,
    firstSeenAt text not null, lastSeenAt text not null, lastRecord integer not null) strict`,
  'create index machinesByLast on machines (lastRecord)',
  `create table records (
    number integer primary key autoincrement, digest text not null unique,
    recordId text not null, sessionId text not null, sequence integer not null,
    machineId text not null references machines (id), mode text not null check (mode in ('rehearsal', 'real')),
    unconfirmed integer not null, bench text not null, technicianName text, receivedAt text not null,
    closedAt text not null, overall text, atBest text not null,
    summary text not null check (summary in ('none', 'done', 'failed', 'unknown')), refusals integer not null,
    decision text check (decision in ('approved', 'rejected')), bytes blob not null,
    unique (sessionId, sequence)) strict`,
  'create index recordsByMachine on records (machineId, number)',
  'create index recordsByTime on records (receivedAt)',
  `create table sanitizations (
    recordDigest text not null references records (digest), drive integer not null,
    outcome text not null check (outcome in ('done', 'failed', 'unknown')), level text not null,
    path text not null, model text, serial text, primary key (recordDigest, drive)) strict`,
  `create table certificates (
    number integer primary key autoincrement, id text not null unique,
    recordDigest text not null references records (digest), drive integer not null,
    machineId text not null references machines (id), mode text not null, outcome text not null,
    decision text not null check (decision in ('pending', 'approved', 'rejected')), issuedAt text not null,
    supersedes text unique references certificates (id), supersededBy text, label text not null,
    bytes blob not null) strict`,
  // One living certificate for one drive of one record, however often issuing is tried.
  'create unique index certificatesInForce on certificates (recordDigest, drive) where supersededBy is null',
  `create table refused (
    number integer primary key autoincrement, id text not null unique, digest text not null,
    size integer not null, code text not null, detail text not null, address text not null,
    firstAt text not null, lastAt text not null, times integer not null, seenAt text, bytes blob not null,
    unique (digest, code)) strict`,
  'create table tallies (name text primary key, count integer not null) strict',
];

async function first(db: Kysely<unknown>): Promise<void> {
  for (const table of TABLES) await sql.raw(table).execute(db);
}

/** When the record of a session arrived; until then it is open. */
async function sessionEnds(db: Kysely<unknown>): Promise<void> {
  await sql`alter table benchSessions add column recordedAt text`.execute(db);
  await sql`update benchSessions set recordedAt =
    (select max(receivedAt) from records where records.sessionId = benchSessions.sessionId)`.execute(db);
}
