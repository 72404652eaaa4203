import { Envelope, PublicKey, type SigningKey, WorkshopRef } from '@rebond/protocol';
import { z } from 'zod';
import type { Codes } from '../auth/codes.ts';
import type { Db } from '../db/schema.ts';
import { type App, perMinute, refusals } from '../http.ts';
import { TypedCode } from '../sessions/routes.ts';
import type { Workshop } from '../workshops/open.ts';
import { pairStick } from './queries.ts';

const StickAsked = z.strictObject({
  publicKey: PublicKey,
  code: TypedCode.describe('Made by the lead on the page of sticks; a laptop’s code does not do.'),
});

const StickAnswer = z.object({
  chain: z.array(Envelope).describe('The stick certificate, then the server certificate.'),
  anchor: PublicKey,
  workshop: WorkshopRef,
});

/** A stick is paired, so that it can vouch for sessions where there is no network. */
export function stickRoutes(
  app: App,
  db: Db,
  codes: Codes,
  serverKey: SigningKey,
  workshop: Workshop,
  now: () => Date,
): void {
  app.post(
    '/api/sticks',
    {
      config: perMinute(30),
      bodyLimit: 4 * 1024,
      schema: {
        tags: ['laptops'],
        summary: 'Pair a stick',
        body: StickAsked,
        response: { 201: StickAnswer, ...refusals(400, 401, 413, 415, 422, 429) },
      },
    },
    async ({ body, log }, reply) => {
      const { chain } = await pairStick(db, codes, serverKey, workshop, body, now());
      log.info('stick paired');
      reply.code(201);
      return { chain, anchor: workshop.anchor, workshop: workshop.ref };
    },
  );
}
