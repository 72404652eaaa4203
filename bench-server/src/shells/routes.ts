import { Envelope, ProtocolError, type SigningKey, visible } from '@rebond/protocol';
import { z } from 'zod';
import type { Codes } from '../auth/codes.ts';
import type { Db } from '../db/schema.ts';
import { type App, perMinute, refusals } from '../http.ts';
import { countRefused } from '../records/refused.ts';
import { ServerError } from '../refusals.ts';
import { TypedCode } from '../sessions/routes.ts';
import type { Standing } from '../sessions/standing.ts';
import type { Workshop } from '../workshops/open.ts';
import { grantShell } from './grant.ts';

const ShellAsked = z.strictObject({
  request: Envelope.describe('A shell request, signed by the session key.'),
  code: TypedCode.describe('Made by the lead on the page of shells; no other code does.'),
});

const ShellAnswer = z.object({
  grant: Envelope.describe('The server’s signed word for this session and this nonce only.'),
  chain: z.array(Envelope).describe('The server certificate.'),
});

/** The tally of requests that were refused, for the lead to see. */
export const REFUSED_SHELLS = 'shell-refused';

/** A laptop asks to open a shell, with a lead's single-use code. */
export function shellRoutes(
  app: App,
  db: Db,
  codes: Codes,
  standing: Standing,
  serverKey: SigningKey,
  workshop: Workshop,
  now: () => Date,
): void {
  app.post(
    '/api/shells',
    {
      config: perMinute(20),
      bodyLimit: 64 * 1024,
      schema: {
        tags: ['laptops'],
        summary: 'Open a shell with a lead’s single-use code; each opening is written down',
        body: ShellAsked,
        response: { 201: ShellAnswer, ...refusals(400, 401, 409, 413, 415, 422, 429, 507) },
      },
    },
    async ({ body, ip, log }, reply) => {
      const asked = { ...body, address: ip };
      const { grant, lead, machineId } = await grantShell(db, codes, serverKey, standing, asked, now()).catch(
        async (error: unknown) => {
          if (error instanceof ServerError || error instanceof ProtocolError) {
            log.warn({ code: error.code, address: visible(ip, 64) }, 'shell refused');
            await countRefused(db, REFUSED_SHELLS);
          }
          throw error;
        },
      );
      log.warn({ lead: lead.id, machine: machineId }, 'shell opened');
      reply.code(201);
      return { grant, chain: workshop.serverChain };
    },
  );
}
