import { buildApp } from './app.ts';
import { CODE_MINUTES, codeBook, HANDED_OVER_MINUTES, type Codes } from './auth/codes.ts';
import { type Config, readConfig } from './config.ts';
import { openDatabase } from './db/open.ts';
import type { Person } from './db/schema.ts';
import { lacksRoom } from './db/room.ts';
import { refuseDamaged } from './db/sound.ts';
import type { App } from './http.ts';
import { openImages } from './images/open.ts';
import { openDataFolder } from './keys/data-folder.ts';
import { openKeys } from './keys/open.ts';
import { keyPassphrase } from './keys/passphrase.ts';
import { openTls, type Tls } from './keys/tls.ts';
import { listen } from './listen.ts';
import { makeLogger } from './log.ts';
import { startNetboot } from './netboot/start.ts';
import { ensureLead } from './people/queries.ts';
import { diskFull, StartRefusal } from './start-refusal.ts';
import { openWorkshop } from './workshops/open.ts';
import { findWorkshop } from './workshops/queries.ts';

const now = (): Date => new Date();

/** What was started, and how to stop it. */
type Running = {
  url: string;
  /** Where laptops boot from; null when that is off. */
  netbootUrl: string | null;
  signInCode: string;
  pin: string | null;
  benchCode(bench: string): Promise<string>;
  stickCode(): Promise<string>;
  shellCode(): Promise<string>;
  stop(): Promise<void>;
};

async function start(config: Config): Promise<Running> {
  process.umask(0o077);
  const folder = await openDataFolder(config.dataFolder);
  await refuseDamaged(folder.database);
  const passphrase = await keyPassphrase(config);
  const db = await openDatabase(folder.database);
  const keys = await openKeys(folder.keys, passphrase, await findWorkshop(db));
  const workshop = await openWorkshop(db, keys, folder.keys, config.workshopName, now());
  const tls = await tlsFor(config, folder.tls);
  const codes = codeBook(db, keys.codeSecret, now);
  const lead = await ensureLead(db, now());
  const logger = makeLogger(config.logLevel);
  const images = openImages(config.imageFolder, logger);
  const { host, publicUrl } = config;
  const app = await buildApp({ db, keys, workshop, codes, tls, host, publicUrl, images, logger, now });
  const url = await listen(app, config, tls !== null);
  const about = { images, workshopId: workshop.ref.id, pin: tls?.pin ?? null, logger };
  const netboot = await startNetboot(config, url, about);
  return {
    url,
    netbootUrl: netboot?.url ?? null,
    signInCode: await leadCode(codes, lead),
    pin: tls?.pin ?? null,
    benchCode: (bench) => codes.make('bench', lead.id, CODE_MINUTES, bench),
    stickCode: () => codes.make('stick', lead.id),
    shellCode: () => codes.make('shell', lead.id),
    stop: () => stop([app, ...(netboot ? [netboot.app] : [])], () => db.destroy()),
  };
}

/** A new way in for the lead at each start; the one of an earlier start is taken back. */
async function leadCode(codes: Codes, lead: Person): Promise<string> {
  await codes.withdraw(lead.id, 'sign-in');
  return await codes.make('sign-in', lead.id, lead.signedInAt ? CODE_MINUTES : HANDED_OVER_MINUTES);
}

const GRACE = 2000;

/** Beyond loopback only HTTPS is spoken, and so it is where the settings say that laptops come by HTTPS. */
async function tlsFor({ loopback, host, publicUrl }: Config, folder: string): Promise<Tls | null> {
  if (loopback && publicUrl === null) return null;
  const outside = publicUrl === null ? [] : [new URL(publicUrl).hostname.replace(/^\[|\]$/g, '')];
  return await openTls(folder, host, ...outside);
}

/** Lets what is under way finish for a moment, then ends it. */
async function stop(
  apps: readonly Pick<App, 'close' | 'server'>[],
  closeDatabase: () => Promise<void>,
): Promise<void> {
  const impatience = setTimeout(() => {
    for (const { server } of apps) server.closeAllConnections();
  }, GRACE);
  await Promise.all(apps.map((app) => app.close()));
  clearTimeout(impatience);
  await closeDatabase();
}

/** Speaks to whoever started this: the start script by messages, a person by lines. */
function announce(running: Running): void {
  const signInUrl = `${running.url}/sign-in#${running.signInCode}`;
  const { url, netbootUrl, signInCode, pin } = running;
  if (process.send) {
    process.send({ type: 'listening', url, netbootUrl, signInUrl, signInCode, pin });
    return;
  }
  const lines = [
    `Rebond : ${url}`,
    `Connexion / sign in: ${signInUrl}`,
    `Code (une fois / once): ${signInCode}`,
    ...(netbootUrl ? [`Démarrage réseau / network boot: ${netbootUrl}`] : []),
    ...(pin ? [`Empreinte TLS / TLS pin: ${pin}`] : []),
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}

function listenToStarter(running: Running, end: () => void): void {
  process.once('SIGTERM', end);
  process.once('SIGINT', end);
  process.once('disconnect', end);
  process.on('message', (message: unknown) => {
    const asked = message as { type?: unknown; bench?: unknown } | null;
    const bench = typeof asked?.bench === 'string' ? asked.bench.slice(0, 256) : '';
    const answer = (type: string) => (code: string) => void process.send?.({ type, code });
    if (asked?.type === 'bench-code') void running.benchCode(bench).then(answer('bench-code'));
    if (asked?.type === 'stick-code') void running.stickCode().then(answer('stick-code'));
    if (asked?.type === 'shell-code') void running.shellCode().then(answer('shell-code'));
  });
}

try {
  const running = await start(readConfig(process.env)).catch((error: unknown) => {
    throw lacksRoom(error) ? diskFull(error) : error;
  });
  let ending = false;
  listenToStarter(running, () => {
    if (ending) return;
    ending = true;
    void running.stop().then(() => process.exit(0));
  });
  announce(running);
} catch (error) {
  if (!(error instanceof StartRefusal)) throw error;
  process.stderr.write(`${error.fr}\n${error.en}\n`);
  process.exitCode = 1;
  process.exit();
}
