import { certificateFileName, Uuid } from '@rebond/protocol';
import { z } from 'zod';
import { type App, refusals } from '../http.ts';
import type { Desk } from '../pages/desk.ts';
import { ExactBytes } from '../records/routes.ts';

type Kind = {
  /** Of the addresses: `/api/PLURAL/ID.json` and `.pdf`. */
  plural: string;
  /** In the list of addresses, with its article. */
  called: string;
  /** The signed bytes. Throws ServerError not-found. */
  find: (id: string) => Promise<Uint8Array>;
  pdf: (bytes: Uint8Array) => Promise<Uint8Array>;
};

/** The files of one kind of certificate, for signed-in people: the signed bytes, and their view on paper. */
export function documentFiles(app: App, desk: Desk, { plural, called, find, pdf }: Kind): void {
  const options = (summary: string) => ({
    onRequest: desk.may.signedIn,
    schema: {
      ...{ tags: ['documents'], summary, params: z.strictObject({ id: Uuid }) },
      response: { 200: ExactBytes, ...refusals(400, 401, 404) },
    },
  });
  const attached = (id: string, ending: string): string =>
    `attachment; filename="${certificateFileName(id)}.${ending}"`;
  app.get(
    `/api/${plural}/:id.json`,
    options(`${called}, the signed bytes`),
    async ({ params: { id } }, reply) => {
      const bytes = await find(id);
      reply.header('content-disposition', attached(id, 'json'));
      return reply.header('content-type', 'application/vnd.rebond.envelope+json').send(Buffer.from(bytes));
    },
  );
  const asPdf = options(`${called} as a PDF, the signed bytes attached`);
  app.get(`/api/${plural}/:id.pdf`, asPdf, async ({ params: { id } }, reply) => {
    const made = await pdf(await find(id));
    reply.header('content-disposition', attached(id, 'pdf'));
    return reply.header('content-type', 'application/pdf').send(made);
  });
}
