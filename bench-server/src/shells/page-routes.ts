import type { Codes } from '../auth/codes.ts';
import { visitorOf } from '../auth/guards.ts';
import { BareForm } from '../auth/routes.ts';
import type { Db } from '../db/schema.ts';
import { type App, perMinute } from '../http.ts';
import type { Desk } from '../pages/desk.ts';
import { readTally } from '../records/refused.ts';
import { shellsPage } from './pages.ts';
import { listOpenings } from './queries.ts';
import { REFUSED_SHELLS } from './routes.ts';

/** The lead's page of shells: a code for one, and every one that was opened. */
export function shellPages(app: App, desk: Desk, db: Db, codes: Codes): void {
  const view = async (code: string | null) => ({
    code,
    openings: await listOpenings(db),
    refused: await readTally(db, REFUSED_SHELLS),
  });
  app.get('/shells', { onRequest: desk.may.lead }, async (request, reply) => {
    const shown = await view(null);
    return desk.show(request, reply, (frame) => shellsPage(frame, shown));
  });
  app.post(
    '/shells/code',
    {
      onRequest: desk.may.lead,
      preHandler: desk.form,
      config: perMinute(20),
      schema: { body: BareForm },
    },
    async (request, reply) => {
      const { person } = visitorOf(request);
      const shown = await view(await codes.make('shell', person.id));
      request.log.warn({ lead: person.id }, 'shell code made');
      return desk.show(request, reply, (frame) => shellsPage(frame, shown));
    },
  );
}
