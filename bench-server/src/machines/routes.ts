import { Id, openAs, openBytes, RECORD_TYPE, Sha256 } from '@rebond/protocol';
import { z } from 'zod';
import { certificatesOfRecord } from '../certificates/queries.ts';
import type { Db } from '../db/schema.ts';
import type { App } from '../http.ts';
import type { Desk } from '../pages/desk.ts';
import { drivesOfMachine } from '../quarantine/queries.ts';
import { findRecord, recordBytes, type RecordLine, recordsOfMachine } from '../records/queries.ts';
import { ServerError } from '../refusals.ts';
import { machineListPage } from './list-page.ts';
import { machinePage, type MachineView } from './pages.ts';
import { findMachine, listMachines } from './queries.ts';

const ListWishes = z.object({
  text: z.string().max(100).default(''),
  outcome: z.enum(['', 'done', 'failed', 'unknown', 'none']).default(''),
  state: z.enum(['', 'unconfirmed']).default(''),
  page: z.coerce.number().int().min(1).max(100_000).default(1),
});
const ById = z.strictObject({ id: Id });
const WithRecord = z.object({ record: Sha256.optional() });

/** A machine comes back a few times in its life; this many of its records are listed. */
const RECORDS_LISTED = 100;

export function machineRoutes(app: App, desk: Desk, db: Db): void {
  app.get(
    '/machines',
    { onRequest: desk.may.signedIn, schema: { querystring: ListWishes } },
    async (request, reply) => {
      const { text, outcome, state, page } = request.query;
      const wishes = { text, outcome: outcome || null, unconfirmed: state === 'unconfirmed', page };
      const found = await listMachines(db, wishes);
      return desk.show(request, reply, (frame) => machineListPage(frame, { ...found, wishes }));
    },
  );

  app.get(
    '/machines/:id',
    { onRequest: desk.may.signedIn, schema: { params: ById, querystring: WithRecord } },
    async (request, reply) => {
      const view = await machineView(db, request.params.id, request.query.record ?? null);
      return desk.show(request, reply, (frame) => machinePage(frame, view));
    },
  );
}

async function machineView(db: Db, id: string, digest: string | null): Promise<MachineView> {
  const machine = await findMachine(db, id);
  const records = await recordsOfMachine(db, id, RECORDS_LISTED);
  const line = digest ? await findRecord(db, digest) : records[0];
  if (!machine || !line || line.machineId !== id) throw new ServerError('not-found');
  const shelved = await drivesOfMachine(db, id);
  return { machine, records, shelved, shown: await shownRecord(db, line) };
}

async function shownRecord(db: Db, line: RecordLine): Promise<MachineView['shown']> {
  const bytes = await recordBytes(db, line.digest);
  if (!bytes) throw new ServerError('not-found');
  const { payload: record } = openAs(RECORD_TYPE, openBytes(bytes).envelope);
  return { line, record, certificates: await certificatesOfRecord(db, line.digest) };
}
