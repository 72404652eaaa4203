import { createHash } from 'node:crypto';
import type { Codes } from '../auth/codes.ts';
import { visitorOf } from '../auth/guards.ts';
import { BareForm } from '../auth/routes.ts';
import type { Db } from '../db/schema.ts';
import { type App, perMinute } from '../http.ts';
import { machineLines } from '../machines/queries.ts';
import type { Desk } from '../pages/desk.ts';
import { openSessions } from '../sessions/queries.ts';
import { benchPage, type BenchView, benchView, codePage } from './pages.ts';
import { glance } from './queries.ts';

export function benchRoutes(app: App, desk: Desk, db: Db, codes: Codes, now: () => Date): void {
  const read = async (): Promise<BenchView> => {
    const at = now();
    const [counts, machines, sessions] = await Promise.all([
      glance(db, at),
      machineLines(db).limit(12).execute(),
      openSessions(db, at, 12),
    ]);
    return { glance: counts, machines, sessions, now: at };
  };

  app.get('/', { onRequest: desk.may.signedIn }, async (request, reply) => {
    const view = await read();
    return desk.show(request, reply, (frame) => benchPage(frame, view));
  });

  // What the open page asks every few seconds; nothing is sent while nothing changed.
  app.get(
    '/glance',
    { onRequest: desk.may.signedIn, config: { unattended: true } },
    async (request, reply) => {
      const { text } = benchView(desk.frame(request, reply), await read());
      const tag = `"${createHash('sha256').update(text).digest('base64url')}"`;
      reply.header('etag', tag);
      if (request.headers['if-none-match'] === tag) return reply.code(304).send();
      return reply.type('text/html; charset=utf-8').send(text);
    },
  );

  app.post(
    '/bench/code',
    {
      onRequest: desk.may.signedIn,
      preHandler: desk.form,
      config: perMinute(120),
      schema: { body: BareForm },
    },
    async (request, reply) => {
      const code = await codes.make('bench', visitorOf(request).person.id);
      const server = `${request.protocol}://${request.host}`;
      return desk.show(request, reply, (frame) => codePage(frame, code, server));
    },
  );
}
