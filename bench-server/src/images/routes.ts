import { Envelope, Sha256, type SigningKey } from '@rebond/protocol';
import { z } from 'zod';
import { type App, perMinute, refusals } from '../http.ts';
import { serverClock, signImageOffer } from '../keys/certify.ts';
import { ServerError } from '../refusals.ts';
import type { Workshop } from '../workshops/open.ts';
import type { Images } from './open.ts';
import { sendImageFile } from './send-file.ts';

const OfferAnswer = z.object({
  offer: Envelope.describe('The server’s signed offer. A stick takes only what is newer than what it has.'),
  chain: z.array(Envelope).describe('The server certificate.'),
});

/** Sticks ask for a newer image, and fetch its files by their digests. */
export function imageRoutes(
  app: App,
  images: Images,
  serverKey: SigningKey,
  workshop: Workshop,
  now: () => Date,
): void {
  app.get(
    '/api/images/latest',
    {
      config: perMinute(300),
      schema: {
        tags: ['laptops'],
        summary: 'The live image that this workshop offers to its sticks',
        response: { 200: OfferAnswer, ...refusals(404, 429) },
      },
    },
    async () => {
      const offered = await images.offered();
      if (!offered) throw new ServerError('no-image');
      const { manifest } = offered;
      const offer = { audience: workshop.ref.id, manifest, offeredAt: serverClock(now()) };
      return { offer: await signImageOffer(serverKey, offer), chain: workshop.serverChain };
    },
  );
  app.route({
    method: ['GET', 'HEAD'],
    url: '/api/images/files/:sha256',
    config: perMinute(600),
    schema: {
      tags: ['laptops'],
      summary: 'A file of the offered image, by its digest; parts of it by Range',
      params: z.strictObject({ sha256: Sha256 }),
      response: {
        200: z.any().describe('The file.'),
        206: z.any().describe('The part that Range asked for.'),
        ...refusals(400, 404, 416, 429),
      },
    },
    handler: async (request, reply) => {
      const offered = await images.offered();
      const file = offered?.files.find(({ sha256 }) => sha256 === request.params.sha256);
      if (!file) throw new ServerError(offered ? 'not-found' : 'no-image');
      if (!(await sendImageFile(images, file, request, reply))) throw new ServerError('no-image');
      return reply;
    },
  });
}
