import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Guards } from '../auth/guards.ts';
import { checkOrigin } from '../auth/guards.ts';
import type { App } from '../http.ts';
import type { Frame, Framer } from './frame.ts';
import { type PageContent, page } from './layout.ts';

/** What a room needs to show pages and take forms. */
export type Desk = {
  may: Guards;
  /** Checks that a form comes from these pages; goes into `preHandler`. */
  form: (request: FastifyRequest, reply: FastifyReply, done: (error?: Error) => void) => void;
  frame: Framer;
  /** Answers with a whole page. */
  show(request: FastifyRequest, reply: FastifyReply, content: (frame: Frame) => PageContent): FastifyReply;
};

export function makeDesk(app: App, may: Guards, frame: Framer): Desk {
  return {
    may,
    frame,
    form(request, reply, done) {
      checkOrigin(request);
      app.csrfProtection(request, reply, done);
    },
    show(request, reply, content) {
      const made = frame(request, reply);
      return reply.type('text/html; charset=utf-8').send(page(made, content(made)));
    },
  };
}
