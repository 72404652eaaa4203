import {
  Clock,
  Envelope,
  PublicKey,
  type TrustFile,
  TrustFile as TrustFileShape,
  WorkshopRef,
} from '@rebond/protocol';
import { z } from 'zod';
import type { App } from '../http.ts';
import { serverClock } from '../keys/certify.ts';
import type { Workshop } from './open.ts';

const WorkshopAnswer = z.object({
  workshop: WorkshopRef,
  anchor: PublicKey.describe('The workshop key. Believe it only after comparing it by another way.'),
  serverChain: z.array(Envelope).describe('The workshop key’s certificate for the server key.'),
  time: Clock,
});

/** Who this server is. Public: none of it is secret, and none of it is to be believed for having come from here. */
export function workshopRoutes(app: App, workshop: Workshop, now: () => Date): void {
  app.get(
    '/api/workshop',
    {
      schema: {
        tags: ['workshop'],
        summary: 'The workshop, its key, and the time',
        response: { 200: WorkshopAnswer },
      },
    },
    async () => ({
      workshop: workshop.ref,
      anchor: workshop.anchor,
      serverChain: workshop.serverChain,
      time: serverClock(now()),
    }),
  );
  app.get(
    '/api/trust',
    {
      schema: {
        tags: ['workshop'],
        summary: 'A trust file for verifying offline; compare its fingerprint by another way',
        response: { 200: TrustFileShape },
      },
    },
    async (_, reply) => {
      reply.header('content-disposition', `attachment; filename="rebond-trust-${workshop.ref.id}.json"`);
      return trustFile(workshop);
    },
  );
}

function trustFile({ ref, anchor }: Workshop): TrustFile {
  return { schema: 'rebond.trust/1', anchors: [{ workshop: ref, publicKey: anchor }] };
}
