import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import { Kysely, SqliteAdapter, type SqliteDatabase, SqliteDialect, type SqliteStatement } from 'kysely';
import { migrate } from './migrate.ts';
import { keepRoom, lacksRoom, type Room } from './room.ts';
import type { Db, Schema } from './schema.ts';

/** Opens the database file, durable before fast, and brings its tables up to date. */
export async function openDatabase(file: string): Promise<Db> {
  const sqlite = new DatabaseSync(file, { enableForeignKeyConstraints: true, timeout: 5000 });
  sqlite.exec('pragma journal_mode = wal; pragma synchronous = full; pragma busy_timeout = 5000;');
  const room: Room = { lacking: false };
  const db = new Kysely<Schema>({ dialect: new Dialect({ database: shim(sqlite, room) }) });
  keepRoom(db, room);
  await migrate(db);
  return db;
}

/** SQLite changes tables within transactions, so a start that is cut off leaves all of a migration or nothing. */
class Adapter extends SqliteAdapter {
  override get supportsTransactionalDdl(): boolean {
    return true;
  }
}

class Dialect extends SqliteDialect {
  override createAdapter(): SqliteAdapter {
    return new Adapter();
  }
}

const STATEMENTS_KEPT = 200;

/** What Kysely's dialect asks of its driver, on the one that Node brings. */
function shim(sqlite: DatabaseSync, room: Room): SqliteDatabase {
  const kept = new Map<string, SqliteStatement>();
  return {
    close: () => sqlite.close(),
    prepare(sql) {
      // A transaction that starts by reading and then writes would lose its place to another writer.
      const text = sql === 'begin' ? 'begin immediate' : sql;
      const known = kept.get(text);
      if (known) return known;
      const made = text === 'rollback' ? rollback(sqlite) : statement(sqlite.prepare(text), room);
      if (kept.size >= STATEMENTS_KEPT) kept.clear();
      kept.set(text, made);
      return made;
    },
  };
}

/** SQLite itself ends a transaction that found no room; rolling back again would hide the cause behind an error. */
function rollback(sqlite: DatabaseSync): SqliteStatement {
  return {
    reader: false,
    all: () => [],
    run() {
      if (sqlite.isTransaction) sqlite.exec('rollback');
      return { changes: 0, lastInsertRowid: 0 };
    },
    iterate: () => [][Symbol.iterator](),
  };
}

function statement(prepared: StatementSync, room: Room): SqliteStatement {
  const values = (parameters: readonly unknown[]): SQLInputValue[] => parameters as SQLInputValue[];
  return {
    reader: prepared.columns().length > 0,
    all: (parameters) => noting(room, () => prepared.all(...values(parameters))),
    run: (parameters) => noting(room, () => prepared.run(...values(parameters))),
    iterate: (parameters) => prepared.iterate(...values(parameters)),
  };
}

/** Notes when a write finds no room, and when one has found some again. */
function noting<T extends object>(room: Room, step: () => T): T {
  try {
    const result = step();
    if ('changes' in result && Number(result.changes) > 0) room.lacking = false;
    return result;
  } catch (error) {
    if (lacksRoom(error)) room.lacking = true;
    throw error;
  }
}
