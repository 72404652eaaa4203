import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { scratch } from '../../../test-fixtures/scratch.ts';
import { openDatabase } from './open.ts';

/** The database of an earlier version: its tables made by its own migrations, its rows by hand. */
function older(file: string): void {
  const sqlite = new DatabaseSync(file);
  const undo = [
    'drop table destructions',
    'drop table drives',
    'drop table driveSightings',
    'drop index recordsUnsighted',
    'alter table records drop column sighted',
    'drop table shellOpenings',
    'drop table journalParts',
    'drop table journals',
    'drop table endedSessions',
    'drop table codes',
    `create table codes (
      hash text primary key, kind text not null check (kind in ('sign-in', 'bench', 'stick')),
      personId text not null references people (id), bench text not null,
      madeAt text not null, expiresAt text not null) strict`,
    "delete from kysely_migration where name in ('003-live-image', '004-quarantine')",
    `insert into people values ('p', 'P', 'p', 'admin', null, '2026-01-01', null, null)`,
    `insert into codes values ('h1', 'bench', 'p', 'Banc 3', '2026-01-01', '2999-01-01')`,
    `insert into benchSessions (sessionId, publicKey, bench, technicianId, machineId, issuedAt, notAfter, certificate, recordedAt)
      values ('cut-off', 'k', '', 'p', 'm', '2026-01-01', '2026-01-02', x'00', '2026-01-03'),
        ('open', 'k', '', 'p', 'm', '2026-01-01', '2026-01-02', x'00', null)`,
    `insert into machines values ('m', 'dmi', null, null, null, '', '2026-01-01', '2026-01-01', 1)`,
    `insert into records (digest, recordId, sessionId, sequence, machineId, mode, unconfirmed, bench, receivedAt, closedAt, atBest, summary, refusals, bytes)
      values ('d', 'r', 'offline', 0, 'm', 'real', 1, '', '2026-01-04', '2026-01-04', 'A', 'none', 0, x'00')`,
  ];
  for (const statement of undo) sqlite.exec(statement);
  sqlite.close();
}

test('an earlier database keeps its codes, and knows which sessions had ended', async () => {
  using folder = scratch('migration');
  const file = join(folder.path, 'rebond.sqlite');
  await (await openDatabase(file)).destroy();
  older(file);
  const db = await openDatabase(file);
  expect(await db.selectFrom('codes').selectAll().execute()).toEqual([
    {
      hash: 'h1',
      kind: 'bench',
      personId: 'p',
      bench: 'Banc 3',
      madeAt: '2026-01-01',
      expiresAt: '2999-01-01',
    },
  ]);
  const code = { personId: 'p', bench: '', madeAt: '2026-01-01', expiresAt: '2999-01-01' };
  await db
    .insertInto('codes')
    .values({ hash: 'h2', kind: 'shell', ...code })
    .execute();
  await expect(
    db
      .insertInto('codes')
      .values({ hash: 'h3', kind: 'root' as never, ...code })
      .execute(),
  ).rejects.toThrow(/CHECK/);
  expect(await db.selectFrom('endedSessions').selectAll().orderBy('sessionId').execute()).toEqual([
    { sessionId: 'cut-off', recordedAt: '2026-01-03' },
    { sessionId: 'offline', recordedAt: '2026-01-04' },
  ]);
  expect((await sql`pragma foreign_key_check`.execute(db)).rows).toEqual([]);
  await db.destroy();
});
