import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import type { Db, Person } from '../db/schema.ts';
import { type App, perMinute } from '../http.ts';
import type { Desk } from '../pages/desk.ts';
import { findByName, noteSignIn } from '../people/queries.ts';
import { refusalOf, ServerError } from '../refusals.ts';
import type { Codes } from './codes.ts';
import { visitorOf } from './guards.ts';
import { signInPage } from './pages.ts';
import { checkPassphrase, LONGEST_PASSPHRASE } from './passphrase.ts';
import type { WebSessions } from './web-session.ts';

const Token = { _csrf: z.string().max(200) };
const SignIn = z.union([
  z.strictObject({ ...Token, code: z.string() }),
  z.strictObject({ ...Token, name: z.string().max(80), passphrase: z.string().max(LONGEST_PASSPHRASE) }),
]);

export type Cookie = { name: string; secure: boolean };

export function signInRoutes(
  app: App,
  desk: Desk,
  db: Db,
  codes: Codes,
  sessions: WebSessions,
  cookie: Cookie,
  now: () => Date,
): void {
  // A GET shows the form and uses nothing up: links are fetched by more than people.
  app.get('/sign-in', { onRequest: desk.may.anyone }, async (request, reply) => {
    if (request.visitor) return reply.redirect('/', 303);
    return desk.show(request, reply, (frame) => signInPage(frame, null));
  });

  app.post(
    '/sign-in',
    { config: perMinute(20), preHandler: desk.form, schema: { body: SignIn } },
    async (request, reply) => {
      const { body } = request;
      const person = 'code' in body ? await byCode(codes, body.code) : await byPassphrase(db, body);
      if (!person) {
        const refused = refusalOf('code' in body ? 'bad-code' : 'bad-sign-in');
        request.log.warn('sign-in refused');
        return desk.show(request, reply.code(refused.status), (frame) => signInPage(frame, refused));
      }
      await noteSignIn(db, person.id, now());
      const token = await sessions.open(person.id, 'code' in body ? 'code' : 'passphrase');
      request.log.info({ person: person.id }, 'signed in');
      return setSession(reply, cookie, token).redirect('/', 303);
    },
  );

  app.post('/sign-out', { onRequest: desk.may.signedIn, preHandler: desk.form }, async (request, reply) => {
    await sessions.close(visitorOf(request).session);
    return reply.clearCookie(cookie.name, { path: '/' }).redirect('/sign-in', 303);
  });
}

async function byCode(codes: Codes, code: string): Promise<Person | null> {
  return (await codes.redeem('sign-in', code))?.person ?? null;
}

async function byPassphrase(db: Db, typed: { name: string; passphrase: string }): Promise<Person | null> {
  const person = await findByName(db, typed.name);
  const usable = person && !person.disabledAt ? person.passphrase : null;
  return (await checkPassphrase(typed.passphrase, usable)) ? person : null;
}

function setSession(reply: FastifyReply, { name, secure }: Cookie, token: string): FastifyReply {
  // No age: the server counts idle hours, and closing the browser signs out.
  return reply.setCookie(name, token, { path: '/', httpOnly: true, sameSite: 'strict', secure });
}

/** For a form with nothing but its token. */
export const BareForm = z.strictObject(Token);
export { Token as FORM_TOKEN };

/** Refuses with a sentence unless it holds. */
export function must(holds: unknown, code: ConstructorParameters<typeof ServerError>[0]): asserts holds {
  if (!holds) throw new ServerError(code);
}
