import cookie from '@fastify/cookie';
import csrf from '@fastify/csrf-protection';
import formbody from '@fastify/formbody';
import helmet from '@fastify/helmet';
import rateLimit from '@fastify/rate-limit';
import Fastify, { type FastifyHttpOptions, LogController } from 'fastify';
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod';
import type { Logger } from 'pino';
import type { Codes } from './auth/codes.ts';
import { guards, type Guards } from './auth/guards.ts';
import { hostCheck } from './auth/hosts.ts';
import { webSessions } from './auth/web-session.ts';
import { documentInterface } from './docs/routes.ts';
import type { Db } from './db/schema.ts';
import { healthRoute } from './health.ts';
import type { App } from './http.ts';
import { type Images, NO_IMAGES } from './images/open.ts';
import { imageRoutes } from './images/routes.ts';
import { journalRoutes } from './journals/routes.ts';
import { signReceipt } from './keys/certify.ts';
import type { Keys } from './keys/open.ts';
import type { Tls } from './keys/tls.ts';
import { logRequests } from './log.ts';
import { answerErrors, bareRefusal, refuseConnection } from './pages/errors.ts';
import { framer } from './pages/frame.ts';
import { pageRoutes } from './pages/routes.ts';
import { catchUp } from './quarantine/store.ts';
import { recordFileRoute, submitRoute } from './records/routes.ts';
import { recordStore } from './records/store.ts';
import { submitter } from './records/submit.ts';
import { sessionKnown } from './sessions/queries.ts';
import { sessionRoutes } from './sessions/routes.ts';
import type { Standing } from './sessions/standing.ts';
import { shellRoutes } from './shells/routes.ts';
import { stickState } from './sticks/queries.ts';
import { stickRoutes } from './sticks/routes.ts';
import type { Workshop } from './workshops/open.ts';
import { workshopRoutes } from './workshops/routes.ts';

/** What the server is made of; `main.ts` and tests wire it. */
export type Parts = {
  db: Db;
  keys: Keys;
  workshop: Workshop;
  codes: Codes;
  tls: Tls | null;
  /** The address to listen on: it decides which names the server answers to. */
  host: string;
  /** What laptops call this server, if that is not where it listens. */
  publicUrl?: string | null;
  /** The live image to offer; none unless given. */
  images?: Images;
  logger: Logger;
  now: () => Date;
};

/** The whole server, not listening yet. */
export async function buildApp(parts: Parts): Promise<App> {
  await catchUp(parts.db);
  const app = Fastify(serverOptions(parts)) as unknown as App;
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  logRequests(app);
  await securityRules(app, parts);
  const sessions = webSessions(parts.db, parts.now);
  // Browsers share cookies between ports: two servers on one machine must not sign each other's people out.
  const cookie = { name: `rebond-${parts.workshop.ref.id}`, secure: parts.tls !== null };
  const may = guards(app, sessions, cookie.name);
  const frame = framer(parts.workshop, parts.tls?.pin ?? null, parts.tls !== null);
  answerErrors(app, may, frame);
  await documentInterface(app, parts.workshop);
  await laptopRoutes(app, parts, may);
  const issuer = { workshop: parts.workshop.ref, key: parts.keys.workshop };
  const images = parts.images ?? NO_IMAGES;
  await pageRoutes(app, { ...parts, issuer, images, sessions, cookie, may, frame });
  return app;
}

const MEGABYTE = 1024 * 1024;

function serverOptions({ tls, logger }: Parts): FastifyHttpOptions<never> {
  return {
    loggerInstance: logger,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: MEGABYTE / 16,
    requestTimeout: 60_000,
    routerOptions: { maxParamLength: 200 },
    forceCloseConnections: 'idle',
    frameworkErrors: bareRefusal,
    clientErrorHandler: refuseConnection,
    ...(tls ? { https: { key: tls.key, cert: tls.cert, minVersion: 'TLSv1.2' } } : {}),
  };
}

const CONTENT_SECURITY_POLICY = {
  defaultSrc: ["'none'"],
  scriptSrc: ["'self'"],
  styleSrc: ["'self'"],
  imgSrc: ["'self'"],
  connectSrc: ["'self'"],
  formAction: ["'self'"],
  baseUri: ["'none'"],
  frameAncestors: ["'none'"],
};

async function securityRules(app: App, { host, tls, publicUrl }: Parts): Promise<void> {
  app.addHook('onRequest', hostCheck(host, publicUrl));
  await app.register(helmet, {
    contentSecurityPolicy: { useDefaults: false, directives: CONTENT_SECURITY_POLICY },
    referrerPolicy: { policy: 'no-referrer' },
    // The certificate is self-signed: a browser that remembers HSTS would let nobody in after the first warning.
    strictTransportSecurity: false,
  });
  app.addHook('onRequest', async (_, reply) => {
    reply.header('cache-control', 'no-store');
  });
  await app.register(rateLimit, { max: 1000, timeWindow: 1000 });
  await app.register(cookie);
  await app.register(formbody, { bodyLimit: MEGABYTE / 64 });
  const cookieOpts = { path: '/', httpOnly: true, sameSite: 'strict', secure: tls !== null } as const;
  await app.register(csrf, { cookieKey: 'rebond-form', cookieOpts, logLevel: 'debug' });
}

async function laptopRoutes(app: App, parts: Parts, may: Guards): Promise<void> {
  const { db, keys, workshop, codes, now } = parts;
  healthRoute(app, db);
  workshopRoutes(app, workshop, now);
  sessionRoutes(app, db, codes, keys.server, workshop, now);
  stickRoutes(app, db, codes, keys.server, workshop, now);
  const standing = standingOf(parts);
  await submitRoute(app, db, submitterOf(parts, standing), workshop.serverChain, now);
  await journalRoutes(app, db, standing, keys.server, workshop, now);
  imageRoutes(app, parts.images ?? NO_IMAGES, keys.server, workshop, now);
  shellRoutes(app, db, codes, standing, keys.server, workshop, now);
  recordFileRoute(app, db, may.signedIn);
}

/** Whom this server believes: the sessions that it or one of its sticks vouched for. */
function standingOf({ db, keys, workshop }: Parts): Standing {
  return {
    workshopId: workshop.ref.id,
    anchor: workshop.anchor,
    serverKey: keys.server.publicKey,
    sessionKnown: (sessionId, publicKey) => sessionKnown(db, sessionId, publicKey),
    stick: (publicKey) => stickState(db, publicKey),
  };
}

function submitterOf({ db, keys, workshop, now }: Parts, standing: Standing): ReturnType<typeof submitter> {
  return submitter(
    standing,
    { workshop: workshop.ref, key: keys.workshop },
    recordStore(db),
    ({ digest }, { receivedAt, unconfirmed }) =>
      signReceipt(keys.server, {
        recordSha256: digest,
        audience: workshop.ref.id,
        receivedAt: { wall: receivedAt, timeSource: 'server' },
        confirmed: !unconfirmed,
      }),
    now,
  );
}
