import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import {
  checkChain,
  checkSignature,
  type Envelope,
  openAs,
  RECEIPT_TYPE,
  verifyDocument,
  type TrustFile,
} from '@rebond/protocol';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Laptop, openLaptop } from '../../../test-fixtures/laptops.ts';
import { recordBytes } from '../../../test-fixtures/records.ts';
import { type Scratch, scratch } from '../../../test-fixtures/scratch.ts';
import { type Started, startServer } from '../../../test-fixtures/server.ts';
import { Visitor } from '../../../test-fixtures/visitor.ts';

const RECORDS = 1000;
const IN_FLIGHT = 8;
const KILLS = 8;

let folder: Scratch;
let server: Started;
beforeAll(async () => {
  folder = scratch('durability');
  server = await startServer(join(folder.path, 'data'), { REBOND_LOG_LEVEL: 'error' });
});
afterAll(async () => {
  await server.stop();
  folder.remove();
});

test(`kill -9 at ${KILLS} moments of ${RECORDS} submissions loses no acknowledged record`, async () => {
  const laptops: Laptop[] = [];
  for (let index = 0; index < 4; index++)
    laptops.push(await openLaptop(server.url, await server.benchCode()));
  const records = await Promise.all(
    Array.from({ length: RECORDS }, (_, index) => {
      const laptop = laptops[index % laptops.length];
      if (!laptop) throw new Error('no laptop');
      return recordBytes(laptop, { sequence: Math.floor(index / laptops.length), outcomes: ['done'] });
    }),
  );
  const trust = (await (await fetch(`${server.url}/api/trust`)).json()) as TrustFile;
  const acknowledged = new Map<string, Uint8Array>();
  const waiting = [...records];
  let strike: (() => void) | null = null;
  let lead = new Visitor(server.url);
  // Laptops wait meanwhile, so that every kill falls among submissions.
  let checking = Promise.resolve();
  let kills = 0;
  let broken = 0;

  async function worker(): Promise<void> {
    for (let bytes = waiting.shift(); bytes; bytes = waiting.shift()) {
      await checking;
      if (await submitted(bytes)) acknowledged.set(digest(bytes), bytes);
      else {
        broken++;
        waiting.push(bytes); // as the laptop does: kept in its spool until there is a receipt
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    }
  }

  async function submitted(bytes: Uint8Array): Promise<boolean> {
    let answer: { status: number; body: { receipt: Envelope; chain: Envelope[] } };
    try {
      const response = await fetch(`${server.url}/api/records`, {
        method: 'POST',
        headers: { 'content-type': 'application/vnd.rebond.envelope+json' },
        body: new Uint8Array(bytes),
      });
      strike?.();
      answer = { status: response.status, body: (await response.json()) as typeof answer.body };
    } catch {
      return false; // the server died before its answer was whole
    }
    if (answer.status === 429) return false;
    expect([200, 201]).toContain(answer.status);
    const { leaf, anchor } = await checkChain(answer.body.chain);
    expect(anchor).toBe(trust.anchors[0]?.publicKey);
    await checkSignature(answer.body.receipt, leaf.subject.publicKey);
    expect(openAs(RECEIPT_TYPE, answer.body.receipt).payload.recordSha256).toBe(digest(bytes));
    return true;
  }

  async function killer(): Promise<void> {
    while (kills < KILLS) {
      const due = Math.floor(((kills + Math.random()) * RECORDS) / (KILLS + 1));
      while (acknowledged.size < due) await new Promise((resolve) => setTimeout(resolve, 2));
      const ended = once(server.process, 'exit');
      // Every other time at a random moment, else at the very moment of an acknowledgement.
      if (kills % 2 === 0) setTimeout(() => server.process.kill('SIGKILL'), Math.random() * 40);
      else strike = () => void server.process.kill('SIGKILL');
      await ended;
      strike = null;
      kills++;
      server = await startServer(join(folder.path, 'data'), { REBOND_LOG_LEVEL: 'error' });
      lead = await new Visitor(server.url).signIn(server.signInCode);
      checking = checkAll(lead, acknowledged);
      await checking;
    }
  }

  await Promise.all([killer(), ...Array.from({ length: IN_FLIGHT }, worker)]);
  expect(kills).toBe(KILLS);
  expect(broken).toBeGreaterThan(0); // the kills did hit submissions under way
  expect(acknowledged.size).toBe(RECORDS);
  await checkAll(lead, acknowledged);
  await checkCertificates(server, trust);
});

const digest = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** Every record that had a receipt when this was called is there, byte for byte. */
async function checkAll(lead: Visitor, acknowledged: ReadonlyMap<string, Uint8Array>): Promise<void> {
  for (const [name, bytes] of [...acknowledged]) {
    let file = await lead.get(`/api/records/${name}.json`);
    while (file.status === 429) {
      await new Promise((resolve) => setTimeout(resolve, 100));
      file = await lead.get(`/api/records/${name}.json`);
    }
    if (file.status !== 200 || !Buffer.from(file.bytes).equals(Buffer.from(bytes))) {
      throw new Error(`${name} was acknowledged and is not there: ${file.status}`);
    }
  }
}

/** Each record has its one certificate, and it verifies. */
async function checkCertificates(running: Started, trust: TrustFile): Promise<void> {
  const { DatabaseSync } = await import('node:sqlite');
  const db = new DatabaseSync(join(folder.path, 'data', 'rebond.sqlite'), { readOnly: true });
  const rows = db.prepare('select recordDigest, bytes from certificates').all() as {
    recordDigest: string;
    bytes: Uint8Array;
  }[];
  db.close();
  expect(new Set(rows.map(({ recordDigest }) => recordDigest)).size).toBe(RECORDS);
  expect(rows.length).toBe(RECORDS);
  for (const { bytes } of rows.slice(0, 50)) expect((await verifyDocument(bytes, trust)).trusted).toBe(true);
  expect((await fetch(`${running.url}/healthz`)).status).toBe(200);
}
