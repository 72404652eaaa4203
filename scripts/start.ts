// `npm start`: the bench server on this machine, and one whole session in rehearsal, from probe to certificate.
import { type ChildProcess, fork, spawn } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { hostname } from 'node:os';
import { join, resolve } from 'node:path';
import { ensure, whatToInstall } from './debian-packages.ts';

type Listening = {
  type: 'listening';
  url: string;
  signInUrl: string;
  signInCode: string;
  pin: string | null;
};

const root = join(import.meta.dirname, '..');
const data = resolve(process.env['REBOND_DATA'] ?? join(root, 'data'));
const shown = data.startsWith(root) ? `.${data.slice(root.length)}` : data;
const children = new Set<ChildProcess>();
let stopping = false;

const say = (line: string): void => void process.stderr.write(`${line}\n`);

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void stop(0));
// A closed window must not end this in the middle: SIGHUP has already begun an orderly stop.
process.stderr.on('error', () => {});
// npm that was killed tells its script nothing: without it, nobody could stop this any more.
const { ppid } = process;
setInterval(() => {
  if (process.env['npm_lifecycle_event'] && process.ppid !== ppid) void stop(0);
}, 1000).unref();

const lacking = ensure(
  [
    { program: 'smartctl', package: 'smartmontools' },
    { program: 'dmidecode', package: 'dmidecode' },
  ],
  say,
);
// The probe is complete without them: what is missing is said in the record.
if (lacking.length > 0) say(whatToInstall(lacking));

mkdirSync(data, { recursive: true, mode: 0o700 });
const { server, listening } = await startServer();
announce(listening);
await pairStick(server, listening);
const status = await rehearse(listening, await codeFrom(server, 'bench-code'));
if (!stopping) {
  if (status !== 0)
    say(
      `\n  La répétition s’est terminée avec le code ${status}. / The rehearsal ended with status ${status}.`,
    );
  announce(listening);
  say(`  Ctrl-C arrête tout ; ${shown} reste.\n  Ctrl-C stops everything; ${shown} stays.\n`);
}

async function startServer(): Promise<{ server: ChildProcess; listening: Listening }> {
  say('▸ Serveur de l’atelier… / Bench server…');
  const server = fork(join(root, 'bench-server/src/main.ts'), [], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    env: { ...process.env, REBOND_DATA: data, REBOND_LOG_LEVEL: process.env['REBOND_LOG_LEVEL'] ?? 'warn' },
    // Its own process group: Ctrl-C reaches it through us, after the rehearsal's record has been sent.
    detached: true,
  });
  keep(server);
  const listening = await new Promise<Listening>((done) => {
    server.on('message', (message: Listening) => {
      if (message.type === 'listening') done(message);
    });
    // It has said why in one sentence.
    server.once('exit', (status) => void stop(status ?? 1));
  });
  return { server, listening };
}

function codeFrom(server: ChildProcess, type: 'bench-code' | 'stick-code'): Promise<string> {
  return new Promise((done) => {
    server.on('message', (message: { type: string; code: string }) => {
      if (message.type === type) done(message.code);
    });
    server.send({ type, bench: hostname() });
  });
}

/** Once: afterwards a session of this machine can be vouched for while the server is down, and reported later. */
async function pairStick(server: ChildProcess, listening: Listening): Promise<void> {
  if (existsSync(join(data, 'stick', 'stick.json')) || stopping) return;
  await agent(['pair'], listening, await codeFrom(server, 'stick-code'));
}

function rehearse(listening: Listening, code: string): Promise<number | null> {
  return agent(['session'], listening, code);
}

/** Runs the agent; the code goes through its environment, where other users cannot read it. */
function agent(args: string[], { url, pin }: Listening, code: string): Promise<number | null> {
  const child = spawn(process.execPath, [join(root, 'agent/src/main.ts'), ...args], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
    env: {
      ...process.env,
      REBOND_HOME: join(data, 'stick'),
      REBOND_SERVER: url,
      REBOND_CODE: code,
      ...(pin ? { REBOND_PIN: pin } : {}),
    },
    detached: true,
  });
  keep(child);
  return new Promise((done) => void child.once('exit', (status) => done(status)));
}

/** Values on lines of their own: they stay whole on a narrow terminal. */
function announce({ url, signInUrl, pin }: Listening): void {
  say(`
  L’atelier est ouvert / The workshop is open:
    ${url}
  Connexion, une seule fois / One-time sign-in:
    ${signInUrl}${pin ? `\n  Empreinte de sa clé / Its key’s pin:\n    ${pin}` : ''}
`);
}

function keep(child: ChildProcess): void {
  children.add(child);
  child.once('exit', () => children.delete(child));
}

/** The agent first, so that its last record still finds the server; then the server. */
async function stop(status: number): Promise<void> {
  if (stopping) return;
  stopping = true;
  if (children.size > 0) say('\n  Arrêt… / Stopping…');
  for (const child of [...children].toReversed()) await end(child);
  process.exit(status);
}

function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((done) => {
    const hard = setTimeout(() => child.kill('SIGKILL'), 10_000);
    child.once('exit', () => {
      clearTimeout(hard);
      done();
    });
    child.kill('SIGTERM');
  });
}
