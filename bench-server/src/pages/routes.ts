import { fileURLToPath } from 'node:url';
import files from '@fastify/static';
import type { Codes } from '../auth/codes.ts';
import type { Guards } from '../auth/guards.ts';
import { type Cookie, signInRoutes } from '../auth/routes.ts';
import type { WebSessions } from '../auth/web-session.ts';
import { benchRoutes } from '../bench/routes.ts';
import type { Issuer } from '../certificates/issue.ts';
import { certificateFiles, certificatePages, decisionRoutes } from '../certificates/routes.ts';
import type { Db } from '../db/schema.ts';
import { interfaceRoutes } from '../docs/routes.ts';
import type { App } from '../http.ts';
import type { Images } from '../images/open.ts';
import { machineRoutes } from '../machines/routes.ts';
import { accountRoutes, peopleRoutes } from '../people/routes.ts';
import { destructionFiles, quarantineRoutes } from '../quarantine/routes.ts';
import { refusedRoutes } from '../records/refused-pages.ts';
import { shellPages } from '../shells/page-routes.ts';
import { stickPages } from '../sticks/page-routes.ts';
import { makeDesk } from './desk.ts';
import type { Framer } from './frame.ts';

type Needs = {
  db: Db;
  codes: Codes;
  issuer: Issuer;
  images: Images;
  publicUrl?: string | null;
  sessions: WebSessions;
  cookie: Cookie;
  may: Guards;
  frame: Framer;
  now: () => Date;
};

/** Every page of the house, each room with what it needs. */
export async function pageRoutes(app: App, needs: Needs): Promise<void> {
  const { db, codes, issuer, images, sessions, cookie, may, frame, now } = needs;
  const desk = makeDesk(app, may, frame);
  await app.register(files, {
    root: fileURLToPath(new URL('static', import.meta.url)),
    prefix: '/static/',
    index: false,
    cacheControl: false,
  });
  signInRoutes(app, desk, db, codes, sessions, cookie, now);
  benchRoutes(app, desk, db, codes, now);
  machineRoutes(app, desk, db);
  certificatePages(app, desk, db);
  certificateFiles(app, desk, db);
  decisionRoutes(app, desk, db, issuer, now);
  quarantineRoutes(app, desk, db, issuer, now);
  destructionFiles(app, desk, db);
  refusedRoutes(app, desk, db, now);
  peopleRoutes(app, desk, db, codes, now);
  accountRoutes(app, desk, db, sessions);
  stickPages(app, desk, db, codes, () => images.state(), now, needs.publicUrl ?? null);
  shellPages(app, desk, db, codes);
  interfaceRoutes(app, desk);
}
