import type { FastifyReply, FastifyRequest } from 'fastify';
import type { App } from '../http.ts';
import { ServerError } from '../refusals.ts';
import type { Visitor, WebSessions } from './web-session.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who is signed in; null for nobody. Set by a guard. */
    visitor: Visitor | null;
  }
  interface FastifyContextConfig {
    /** The page asks this by itself: it keeps nobody signed in. */
    unattended?: boolean;
  }
}

export type Guard = (request: FastifyRequest, reply: FastifyReply) => Promise<void>;
export type Guards = {
  /** Notes who is signed in, and asks nothing of them. */
  anyone: Guard;
  /** @throws ServerError sign-in-first */
  signedIn: Guard;
  /** @throws ServerError sign-in-first, not-allowed */
  lead: Guard;
};

export function guards(app: App, sessions: WebSessions, cookie: string): Guards {
  app.decorateRequest('visitor', null);
  const anyone: Guard = async (request) => {
    const token = request.cookies[cookie];
    if (!token || request.visitor) return;
    request.visitor = await sessions.find(token, !request.routeOptions.config.unattended);
  };
  const signedIn: Guard = async (request, reply) => {
    await anyone(request, reply);
    if (!request.visitor) throw new ServerError('sign-in-first');
  };
  const lead: Guard = async (request, reply) => {
    await signedIn(request, reply);
    if (request.visitor?.person.role !== 'admin') throw new ServerError('not-allowed');
  };
  return { anyone, signedIn, lead };
}

/** The visitor behind a guard. */
export function visitorOf(request: FastifyRequest): Visitor {
  if (!request.visitor) throw new ServerError('sign-in-first');
  return request.visitor;
}

/**
 * A form must come from these pages. Under `Referrer-Policy: no-referrer` browsers send `Origin: null` with their own
 * forms; `Sec-Fetch-Site` then tells. The token of the form is checked besides.
 * @throws ServerError bad-form
 */
export function checkOrigin({ headers, protocol }: Pick<FastifyRequest, 'headers' | 'protocol'>): void {
  const { origin, host } = headers;
  const site = headers['sec-fetch-site'];
  const own = site === undefined || site === 'same-origin' || site === 'none';
  const named =
    origin === undefined || origin === 'null'
      ? own && (origin === undefined || site !== undefined)
      : origin === `${protocol}://${host}`;
  if (!named || !own) throw new ServerError('bad-form', String(origin));
}
