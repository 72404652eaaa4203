import { Clock, Envelope, type SigningKey, PublicKey, WorkshopRef } from '@rebond/protocol';
import { z } from 'zod';
import type { Codes } from '../auth/codes.ts';
import type { Db } from '../db/schema.ts';
import { type App, perMinute, refusals } from '../http.ts';
import { serverClock } from '../keys/certify.ts';
import type { Workshop } from '../workshops/open.ts';
import { openSession } from './open.ts';

/** Any text: what cannot be a code is a wrong code, not a wrong shape. The limit on bodies bounds it. */
export const TypedCode = z.string();

const SessionAsked = z.strictObject({
  request: Envelope.describe('A session request, signed by the session key itself.'),
  signIn: z.strictObject({ code: TypedCode.describe('From the button “new laptop” of the bench page.') }),
});

const SessionAnswer = z.object({
  chain: z.array(Envelope).describe('The session certificate, then the server certificate.'),
  workshop: WorkshopRef,
  anchor: PublicKey,
  time: Clock,
});

/** A laptop asks for its session key to be certified. */
export function sessionRoutes(
  app: App,
  db: Db,
  codes: Codes,
  serverKey: SigningKey,
  workshop: Workshop,
  now: () => Date,
): void {
  app.post(
    '/api/sessions',
    {
      config: perMinute(120),
      bodyLimit: 64 * 1024,
      schema: {
        tags: ['laptops'],
        summary: 'Open a session: certify a laptop’s key for 24 hours',
        body: SessionAsked,
        response: { 201: SessionAnswer, ...refusals(400, 401, 409, 413, 415, 422, 429) },
      },
    },
    async ({ body, log }, reply) => {
      const asked = { request: body.request, code: body.signIn.code };
      const { chain } = await openSession(db, codes, serverKey, workshop, asked, now());
      log.info('bench session opened');
      reply.code(201);
      return { chain, workshop: workshop.ref, anchor: workshop.anchor, time: serverClock(now()) };
    },
  );
}
