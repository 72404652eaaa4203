import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, readdir, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { createHash, X509Certificate } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openLaptop } from '../../test-fixtures/laptops.ts';
import { recordBytes } from '../../test-fixtures/records.ts';
import { type Scratch, scratch } from '../../test-fixtures/scratch.ts';
import { startRefused, startServer, submit } from '../../test-fixtures/server.ts';
import { Visitor } from '../../test-fixtures/visitor.ts';

let data: Scratch;
beforeEach(async () => {
  data = scratch('main');
});
afterEach(() => data.remove());

test('starts, tells its starter how to sign in, gives laptop codes, and ends with 0 in time', async () => {
  const server = await startServer(join(data.path, 'data'));
  expect(server.pin).toBeNull();
  expect(server.signInUrl).toBe(`${server.url}/sign-in#${server.signInCode}`);
  const laptop = await openLaptop(server.url, await server.benchCode());
  expect((await submit(server.url, await recordBytes(laptop))).status).toBe(201);
  const lead = await new Visitor(server.url).signIn(server.signInCode);
  expect((await lead.get('/')).text).toContain('ThinkPad');
  const begun = Date.now();
  expect(await server.stop()).toBe(0);
  expect(Date.now() - begun).toBeLessThan(3000);
  expect(server.log()).not.toContain(server.signInCode);
  for (const line of server.log().trim().split('\n')) JSON.parse(line);
});

test('the data folder is its owner’s alone', async () => {
  const folder = join(data.path, 'data');
  await (await startServer(folder)).stop('SIGINT');
  const modes = await Promise.all(
    (await readdir(folder, { recursive: true, withFileTypes: true })).map(async (entry) => {
      const { mode } = await stat(join(entry.parentPath, entry.name));
      return (mode & 0o777) === (entry.isDirectory() ? 0o700 : 0o600);
    }),
  );
  expect(modes.length).toBeGreaterThan(4);
  expect(modes.every(Boolean)).toBe(true);
  expect((await stat(folder)).mode & 0o777).toBe(0o700);
});

test('a second start keeps workshop and keys, and gives a new code', async () => {
  const folder = join(data.path, 'data');
  const first = await startServer(folder);
  const before = await (await fetch(`${first.url}/api/trust`)).json();
  await first.stop();
  const second = await startServer(folder, { REBOND_WORKSHOP_NAME: 'Atelier du quai' });
  const after = (await (await fetch(`${second.url}/api/workshop`)).json()) as {
    workshop: { name: string };
    anchor: string;
  };
  expect(before).toMatchObject({ anchors: [{ publicKey: after.anchor }] });
  expect(after.workshop.name).toBe('Atelier du quai');
  const stale = await new Visitor(second.url).form('/sign-in', '/sign-in', { code: first.signInCode });
  expect(stale.status).toBe(401);
  await new Visitor(second.url).signIn(second.signInCode);
  expect(await second.stop()).toBe(0);
});

test('ends when its starter goes away, and with requests half sent', async () => {
  const server = await startServer(join(data.path, 'data'));
  const { port } = new URL(server.url);
  const { connect: dial } = await import('node:net');
  const slow = dial(Number(port), '127.0.0.1').on('error', () => {});
  slow.write('POST /api/records HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\n{');
  await once(slow, 'connect');
  const begun = Date.now();
  const ended = once(server.process, 'exit');
  server.process.disconnect();
  expect((await ended)[0]).toBe(0);
  expect(Date.now() - begun).toBeLessThan(3000);
  slow.destroy();
});

test('without a starter it says address and code in lines', async () => {
  const main = fileURLToPath(new URL('main.ts', import.meta.url));
  const child = spawn(process.execPath, [main], {
    env: { PORT: '0', REBOND_DATA: join(data.path, 'data') },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  let text = '';
  for await (const piece of child.stdout) {
    text += String(piece);
    if (text.includes('once)')) break;
  }
  expect(text).toMatch(/http:\/\/127\.0\.0\.1:\d+\/sign-in#[A-Z]{4}-[A-Z]{4}-[A-Z]{4}\n/);
  child.kill('SIGTERM');
  await once(child, 'exit');
});

test('a taken port is one sentence in each language and exit status 1', async () => {
  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  const { port } = taken.address() as { port: number };
  const { status, stdout, stderr } = await startRefused(join(data.path, 'data'), { PORT: String(port) });
  taken.close();
  expect([status, stdout]).toEqual([1, '']);
  expect(stderr).toBe(
    `Le port ${port} est déjà pris : arrêtez l’autre programme ou choisissez un autre PORT.\nPort ${port} is already taken: stop the other program or choose another PORT.\n`,
  );
});

test.each([
  [{ PORT: '70000' }, 'PORT'],
  [{ PORT: 'http' }, 'PORT'],
  [{ HOST: '0.0.0.0' }, 'REBOND_KEY_PASSPHRASE_FILE'],
  [{ HOST: '192.0.2.1' }, 'REBOND_KEY_PASSPHRASE_FILE'],
])('the settings %o are refused in two lines', async (settings, word) => {
  const { status, stdout, stderr } = await startRefused(join(data.path, 'data'), settings);
  expect([status, stdout]).toEqual([1, '']);
  expect(stderr.trim().split('\n')).toHaveLength(2);
  expect(stderr).toContain(word);
});

test('an open key file or a wrong passphrase stops the start', async () => {
  const folder = join(data.path, 'data');
  await (await startServer(folder)).stop();
  await chmod(join(folder, 'keys', 'workshop.key.json'), 0o644);
  expect((await startRefused(folder, {})).stderr).toContain('workshop.key.json');
  await chmod(join(folder, 'keys', 'workshop.key.json'), 0o600);
  await writeFile(join(folder, 'keys', 'passphrase'), 'une tout autre phrase', { mode: 0o600 });
  const { status, stderr } = await startRefused(folder, {});
  expect(status).toBe(1);
  expect(stderr).toContain('The passphrase does not open this workshop’s keys');
});

test('its HTTPS key is made once and pinned', async () => {
  const { openTls, spkiPin } = await import('./keys/tls.ts');
  const folder = join(data.path, 'tls');
  const made = await openTls(folder, '0.0.0.0');
  expect(await openTls(folder, '0.0.0.0')).toEqual(made);
  const { createServer: createTls } = await import('node:tls');
  const server = createTls({ key: made.key, cert: made.cert }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  const socket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false });
  await once(socket, 'secureConnect');
  const presented = new X509Certificate(socket.getPeerCertificate().raw);
  const spki = presented.publicKey.export({ type: 'spki', format: 'der' });
  expect(made.pin).toBe(`sha256/${createHash('sha256').update(spki).digest('base64')}`);
  expect(spkiPin(made.cert)).toBe(made.pin);
  expect(presented.checkIP('127.0.0.1')).toBe('127.0.0.1');
  socket.destroy();
  server.close();
});
