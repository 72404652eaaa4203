import { type Kysely, sql } from 'kysely';

/** 003: journals that the server holds, shells that a lead opened, and codes for them. */
export async function liveImage(db: Kysely<unknown>): Promise<void> {
  for (const step of STEPS) await sql.raw(step).execute(db);
}

const STEPS = [
  // SQLite cannot widen a CHECK: the table is made anew around its rows.
  `create table codesWithShells (
    hash text primary key, kind text not null check (kind in ('sign-in', 'bench', 'stick', 'shell')),
    personId text not null references people (id), bench text not null,
    madeAt text not null, expiresAt text not null) strict`,
  `insert into codesWithShells (hash, kind, personId, bench, madeAt, expiresAt)
    select hash, kind, personId, bench, madeAt, expiresAt from codes`,
  'drop table codes',
  'alter table codesWithShells rename to codes',
  'create table endedSessions (sessionId text primary key, recordedAt text not null) strict',
  `insert into endedSessions (sessionId, recordedAt)
    select sessionId, min(recordedAt) from (
      select sessionId, recordedAt from benchSessions where recordedAt is not null
      union all
      select sessionId, receivedAt from records) group by sessionId`,
  `create table journals (
    sessionId text primary key, publicKey text not null, machineId text not null, lines integer not null,
    sha256 text not null, size integer not null, startedAt text not null, lastAt text not null) strict`,
  'create index journalsByMachine on journals (machineId, startedAt)',
  `create table journalParts (
    sessionId text not null references journals (sessionId), upTo integer not null, bytes blob not null,
    primary key (sessionId, upTo)) strict`,
  `create table shellOpenings (
    number integer primary key autoincrement, sessionId text not null, machineId text not null,
    bench text not null, leadId text not null references people (id), address text not null,
    grantedAt text not null, nonce text not null, request blob not null, unique (sessionId, nonce)) strict`,
];
