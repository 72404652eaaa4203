import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { join } from 'node:path';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import type { TLSSocket } from 'node:tls';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { makeImageFolder } from '../../test-fixtures/image-folder.ts';
import { type Scratch, scratch } from '../../test-fixtures/scratch.ts';
import { startRefused } from '../../test-fixtures/server.ts';
import { textOf } from '../../test-fixtures/visitor.ts';
import { spkiPin } from './keys/tls.ts';

let place: Scratch;
let child: ChildProcess | null = null;
beforeEach(() => {
  place = scratch('public');
});
afterEach(async () => {
  if (child && child.exitCode === null) {
    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    await ended;
  }
  child = null;
  place.remove();
});

type Listening = { type: string; url: string; netbootUrl: string | null; pin: string | null };

async function start(settings: Record<string, string>): Promise<Listening> {
  child = spawn(process.execPath, [fileURLToPath(new URL('main.ts', import.meta.url))], {
    env: { PORT: '0', REBOND_DATA: join(place.path, 'data'), REBOND_LOG_LEVEL: 'silent', ...settings },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const [message] = (await once(child, 'message')) as [Listening];
  return message;
}

/** Asks over TLS under a name of one's choice, as a laptop behind an address translation does. */
async function ask(url: string, host: string): Promise<{ status: number; text: string; pin: string }> {
  const { port } = new URL(url);
  const sending = request({
    ...{ host: '127.0.0.1', port, path: '/api/workshop', rejectUnauthorized: false },
    headers: { host },
  });
  sending.end();
  const [response] = (await once(sending, 'response')) as [IncomingMessage];
  const raw = (response.socket as TLSSocket).getPeerCertificate().raw.toString('base64');
  const pem = `-----BEGIN CERTIFICATE-----\n${raw}\n-----END CERTIFICATE-----`;
  return { status: response.statusCode ?? 0, text: await textOf(response), pin: spkiPin(pem) };
}

test('a public address makes a loopback server speak HTTPS, and answer to that name and no other', async () => {
  const image = makeImageFolder(join(place.path, 'image'));
  const { url, netbootUrl, pin } = await start({
    REBOND_PUBLIC_URL: 'https://10.0.2.2:0',
    REBOND_IMAGE: image.path,
    REBOND_NETBOOT_PORT: '0',
  });
  expect(url).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/);
  expect(netbootUrl).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  const { port } = new URL(url);
  const outside = await ask(url, `10.0.2.2:${port}`);
  expect([outside.status, outside.pin]).toEqual([200, pin]);
  expect((await ask(url, `127.0.0.1:${port}`)).status).toBe(200);
  for (const host of ['10.0.2.2', '10.0.2.2:1', `10.0.2.3:${port}`, `evil.example:${port}`]) {
    expect([host, (await ask(url, host)).status]).toEqual([host, 421]);
  }
  const script = await (await fetch(`${netbootUrl}/boot.ipxe`)).text();
  expect(script).toContain(
    `rebond.server=https://10.0.2.2:${port} rebond.pin=${pin} rebond.workshop=atelier-`,
  );
  // Nothing of the interface is behind the plain port.
  for (const path of ['/', '/api/workshop', '/sign-in']) {
    expect((await fetch(`${netbootUrl}${path}`, { redirect: 'manual' })).status).toBe(404);
  }
});

test('without these settings there is no netboot address, and a starter gets codes for shells', async () => {
  expect(await start({})).toMatchObject({ netbootUrl: null, pin: null });
  const answer = once(child as ChildProcess, 'message');
  child?.send({ type: 'shell-code' });
  expect((await answer)[0]).toEqual({
    type: 'shell-code',
    code: expect.stringMatching(/^[A-Z]{4}-[A-Z]{4}-[A-Z]{4}$/),
  });
});

test('a wrong image does not keep the server from starting', async () => {
  const { url } = await start({ REBOND_IMAGE: join(place.path, 'nothing') });
  expect((await fetch(`${url}/api/images/latest`)).status).toBe(404);
});

test('a taken netboot port is named', async () => {
  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  const { port } = taken.address() as { port: number };
  const { status, stderr } = await startRefused(join(place.path, 'data'), {
    REBOND_PUBLIC_URL: 'https://10.0.2.2:0',
    REBOND_IMAGE: makeImageFolder(join(place.path, 'image')).path,
    REBOND_NETBOOT_PORT: String(port),
  });
  taken.close();
  expect(status).toBe(1);
  expect(stderr).toContain('choose another REBOND_NETBOOT_PORT');
});
