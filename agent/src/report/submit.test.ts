import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { RECEIPT_TYPE, seal, type SigningKey } from '@rebond/protocol';
import { describe, expect, it } from 'vitest';
import { sampleRecord } from '../../../test-fixtures/sample-record.ts';
import { scratch } from '../../../test-fixtures/scratch.ts';
import { makeWorkshop, type TestWorkshop } from '../../../test-fixtures/workshop.ts';
import { serverAt } from '../effects/network.ts';
import { openSpool, spoolRecord } from './spool.ts';
import { sendSpool } from './submit.ts';

type Handler = (request: IncomingMessage, response: ServerResponse, body: Buffer) => void | Promise<void>;

/** Puts one record in a spool and sends it to a real HTTP server that behaves as told. */
async function sendTo(handler: Handler | 'down', made?: TestWorkshop, times = 1, home?: TestWorkshop) {
  const workshop = made ?? (await makeWorkshop());
  const at = home ?? workshop;
  using folder = scratch('submit');
  const spool = await openSpool(folder.path);
  const digest = await spoolRecord(spool, (await sampleRecord(workshop)).envelope);
  const http = createServer((request, response) => {
    const pieces: Buffer[] = [];
    request.on('data', (piece: Buffer) => pieces.push(piece));
    request.on('end', () => {
      if (request.url === '/api/workshop') return json(response, 200, { workshop: at.workshop });
      if (handler !== 'down') void handler(request, response, Buffer.concat(pieces));
    });
  });
  await new Promise<void>((done) => void http.listen(0, '127.0.0.1', done));
  const { port } = http.address() as AddressInfo;
  if (handler === 'down') await new Promise((done) => http.close(done));
  const server = serverAt(`http://127.0.0.1:${port}`, null, 400);
  const results = [];
  for (let index = 0; index < times; index += 1) results.push(...(await sendSpool(spool, server)));
  await server.close();
  http.closeAllConnections();
  http.close();
  const names = (path: string) => readdirSync(path).filter((name) => name.endsWith('.json'));
  return {
    digest,
    results,
    waiting: names(spool.waiting.path),
    sent: names(spool.sent.path),
  };
}

const json = (response: ServerResponse, status: number, body: unknown): void => {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
};

async function receiptFor(digest: string, made: TestWorkshop, key: SigningKey = made.server.key) {
  const receipt = await seal(
    RECEIPT_TYPE,
    {
      schema: 'rebond.receipt/1',
      recordSha256: digest,
      audience: made.workshop.id,
      receivedAt: { wall: '2026-11-23T08:40:00.000Z', timeSource: 'server' },
      confirmed: true,
    },
    key,
  );
  return { receipt, chain: made.server.chain };
}

const sha256 = async (bytes: Buffer): Promise<string> => {
  const { sha256Hex } = await import('@rebond/protocol');
  return await sha256Hex(bytes);
};

