import { type PersonRef, Uuid, type Validation } from '@rebond/protocol';
import { z } from 'zod';
import { visitorOf } from '../auth/guards.ts';
import { FORM_TOKEN } from '../auth/routes.ts';
import type { CertificateRow, Db } from '../db/schema.ts';
import type { App } from '../http.ts';
import { serverClock } from '../keys/certify.ts';
import type { Desk } from '../pages/desk.ts';
import { findRecord } from '../records/queries.ts';
import { ServerError } from '../refusals.ts';
import { decideCertificate, decideRecord, openCertificate, signedBy } from './decide.ts';
import type { Issuer } from './issue.ts';
import { documentFiles } from './files.ts';
import { certificateListPage } from './list-page.ts';
import { certificatePage } from './pages.ts';
import { certificatePdf } from './pdf.ts';
import { findCertificate, listCertificates } from './queries.ts';

const ById = z.strictObject({ id: Uuid });

export function certificateFiles(app: App, desk: Desk, db: Db): void {
  documentFiles(app, desk, {
    ...{ plural: 'certificates', called: 'A certificate' },
    find: async (id) => (await certificate(db, id)).bytes,
    pdf: (bytes) => certificatePdf({ envelopeBytes: bytes, ...signedBy(bytes) }),
  });
}

const Page = z.coerce.number().int().min(1).max(100_000).default(1);
const ListWishes = z.object({
  outcome: z.enum(['', 'done', 'failed', 'unknown']).default(''),
  decision: z.enum(['', 'pending', 'approved', 'rejected']).default(''),
  page: Page,
});

export function certificatePages(app: App, desk: Desk, db: Db): void {
  app.get(
    '/certificates',
    { onRequest: desk.may.signedIn, schema: { querystring: ListWishes } },
    async (request, reply) => {
      const { outcome, decision, page } = request.query;
      const wishes = { outcome: outcome || null, decision: decision || null, page };
      const found = await listCertificates(db, wishes);
      return desk.show(request, reply, (frame) => certificateListPage(frame, { ...found, wishes }));
    },
  );
  app.get(
    '/certificates/:id',
    { onRequest: desk.may.signedIn, schema: { params: ById } },
    async (request, reply) => {
      const row = await certificate(db, request.params.id);
      return desk.show(request, reply, (frame) => certificatePage(frame, row, openCertificate(row.bytes)));
    },
  );
}

const Decision = z.strictObject({
  ...FORM_TOKEN,
  decision: z.enum(['approved', 'rejected']),
  why: z.string().max(4000).default(''),
});

/** The lead's decisions, each a new signed document. */
export function decisionRoutes(app: App, desk: Desk, db: Db, issuer: Issuer, now: () => Date): void {
  const forms = { onRequest: desk.may.lead, preHandler: desk.form };
  app.post(
    '/certificates/:id/decision',
    { ...forms, schema: { params: ById, body: Decision } },
    async (request, reply) => {
      const { params, body } = request;
      const row = await certificate(db, params.id);
      const id = await decideCertificate(
        db,
        issuer,
        params.id,
        validation(body, visitorOf(request).person, now()),
        now(),
      );
      request.log.info({ certificate: id, decision: body.decision }, 'certificate decided');
      return reply.redirect(`/machines/${row.machineId}?record=${row.recordDigest}`, 303);
    },
  );
  const ByDigest = z.strictObject({ digest: z.string().regex(/^[0-9a-f]{64}$/) });
  app.post(
    '/records/:digest/decision',
    { ...forms, schema: { params: ByDigest, body: Decision } },
    async (request, reply) => {
      const { params, body } = request;
      const record = await findRecord(db, params.digest);
      if (!record) throw new ServerError('not-found');
      await decideRecord(
        db,
        issuer,
        params.digest,
        validation(body, visitorOf(request).person, now()),
        now(),
      );
      request.log.info({ record: params.digest, decision: body.decision }, 'record decided');
      return reply.redirect(`/machines/${record.machineId}?record=${params.digest}`, 303);
    },
  );
}

function validation(
  { decision, why }: z.infer<typeof Decision>,
  { id, name }: PersonRef,
  now: Date,
): Exclude<Validation, { decision: 'pending' }> {
  const decided = { person: { id, name }, at: serverClock(now) };
  if (decision === 'approved') return { decision, ...decided };
  if (why.trim() === '') throw new ServerError('reason-needed');
  return { decision, ...decided, why: why.trim() };
}

async function certificate(db: Db, id: string): Promise<CertificateRow> {
  const found = await findCertificate(db, id);
  if (!found) throw new ServerError('not-found');
  return found;
}
