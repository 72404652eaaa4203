import { join } from 'node:path';
import { buildApp } from '../bench-server/src/app.ts';
import { codeBook, type Codes } from '../bench-server/src/auth/codes.ts';
import { openDatabase } from '../bench-server/src/db/open.ts';
import type { Db } from '../bench-server/src/db/schema.ts';
import { type Keys, openKeys } from '../bench-server/src/keys/open.ts';
import type { Tls } from '../bench-server/src/keys/tls.ts';
import { makeLogger } from '../bench-server/src/log.ts';
import { ensureLead } from '../bench-server/src/people/queries.ts';
import { openWorkshop, type Workshop } from '../bench-server/src/workshops/open.ts';
import { scratch } from './scratch.ts';

/** A whole server inside the test, on a real port and a real database, whose clock the test can move. */
export type House = {
  url: string;
  db: Db;
  keys: Keys;
  workshop: Workshop;
  codes: Codes;
  log(): string;
  /** A code for one laptop, made by the lead. */
  benchCode(): Promise<string>;
  /** Moves the server's clock forward. */
  later(milliseconds: number): void;
  close(): Promise<void>;
};

export async function openHouse(tls: Tls | null = null): Promise<House> {
  const folder = scratch('house');
  let ahead = 0;
  const now = (): Date => new Date(Date.now() + ahead);
  const db = await openDatabase(join(folder.path, 'rebond.sqlite'));
  const keyFolder = join(folder.path, 'keys');
  const keys = await openKeys(keyFolder, 'a passphrase of the tests', null);
  const workshop = await openWorkshop(db, keys, keyFolder, 'Atelier', now());
  const codes = codeBook(db, keys.codeSecret, now);
  const lead = await ensureLead(db, now());
  let log = '';
  const logger = makeLogger('debug', { write: (line) => void (log += line) });
  const app = await buildApp({ db, keys, workshop, codes, tls, host: '127.0.0.1', logger, now });
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  return {
    url,
    db,
    keys,
    workshop,
    codes,
    log: () => log,
    benchCode: () => codes.make('bench', lead.id),
    later: (milliseconds) => void (ahead += milliseconds),
    async close() {
      await app.close();
      await db.destroy();
      folder.remove();
    },
  };
}
