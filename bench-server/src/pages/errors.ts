import type { Socket } from 'node:net';
import type { App } from '../http.ts';
import type { Guards } from '../auth/guards.ts';
import { type Refusal, refusalOf, refusalOfError } from '../refusals.ts';
import type { Framer } from './frame.ts';
import { html } from './html.ts';
import { page } from './layout.ts';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** Every refusal in one place: JSON for programs, a page for people; never a stack. */
export function answerErrors(app: App, may: Guards, frame: Framer): void {
  const answer = async (refusal: Refusal, request: FastifyRequest, reply: FastifyReply): Promise<unknown> => {
    const { status, code, fr, en } = refusal;
    reply.code(status);
    if (forPrograms(request.url)) {
      return reply
        .header('content-type', 'application/json; charset=utf-8')
        .serializer(JSON.stringify)
        .send({ error: { code, fr, en } });
    }
    if (code === 'sign-in-first' && request.method === 'GET') return reply.redirect('/sign-in', 303);
    if (code === 'wrong-host')
      return reply.header('content-type', 'text/plain; charset=utf-8').send(`${fr}\n${en}\n`);
    await may.anyone(request, reply);
    return reply.type('text/html').send(errorPage(frame(request, reply), refusal));
  };
  app.setNotFoundHandler((request, reply) => answer(refusalOf('not-found'), request, reply));
  app.setErrorHandler((error, request, reply) => {
    const refusal = refusalOfError(error);
    if (!refusal) request.log.error({ err: error }, 'unforeseen error');
    else if (refusal.status >= 500) request.log.error({ err: error }, refusal.code);
    return answer(refusal ?? refusalOf('internal'), request, reply);
  });
}

/** For what the framework refuses before any route or hook of ours is reached. */
export function bareRefusal(_error: Error, _request: FastifyRequest, reply: FastifyReply): void {
  const { status, code, fr, en } = refusalOf('bad-request');
  void reply
    .code(status)
    .headers({ 'content-type': 'application/json; charset=utf-8', 'x-content-type-options': 'nosniff' })
    .serializer(JSON.stringify)
    .send({ error: { code, fr, en } });
}

/** For what is not even HTTP: an answer if the line still carries one, and the end of the line. */
export function refuseConnection(_error: Error, socket: Socket): void {
  if (!socket.writable) return void socket.destroy();
  const { code, fr, en } = refusalOf('bad-request');
  const body = JSON.stringify({ error: { code, fr, en } });
  const head = `HTTP/1.1 400 Bad Request\r\nconnection: close\r\ncontent-type: application/json; charset=utf-8\r\ncontent-length: ${Buffer.byteLength(body)}`;
  socket.end(`${head}\r\n\r\n${body}`);
}

function forPrograms(url: string): boolean {
  return /^\/(?:api\/|healthz|glance|static\/)/.test(url) && !/^\/api\/docs(?:[?#]|$)/.test(url);
}

function errorPage(frame: ReturnType<Framer>, refusal: Refusal): string {
  const { phrase, say } = frame;
  const body = html`<section class="card narrow">
    <p class="lead">${phrase(refusal)}</p>
    <p class="quiet">${say('Code', 'Code')} : <code>${refusal.code}</code></p>
    <p><a class="button" href="/">${say('Revenir à l’atelier', 'Back to the workshop')}</a></p>
  </section>`;
  return page(frame, { title: say('Ce n’est pas possible', 'This is not possible'), here: null, body });
}
