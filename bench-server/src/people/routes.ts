import { Id } from '@rebond/protocol';
import { z } from 'zod';
import { type Codes, HANDED_OVER_MINUTES } from '../auth/codes.ts';
import { visitorOf } from '../auth/guards.ts';
import {
  checkPassphrase,
  hashPassphrase,
  LONGEST_PASSPHRASE,
  SHORTEST_PASSPHRASE,
} from '../auth/passphrase.ts';
import { BareForm, FORM_TOKEN, must } from '../auth/routes.ts';
import type { WebSessions } from '../auth/web-session.ts';
import type { Db, Person } from '../db/schema.ts';
import { type App, perMinute } from '../http.ts';
import type { Desk } from '../pages/desk.ts';
import { html } from '../pages/html.ts';
import { accountPage, peoplePage } from './pages.ts';
import { addPerson, disablePerson, enablePerson, findPerson, listPeople, setPassphrase } from './queries.ts';

const NewPerson = z.strictObject({
  ...FORM_TOKEN,
  name: z.string().max(200),
  role: z.enum(['technician', 'admin']),
});
const ById = z.strictObject({ id: Id });

/** The lead's page of people. */
export function peopleRoutes(app: App, desk: Desk, db: Db, codes: Codes, now: () => Date): void {
  const forms = { onRequest: desk.may.lead, preHandler: desk.form };
  const handOver = async (person: Person): Promise<{ person: Person; code: string }> => {
    await codes.withdraw(person.id, 'sign-in');
    return { person, code: await codes.make('sign-in', person.id, HANDED_OVER_MINUTES) };
  };

  app.get('/people', { onRequest: desk.may.lead }, async (request, reply) => {
    const people = await listPeople(db);
    return desk.show(request, reply, (frame) => peoplePage(frame, people, null));
  });
  app.post('/people', { ...forms, schema: { body: NewPerson } }, async (request, reply) => {
    const { name, role } = request.body;
    const handed = await handOver(await addPerson(db, name, role, now()));
    request.log.info({ person: handed.person.id }, 'person added');
    const people = await listPeople(db);
    return desk.show(request, reply.code(201), (frame) => peoplePage(frame, people, handed));
  });
  app.post(
    '/people/:id/code',
    { ...forms, schema: { params: ById, body: BareForm } },
    async (request, reply) => {
      const person = await findPerson(db, request.params.id);
      must(person && !person.disabledAt, 'not-found');
      const handed = await handOver(person);
      const people = await listPeople(db);
      return desk.show(request, reply, (frame) => peoplePage(frame, people, handed));
    },
  );
  app.post(
    '/people/:id/disable',
    { ...forms, schema: { params: ById, body: BareForm } },
    async (request, reply) => {
      const { id } = request.params;
      must(id !== visitorOf(request).person.id, 'last-lead');
      await disablePerson(db, id, now());
      request.log.info({ person: id }, 'person disabled');
      return reply.redirect('/people', 303);
    },
  );
  app.post(
    '/people/:id/enable',
    { ...forms, schema: { params: ById, body: BareForm } },
    async (request, reply) => {
      await enablePerson(db, request.params.id);
      return reply.redirect('/people', 303);
    },
  );
}

const Passphrase = z.string().max(LONGEST_PASSPHRASE);
const NewPassphrase = z.strictObject({
  ...FORM_TOKEN,
  username: z.string().max(200).optional(),
  current: Passphrase.optional(),
  passphrase: Passphrase,
  again: Passphrase,
});

/** Everybody's own page: the passphrase. */
export function accountRoutes(app: App, desk: Desk, db: Db, sessions: WebSessions): void {
  app.get('/account', { onRequest: desk.may.signedIn }, async (request, reply) =>
    desk.show(request, reply, (frame) => accountPage(frame, visitorOf(request), null)),
  );
  app.post(
    '/account',
    {
      onRequest: desk.may.signedIn,
      preHandler: desk.form,
      config: perMinute(20),
      schema: { body: NewPassphrase },
    },
    async (request, reply) => {
      const { current = '', passphrase, again } = request.body;
      const { person, openedWith, session } = visitorOf(request);
      must(passphrase === again && passphrase.length >= SHORTEST_PASSPHRASE, 'weak-passphrase');
      // Who came in with a one-time code may have forgotten the old one; anybody else shows that they know it.
      const proven = openedWith === 'code' || (await checkPassphrase(current, person.passphrase));
      must(proven, 'bad-sign-in');
      await setPassphrase(db, person.id, await hashPassphrase(passphrase));
      await sessions.closeOthers(person.id, session);
      return desk.show(request, reply, (frame) =>
        accountPage(
          frame,
          visitorOf(request),
          html`<p class="notice good" role="status">
            ${frame.say('Phrase secrète enregistrée.', 'Passphrase saved.')}
          </p>`,
        ),
      );
    },
  );
}
