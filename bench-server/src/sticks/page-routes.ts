import { PublicKey } from '@rebond/protocol';
import { z } from 'zod';
import type { Codes } from '../auth/codes.ts';
import { visitorOf } from '../auth/guards.ts';
import { BareForm, FORM_TOKEN } from '../auth/routes.ts';
import type { Db } from '../db/schema.ts';
import type { App } from '../http.ts';
import type { ImageState } from '../images/open.ts';
import type { Desk } from '../pages/desk.ts';
import { ConfigAsked, laptopUrl, stickConfig } from './config.ts';
import { sticksPage } from './pages.ts';
import { listSticks, revokeStick } from './queries.ts';

const Revoked = z.strictObject({ ...FORM_TOKEN, publicKey: PublicKey });

/** The lead's page of sticks, and of the image that they are offered. */
export function stickPages(
  app: App,
  desk: Desk,
  db: Db,
  codes: Codes,
  image: () => ImageState,
  now: () => Date,
  publicUrl: string | null,
): void {
  const forms = { onRequest: desk.may.lead, preHandler: desk.form };
  app.get('/sticks', { onRequest: desk.may.lead }, async (request, reply) => {
    const sticks = await listSticks(db);
    return desk.show(request, reply, (frame) => sticksPage(frame, sticks, image(), null));
  });
  app.post('/sticks/code', { ...forms, schema: { body: BareForm } }, async (request, reply) => {
    const code = await codes.make('stick', visitorOf(request).person.id);
    const server = `${request.protocol}://${request.host}`;
    const sticks = await listSticks(db);
    return desk.show(request, reply, (frame) => sticksPage(frame, sticks, image(), { code, server }));
  });
  app.post('/sticks/config', { ...forms, schema: { body: ConfigAsked } }, async (request, reply) => {
    const code = await codes.make('stick', visitorOf(request).person.id);
    const { workshop, pin } = desk.frame(request, reply);
    const url = laptopUrl(publicUrl, request.protocol, request.host);
    reply.header('content-disposition', 'attachment; filename="config.json"');
    reply.header('cache-control', 'no-store');
    return reply
      .type('application/json; charset=utf-8')
      .send(stickConfig(request.body, { url, pin }, workshop.ref.id, code));
  });
  app.post('/sticks/revoke', { ...forms, schema: { body: Revoked } }, async (request, reply) => {
    await revokeStick(db, request.body.publicKey, now());
    request.log.info('stick revoked');
    return reply.redirect('/sticks', 303);
  });
}
