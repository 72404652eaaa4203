import { Envelope, ENVELOPE_MAX, ProtocolError, RECORD_TYPE, Sha256 } from '@rebond/protocol';
import { z } from 'zod';
import type { Guard } from '../auth/guards.ts';
import type { Db } from '../db/schema.ts';
import { anyBytes, bytesOf, exactBodies } from '../exact-body.ts';
import { type App, refusals } from '../http.ts';
import { refusalOfError, ServerError } from '../refusals.ts';
import { recordBytes } from './queries.ts';
import { countRefused, keepRefused } from './refused.ts';
import type { Submitted } from './submit.ts';

const SubmitAnswer = z.object({
  receipt: Envelope.describe('The server’s signed word that exactly these bytes are on its disk.'),
  chain: z.array(Envelope).describe('The server certificate.'),
});

/** Sent as they are stored: no serializer touches them. */
export const ExactBytes = z.any().describe('The exact bytes of the envelope.');

/** Submitting a record: the body is the envelope's exact bytes, kept as they came. */
export async function submitRoute(
  app: App,
  db: Db,
  submit: (bytes: Uint8Array) => Promise<Submitted>,
  chain: Envelope[],
  now: () => Date,
): Promise<void> {
  await exactBodies(app, [RECORD_TYPE], ENVELOPE_MAX, (scope) => {
    scope.addHook('onError', async (_request, _reply, error) => {
      if ((error as { code?: string }).code === 'FST_ERR_CTP_BODY_TOO_LARGE')
        await countRefused(db, 'too-large');
    });
    scope.post(
      '/api/records',
      {
        bodyLimit: ENVELOPE_MAX,
        schema: {
          tags: ['laptops'],
          summary: 'Submit a record; the same record again is answered alike',
          consumes: ['application/vnd.rebond.envelope+json', 'application/json'],
          body: Envelope.describe('The envelope’s exact canonical bytes, at most 2 MiB.'),
          response: {
            200: SubmitAnswer,
            201: SubmitAnswer,
            ...refusals(400, 401, 409, 413, 415, 422, 429, 507),
          },
        },
        validatorCompiler: anyBytes,
      },
      async (request, reply) => {
        const bytes = bytesOf(request.body);
        try {
          const { isNew, receipt } = await submit(bytes);
          reply.code(isNew ? 201 : 200);
          return { receipt, chain };
        } catch (error) {
          await keepAside(db, bytes, error, request.ip, now());
          throw error;
        }
      },
    );
  });
}

/** What is refused for a foreseen reason is kept; an error of ours is not the laptop's doing. */
async function keepAside(
  db: Db,
  bytes: Uint8Array,
  error: unknown,
  address: string,
  now: Date,
): Promise<void> {
  const refusal = refusalOfError(error);
  if (!refusal || refusal.status >= 500) return;
  const detail = error instanceof ProtocolError || error instanceof ServerError ? error.detail : '';
  await keepRefused(db, { bytes, code: refusal.code, detail, address }, now);
}

/** The exact bytes of a record, for signed-in people. */
export function recordFileRoute(app: App, db: Db, signedIn: Guard): void {
  app.get(
    '/api/records/:digest.json',
    {
      onRequest: signedIn,
      schema: {
        tags: ['documents'],
        summary: 'A record, byte for byte as it was received',
        params: z.strictObject({ digest: Sha256 }),
        response: { 200: ExactBytes, ...refusals(400, 401, 404) },
      },
    },
    async ({ params: { digest } }, reply) => {
      const bytes = await recordBytes(db, digest);
      if (!bytes) throw new ServerError('not-found');
      return reply
        .header('content-type', 'application/vnd.rebond.envelope+json')
        .header('content-disposition', `attachment; filename="rebond-record-${digest.slice(0, 16)}.json"`)
        .send(Buffer.from(bytes));
    },
  );
}
