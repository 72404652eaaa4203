import {
  DESTRUCTION_TYPE,
  DestructionMethod,
  FragmentClass,
  openAs,
  openBytes,
  PropertyLabel,
  Sha256,
  Uuid,
} from '@rebond/protocol';
import { z } from 'zod';
import { visitorOf } from '../auth/guards.ts';
import { FORM_TOKEN } from '../auth/routes.ts';
import { documentFiles } from '../certificates/files.ts';
import type { Issuer } from '../certificates/issue.ts';
import type { Db, DestructionRow } from '../db/schema.ts';
import type { App } from '../http.ts';
import type { Desk } from '../pages/desk.ts';
import { ServerError } from '../refusals.ts';
import { destructionPage } from './certificate-page.ts';
import { noteDestruction } from './destroy.ts';
import { drivePage } from './drive-page.ts';
import { quarantinePage } from './list-page.ts';
import { destructionPdf } from './pdf.ts';
import { drivesSeenAgain, findDestruction, findDrive, listDrives, quarantineCounts } from './queries.ts';

const ByKey = z.strictObject({ key: Sha256 });
const ById = z.strictObject({ id: Uuid });
const ListWishes = z.object({
  state: z.enum(['quarantined', 'destroyed']).default('quarantined'),
  page: z.coerce.number().int().min(1).max(100_000).default(1),
});

/** What people see of the quarantine, and the lead's word that a drive was destroyed. */
export function quarantineRoutes(app: App, desk: Desk, db: Db, issuer: Issuer, now: () => Date): void {
  app.get(
    '/quarantine',
    { onRequest: desk.may.signedIn, schema: { querystring: ListWishes } },
    async (request, reply) => {
      const { state, page } = request.query;
      const found = await listDrives(db, state, page);
      const [counts, seenAgain] = [await quarantineCounts(db), await drivesSeenAgain(db)];
      return desk.show(request, reply, (frame) =>
        quarantinePage(frame, { ...found, ...counts, again: seenAgain, state, page }),
      );
    },
  );
  app.get(
    '/quarantine/:key',
    { onRequest: desk.may.signedIn, schema: { params: ByKey } },
    async (request, reply) => {
      const drive = await findDrive(db, request.params.key);
      if (!drive || (drive.state !== 'quarantined' && drive.state !== 'destroyed')) {
        throw new ServerError('not-found');
      }
      return desk.show(request, reply, (frame) => drivePage(frame, drive, now()));
    },
  );
  noteRoute(app, desk, db, issuer, now);
  app.get(
    '/destructions/:id',
    { onRequest: desk.may.signedIn, schema: { params: ById } },
    async (request, reply) => {
      const { bytes, driveKey } = await destruction(db, request.params.id);
      const drive = await findDrive(db, driveKey);
      const { payload } = openAs(DESTRUCTION_TYPE, openBytes(bytes).envelope);
      return desk.show(request, reply, (frame) => destructionPage(frame, payload, drive?.seenAgain ?? null));
    },
  );
}

const Text = z.string().trim().min(1).max(200);
const emptyAsNull = (text: string): string | null => (text.trim() === '' ? null : text.trim().toUpperCase());

const Note = z.strictObject({
  ...FORM_TOKEN,
  method: DestructionMethod,
  fragments: z.string().max(8).transform(emptyAsNull).pipe(FragmentClass.nullable()).default(null),
  on: z.iso.date(),
  place: Text,
  witness: Text,
  slip: Text,
  label: z.string().max(64).transform(emptyAsNull).pipe(PropertyLabel.nullable()).default(null),
});

function noteRoute(app: App, desk: Desk, db: Db, issuer: Issuer, now: () => Date): void {
  app.post(
    '/quarantine/:key/destroyed',
    { onRequest: desk.may.lead, preHandler: desk.form, schema: { params: ByKey, body: Note } },
    async (request, reply) => {
      const { key } = request.params;
      const { method, fragments, on, place, witness, slip, label } = request.body;
      const { id, name } = visitorOf(request).person;
      const statement = { method, fragments, on, place, witness, slip, label };
      const made = await noteDestruction(db, issuer, key, statement, { id, name }, now());
      request.log.info({ destruction: made, method }, 'drive destroyed');
      return reply.redirect(`/destructions/${made}`, 303);
    },
  );
}

export function destructionFiles(app: App, desk: Desk, db: Db): void {
  documentFiles(app, desk, {
    ...{ plural: 'destructions', called: 'A certificate of destruction' },
    find: async (id) => (await destruction(db, id)).bytes,
    pdf: destructionPdf,
  });
}

async function destruction(db: Db, id: string): Promise<DestructionRow> {
  const found = await findDestruction(db, id);
  if (!found) throw new ServerError('not-found');
  return found;
}
