import {
  Envelope,
  ENVELOPE_MAX,
  type JournalReceipt,
  JOURNAL_PART_TYPE,
  LEFT_JOURNALS_REQUEST_TYPE,
  ProtocolError,
  type SigningKey,
  Uuid,
  visible,
} from '@rebond/protocol';
import type { FastifyBaseLogger } from 'fastify';
import { z } from 'zod';
import type { Db } from '../db/schema.ts';
import { anyBytes, bytesOf, exactBodies } from '../exact-body.ts';
import { type App, perMinute, refusals } from '../http.ts';
import { serverClock, signJournalReceipt } from '../keys/certify.ts';
import { ServerError } from '../refusals.ts';
import type { Standing } from '../sessions/standing.ts';
import type { Workshop } from '../workshops/open.ts';
import { acceptLeftRequest, acceptPart } from './accept.ts';
import { type LeftJournal, leftJournals, withoutRecord } from './queries.ts';
import { journalStore } from './store.ts';

const PartAnswer = z.object({
  receipt: Envelope.describe('The server’s signed word on how many lines it holds, and on their digest.'),
  chain: z.array(Envelope).describe('The server certificate.'),
});
const LeftAnswer = z.object({
  journals: z.array(z.object({ sessionId: Uuid, parts: z.array(Envelope) })),
  open: z.array(Uuid).describe('Those of the sessions asked for (`onStick`) that no record gave account of.'),
});

/** Twenty laptops behind one address, each writing a line every second. */
const PARTS_A_MINUTE = 1200;

/** Laptops hand over their journals line by line, and ask for those that were cut off. */
export async function journalRoutes(
  app: App,
  db: Db,
  standing: Standing,
  serverKey: SigningKey,
  workshop: Workshop,
  now: () => Date,
): Promise<void> {
  const store = journalStore(db);
  await exactBodies(app, [JOURNAL_PART_TYPE], ENVELOPE_MAX, (scope) => {
    scope.post('/api/journals', PART, async ({ body, log }) => {
      const accepted = await acceptPart(bytesOf(body), standing).catch(noting(log));
      const at = now();
      const held = await store(accepted, at).catch(noting(log));
      const { audience, sessionId } = accepted.part;
      const receipt: Omit<JournalReceipt, 'schema'> = {
        audience,
        sessionId,
        ...held,
        receivedAt: serverClock(at),
      };
      return { receipt: await signJournalReceipt(serverKey, receipt), chain: workshop.serverChain };
    });
  });
  await exactBodies(app, [LEFT_JOURNALS_REQUEST_TYPE], ENVELOPE_MAX / 8, (scope) => {
    scope.post('/api/journals/left', LEFT, async ({ body, log }, reply) => {
      const asked = await acceptLeftRequest(bytesOf(body), standing, now()).catch(noting(log));
      const left = await leftJournals(db, asked.machineId, asked.sessionId);
      // Bytes pass by the serializer, whatever the schema promises.
      const bytes: unknown = asJson(left, await withoutRecord(db, asked.onStick));
      reply.header('content-type', 'application/json; charset=utf-8');
      return reply.send(bytes as z.infer<typeof LeftAnswer>);
    });
  });
}

const PART = {
  config: perMinute(PARTS_A_MINUTE),
  bodyLimit: ENVELOPE_MAX,
  validatorCompiler: anyBytes,
  schema: {
    tags: ['laptops'],
    summary: 'Append to a session’s journal; the same lines again are answered alike',
    consumes: ['application/json', 'application/vnd.rebond.envelope+json'],
    body: Envelope.describe('A journal part, signed by the session key: its exact canonical bytes.'),
    response: { 200: PartAnswer, ...refusals(400, 401, 409, 413, 415, 422, 429, 507) },
  },
};

const LEFT = {
  config: perMinute(60),
  bodyLimit: ENVELOPE_MAX / 8,
  validatorCompiler: anyBytes,
  schema: {
    tags: ['laptops'],
    summary: 'The journals of this machine’s earlier sessions that no record gave account of',
    consumes: ['application/json', 'application/vnd.rebond.envelope+json'],
    body: Envelope.describe('A request for left journals, signed by the session key.'),
    response: {
      200: LeftAnswer.describe('Newest first, at most 16 and 16 MiB. Parts are in order and may overlap.'),
      ...refusals(400, 401, 413, 415, 422, 429),
    },
  },
};

/** Refused parts are not kept aside like records: the laptop has them, and the log says why. */
function noting(log: FastifyBaseLogger): (error: unknown) => never {
  return (error) => {
    if (error instanceof ProtocolError || error instanceof ServerError) {
      log.warn({ code: error.code, detail: visible(error.detail ?? '', 200) }, 'journal refused');
    }
    throw error;
  };
}

/** The parts go out as they came in: no serializer touches them. */
function asJson(left: readonly LeftJournal[], open: readonly string[]): Buffer {
  const pieces: (Uint8Array | string)[] = ['{"journals":['];
  for (const [index, { sessionId, parts }] of left.entries()) {
    pieces.push(`${index > 0 ? ',' : ''}{"sessionId":${JSON.stringify(sessionId)},"parts":[`);
    for (const [part, bytes] of parts.entries()) pieces.push(part > 0 ? ',' : '', bytes);
    pieces.push(']}');
  }
  pieces.push(`],"open":${JSON.stringify(open)}}`);
  return Buffer.concat(pieces.map((piece) => Buffer.from(piece as string)));
}
