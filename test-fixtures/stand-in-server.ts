import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  type Envelope,
  generateSessionKey,
  JOURNAL_PART_TYPE,
  JOURNAL_RECEIPT_TYPE,
  openAs,
  openBytes,
  isOpened,
  seal,
  sha256Hex,
  type SigningKey,
} from '@rebond/protocol';
import { type TestWorkshop, vouch } from './workshop.ts';

type Handler = (request: IncomingMessage, response: ServerResponse, body: Buffer) => void | Promise<void>;

export type StandIn = {
  origin: string;
  port: number;
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
};

/** A real HTTP server on the loopback that behaves as a test tells it; one that answers on a port it had before, too. */
export async function standIn(handler: Handler, port = 0): Promise<StandIn> {
  const http = createServer((request, response) => {
    const pieces: Buffer[] = [];
    request.on('data', (piece: Buffer) => pieces.push(piece));
    request.on('end', () => void handler(request, response, Buffer.concat(pieces)));
  });
  await new Promise<void>((done) => void http.listen(port, '127.0.0.1', done));
  const address = http.address() as AddressInfo;
  const close = async (): Promise<void> => {
    http.closeAllConnections();
    await new Promise<void>((done) => void http.close(() => done()));
  };
  return {
    origin: `http://127.0.0.1:${address.port}`,
    port: address.port,
    close,
    [Symbol.asyncDispose]: close,
  };
}

export function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

/** What a session that signed in at the workshop's server holds. */
export async function sessionCredentials(
  made: TestWorkshop,
  machineId = 'm-essai',
  sessionId: string = crypto.randomUUID(),
) {
  const key = await generateSessionKey();
  const scope = { sessionId, bench: 'poste 1', machineId };
  const session = { ...scope, technician: null, nonce: 'A'.repeat(22) };
  const leaf = await vouch(
    made.workshop,
    { role: 'server', key: made.server.key },
    { role: 'session', key },
    session,
  );
  const { workshop } = made;
  const chain = [leaf, ...made.server.chain];
  return { credentials: { key, chain, workshop, anchor: made.key.publicKey, serverTime: null }, scope };
}

/** Keeps journals as the bench server promises to: append-only, in order, a signed receipt for what is there. */
export function journalKeeper(made: TestWorkshop, signer: SigningKey = made.server.key) {
  const journals = new Map<string, { lines: string[]; parts: Envelope[] }>();
  const take: Handler = async (_, response, body) => {
    const opened = openBytes(body);
    if (!isOpened(opened, JOURNAL_PART_TYPE)) return json(response, 400, refusal('wrong-type'));
    const { sessionId, from, lines } = openAs(JOURNAL_PART_TYPE, opened.envelope).payload;
    const held = journals.get(sessionId) ?? { lines: [], parts: [] };
    if (from > held.lines.length) return json(response, 409, refusal('journal-gap'));
    const overlap = held.lines.slice(from, from + lines.length);
    if (overlap.some((line, index) => line !== lines[index]))
      return json(response, 409, refusal('journal-conflict'));
    held.lines.push(...lines.slice(overlap.length));
    held.parts.push(opened.envelope);
    journals.set(sessionId, held);
    json(response, 200, await receiptFor(made, sessionId, held.lines, signer));
  };
  return { journals, take };
}

export async function receiptFor(
  made: TestWorkshop,
  sessionId: string,
  lines: readonly string[],
  signer: SigningKey = made.server.key,
) {
  const bytes = new TextEncoder().encode(lines.map((line) => `${line}\n`).join(''));
  const receipt = await seal(
    JOURNAL_RECEIPT_TYPE,
    {
      schema: 'rebond.journal-receipt/1',
      audience: made.workshop.id,
      sessionId,
      lines: lines.length,
      sha256: await sha256Hex(bytes),
      receivedAt: { wall: '2026-11-23T08:40:00.000Z', timeSource: 'server' },
    },
    signer,
  );
  return { receipt, chain: made.server.chain };
}

export const refusal = (code: string) => ({ error: { code, fr: 'non', en: 'no' } });
