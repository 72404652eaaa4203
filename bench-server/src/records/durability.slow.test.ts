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

const LAPTOPS = 4;
const IN_FLIGHT = 8;
const KILLS = 8;
/** Submissions between two kills, so that none is left without submissions to fall among. */
const RECORDS_A_ROUND = 112;
const LAST_ROUND = 104;
const RECORDS = KILLS * RECORDS_A_ROUND + LAST_ROUND;
/** However busy the machine is, a kill does not wait longer than this for its moment. */
const LONGEST_WAIT = 10_000;

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

/** What the laptops know: what waits in their spools, and what they hold a receipt for. */
type Bench = { waiting: Uint8Array[]; acknowledged: Map<string, Uint8Array>; trust: TrustFile };

test(`kill -9 at ${KILLS} moments of ${RECORDS} submissions loses no acknowledged record`, async () => {
  const records = await makeRecords();
  const trust = (await (await fetch(`${server.url}/api/trust`)).json()) as TrustFile;
  const bench: Bench = { waiting: [], acknowledged: new Map(), trust };
  let amongSubmissions = 0;
  for (let kill = 0; kill < KILLS; kill++) {
    bench.waiting.push(...records.splice(0, RECORDS_A_ROUND));
    const unanswered = await roundWithKill(bench, kill % 2 === 0 ? 'random' : 'acknowledgement');
    if (unanswered > 0) amongSubmissions++;
    server = await startServer(join(folder.path, 'data'), { REBOND_LOG_LEVEL: 'error' });
    await checkAll(await new Visitor(server.url).signIn(server.signInCode), bench.acknowledged);
  }
  expect(amongSubmissions).toBeGreaterThanOrEqual(KILLS / 2);
  bench.waiting.push(...records);
  await round(bench, { over: false, unanswered: 0, acknowledged: () => {} });
  expect(bench.waiting).toEqual([]);
  expect(bench.acknowledged.size).toBe(RECORDS);
  await server.stop();
  server = await startServer(join(folder.path, 'data'), { REBOND_LOG_LEVEL: 'error' });
  await checkAll(await new Visitor(server.url).signIn(server.signInCode), bench.acknowledged);
  await checkCertificates(server, trust);
});

async function makeRecords(): Promise<Uint8Array[]> {
  const laptops: Laptop[] = [];
  while (laptops.length < LAPTOPS) laptops.push(await openLaptop(server.url, await server.benchCode()));
  const each = laptops.map((laptop) =>
    Array.from({ length: RECORDS / LAPTOPS }, (_, sequence) =>
      recordBytes(laptop, { sequence, outcomes: ['done'] }),
    ),
  );
  return await Promise.all(each.flat());
}

/** One life of the server, as the laptops see it. `over` from the kill on: they stop until it is back. */
type Life = { over: boolean; unanswered: number; acknowledged: () => void };

/**
 * Laptops submit until the server is killed. It always is: at a random moment or at the n-th acknowledgement of this
 * round, and at the latest after some seconds, whatever the laptops have come to.
 * @returns how many submissions were under way then, and got no answer
 */
async function roundWithKill(bench: Bench, at: 'random' | 'acknowledgement'): Promise<number> {
  const ended = once(server.process, 'exit');
  let left = Math.floor(Math.random() * RECORDS_A_ROUND * 0.7);
  const strike = (): void => {
    if (life.over) return;
    life.over = true;
    server.process.kill('SIGKILL');
  };
  const life: Life = {
    over: false,
    unanswered: 0,
    acknowledged() {
      if (--left >= 0) return;
      if (at === 'acknowledgement') strike();
      else setTimeout(strike, Math.random() * 15);
    },
  };
  const impatience = setTimeout(strike, LONGEST_WAIT);
  await round(bench, life);
  strike();
  clearTimeout(impatience);
  await ended;
  return life.unanswered;
}

/** Several laptops empty their spools; what got no receipt stays in them. */
async function round(bench: Bench, life: Life): Promise<void> {
  const worker = async (): Promise<void> => {
    for (let bytes = next(); bytes; bytes = next()) {
      if (await submitted(bytes, bench.trust, life)) bench.acknowledged.set(digest(bytes), bytes);
      else {
        life.unanswered++;
        bench.waiting.push(bytes);
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    }
  };
  const next = (): Uint8Array | undefined => (life.over ? undefined : bench.waiting.shift());
  await Promise.all(Array.from({ length: IN_FLIGHT }, worker));
}

/** @returns true with a receipt for exactly these bytes; false when the server had no time or died meanwhile */
async function submitted(bytes: Uint8Array, trust: TrustFile, life: Life): Promise<boolean> {
  let answer: { status: number; body: { receipt: Envelope; chain: Envelope[] } };
  try {
    const response = await fetch(`${server.url}/api/records`, {
      method: 'POST',
      headers: { 'content-type': 'application/vnd.rebond.envelope+json' },
      body: new Uint8Array(bytes),
      signal: AbortSignal.timeout(2 * LONGEST_WAIT),
    });
    life.acknowledged();
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
