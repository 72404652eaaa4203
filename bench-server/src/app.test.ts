import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { get } from 'node:https';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type House, openHouse } from '../../test-fixtures/house.ts';
import { scratch } from '../../test-fixtures/scratch.ts';
import { textOf } from '../../test-fixtures/visitor.ts';
import { openTls } from './keys/tls.ts';

let house: House;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.close());

/** Sends bytes as they are. @returns status line and body */
async function exchange(text: string): Promise<{ status: string; body: string }> {
  const socket = connect(Number(new URL(house.url).port), '127.0.0.1');
  let answer = '';
  socket.setEncoding('utf8').on('data', (piece: string) => (answer += piece));
  socket.write(text);
  await once(socket, 'close');
  const [head = '', body = ''] = answer.split('\r\n\r\n');
  return { status: head.split(' ')[1] ?? '', body };
}

describe('what is hardly HTTP is refused in the house’s words', () => {
  const head = (): string => `host: ${new URL(house.url).host}\r\nconnection: close\r\n`;
  test.each([
    ['an address that decodes to nothing', () => `GET /% HTTP/1.1\r\n${head()}\r\n`, '400'],
    [
      'an endless parameter',
      () => `GET /api/certificates/${'a'.repeat(300)}.json HTTP/1.1\r\n${head()}\r\n`,
      '400',
    ],
    [
      'endless headers',
      () => `GET /api/workshop HTTP/1.1\r\n${head()}x: ${'y'.repeat(20_000)}\r\n\r\n`,
      '400',
    ],
    ['no HTTP at all', () => 'HELLO\r\n\r\n', '400'],
    ['a way out of the static folder', () => `GET /static/../app.ts HTTP/1.1\r\n${head()}\r\n`, '400'],
    ['a hidden way out', () => `GET /static/..%2fapp.ts HTTP/1.1\r\n${head()}\r\n`, '404'],
    ['an unknown method', () => `PROPFIND /api/workshop HTTP/1.1\r\n${head()}\r\n`, '404'],
  ])('%s', async (_, request, status) => {
    const answer = await exchange(request());
    expect(answer.status).toBe(status);
    expect(JSON.parse(answer.body)).toEqual({
      error: { code: expect.any(String), fr: expect.any(String), en: expect.any(String) },
    });
  });
});

test('health asks the database', async () => {
  const healthy = await fetch(`${house.url}/healthz`);
  expect([healthy.status, await healthy.json()]).toEqual([200, { status: 'ok' }]);
});

test('a broken database is an error without a stack, and the log has it', async () => {
  const broken = await openHouse();
  await broken.db.schema.dropTable('refused').execute();
  const answer = await fetch(`${broken.url}/api/records`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{',
  });
  const text = await answer.text();
  expect([answer.status, (JSON.parse(text) as { error: { code: string } }).error.code]).toEqual([
    500,
    'internal',
  ]);
  expect(text).not.toMatch(/refused|sqlite|node_modules/i);
  expect(broken.log()).toContain('unforeseen error');
  await broken.close();
});

test('the interface is described from the schemas that check it', async () => {
  const document = (await (await fetch(`${house.url}/api/openapi.json`)).json()) as {
    openapi: string;
    paths: Record<string, object>;
  };
  expect(document.openapi).toBe('3.1.0');
  expect(Object.keys(document.paths).toSorted()).toEqual([
    '/api/certificates/{id}.json',
    '/api/certificates/{id}.pdf',
    '/api/destructions/{id}.json',
    '/api/destructions/{id}.pdf',
    '/api/images/files/{sha256}',
    '/api/images/latest',
    '/api/journals',
    '/api/journals/left',
    '/api/records',
    '/api/records/{digest}.json',
    '/api/sessions',
    '/api/shells',
    '/api/sticks',
    '/api/trust',
    '/api/workshop',
    '/healthz',
  ]);
  expect(JSON.stringify(document.paths['/api/sessions'])).toContain('"additionalProperties":false');
});

test('over HTTPS cookies are secure, the pin is shown, and browsers are not told to refuse the certificate for ever', async () => {
  const folder = scratch('tls');
  const tls = await openTls(folder.path, 'localhost');
  const secure = await openHouse(tls);
  expect(secure.url).toMatch(/^https:/);
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    get(`${secure.url}/sign-in`, { ca: tls.cert }, resolve).on('error', reject);
  });
  const text = await textOf(response);
  const cookies = response.headers['set-cookie'] ?? [];
  expect(cookies.length).toBeGreaterThan(0);
  expect(cookies.every((cookie) => cookie.includes('Secure'))).toBe(true);
  expect(response.headers['strict-transport-security']).toBeUndefined();
  expect(text).toContain(tls.pin.replaceAll('=', '&#61;'));
  await secure.close();
  folder.remove();
});
