import { z } from 'zod';
import { lastWriteLackedRoom } from './db/room.ts';
import type { Db } from './db/schema.ts';
import { type App, refusals } from './http.ts';
import { ServerError } from './refusals.ts';
import { findWorkshop } from './workshops/queries.ts';

const Health = z.object({ status: z.literal('ok') });

/** Well is a server that can read, and whose last write did not fail for lack of room. */
export function healthRoute(app: App, db: Db): void {
  const schema = { tags: ['workshop'], response: { 200: Health, ...refusals(507) } };
  app.get('/healthz', { schema }, async () => {
    await findWorkshop(db);
    if (lastWriteLackedRoom(db)) throw new ServerError('disk-full');
    return { status: 'ok' as const };
  });
}