describe('sending the spool', () => {
  it('moves a record aside only on a receipt for its very bytes', async () => {
    const made = await makeWorkshop();
    const { digest, results, waiting, sent } = await sendTo(async (_, response, body) => {
      json(response, 201, await receiptFor(await sha256(body), made));
    }, made);
    expect(results).toEqual([{ kind: 'acknowledged', digest, confirmed: true }]);
    expect(waiting).toEqual([]);
    expect(sent).toEqual([`${digest}.json`, `${digest}.receipt.json`]);
  });

  it.each<[string, Handler | 'down']>([
    ['is down', 'down'],
    ['never answers', () => {}],
    ['hangs up', (request) => void request.socket.destroy()],
    ['answers nonsense', (_, response) => void response.writeHead(200).end('<html>OK</html>')],
    ['answers nothing', (_, response) => void response.writeHead(201).end()],
    ['answers without a receipt', (_, response) => json(response, 201, { ok: true })],
    ['answers for ever', (_, response) => void response.writeHead(200).end('x'.repeat(3 * 1024 * 1024))],
    [
      'breaks off in the middle',
      (_, response) =>
        void response.writeHead(200, { 'content-length': 999 }).write('{"rec', () => response.destroy()),
    ],
    [
      'has an error of its own',
      (_, response) => json(response, 500, { error: { code: 'internal', fr: 'x', en: 'x' } }),
    ],
    ['is too busy', (_, response) => json(response, 429, { error: { code: 'too-many', fr: 'x', en: 'x' } })],
    [
      'says that we may not',
      (_, response) => json(response, 401, { error: { code: 'unknown-key', fr: 'x', en: 'x' } }),
    ],
    ['refuses without a code', (_, response) => json(response, 400, { message: 'no' })],
  ])('keeps the record when the server %s', async (_, handler) => {
    const { digest, results, waiting, sent } = await sendTo(handler);
    expect(results).toEqual([expect.objectContaining({ kind: 'kept', digest })]);
    expect(waiting).toEqual([`${digest}.json`]);
    expect(sent).toEqual([]);
  });

  it('keeps the record when the receipt is for another one, of another workshop, or signed by a stranger', async () => {
    const made = await makeWorkshop();
    const stranger = await makeWorkshop();
    const wrong: Handler[] = [
      async (_, response) => json(response, 201, await receiptFor('00'.repeat(32), made)),
      async (_, response, body) => json(response, 201, await receiptFor(await sha256(body), stranger)),
      async (_, response, body) =>
        json(response, 201, await receiptFor(await sha256(body), made, stranger.server.key)),
    ];
    for (const handler of wrong) {
      const { digest, waiting, results } = await sendTo(handler, made);
      expect(results[0]?.kind).toBe('kept');
      expect(waiting).toEqual([`${digest}.json`]);
    }
  });

  it('keeps a refused record, says why, and tries it again: a refusal is not signed and may be mended', async () => {
    const made = await makeWorkshop();
    let times = 0;
    const { digest, results, waiting, sent } = await sendTo(
      async (_, response, body) => {
        times += 1;
        if (times === 2) return json(response, 201, await receiptFor(await sha256(body), made));
        json(response, 422, { error: { code: 'unknown-session', fr: 'non', en: 'no' } });
      },
      made,
      2,
    );
    const reason = { code: 'unknown-session', fr: 'non', en: 'no' };
    expect(results).toEqual([
      { kind: 'refused', digest, reason },
      { kind: 'acknowledged', digest, confirmed: true },
    ]);
    expect([waiting, sent.length]).toEqual([[], 2]);
  });

  it('sends nothing to the server of another workshop', async () => {
    let asked = 0;
    const handler: Handler = (_, response) => {
      asked += 1;
      json(response, 422, { error: { code: 'wrong-audience', fr: 'non', en: 'no' } });
    };
    const { digest, results, waiting } = await sendTo(
      handler,
      await makeWorkshop(),
      1,
      await makeWorkshop('atelier-autre'),
    );
    expect(results).toEqual([{ kind: 'kept', digest, why: 'for atelier-essai, not atelier-autre' }]);
    expect([asked, waiting]).toEqual([0, [`${digest}.json`]]);
  });

  it('leaves a damaged file where it is, names it, and sends the others', async () => {
    const made = await makeWorkshop();
    using folder = scratch('damaged');
    const spool = await openSpool(folder.path);
    await spoolRecord(spool, (await sampleRecord(made)).envelope);
    writeFileSync(join(spool.waiting.path, `${'0'.repeat(64)}.json`), '{"half":');
    const server = serverAt('http://127.0.0.1:9', null, 300);
    const results = await sendSpool(spool, server);
    await server.close();
    expect(results.map(({ kind }) => kind)).toEqual(['damaged', 'kept']);
    expect(readdirSync(spool.waiting.path).filter((name) => name.endsWith('.json'))).toHaveLength(2);
  });
});

describe('the server’s address', () => {
  it.each([
    ['http://192.168.1.2:8080', null, 'http-off-loopback'],
    ['https://192.168.1.2:8080', null, 'pin-missing'],
    ['https://192.168.1.2:8080', 'sha256/short', 'pin-missing'],
    ['file:///etc/passwd', null, 'not-a-url'],
    ['nonsense', null, 'not-a-url'],
  ])('%s with pin %s is refused', (address, pin, code) => {
    expect(() => serverAt(address, pin)).toThrow(code);
  });
});
