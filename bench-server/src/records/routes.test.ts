import { createHash } from 'node:crypto';
import { request as httpRequest } from 'node:http';
import {
  checkChain,
  checkSignature,
  type Envelope,
  ENVELOPE_MAX,
  generateSessionKey,
  type MachineRecord,
  openAs,
  RECEIPT_TYPE,
  SESSION_REQUEST_TYPE,
} from '@rebond/protocol';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type House, openHouse } from '../../../test-fixtures/house.ts';
import {
  keyCertificate,
  type Laptop,
  newMachineId,
  newNonce,
  offlineLaptop,
  openLaptop,
  sessionRequest,
} from '../../../test-fixtures/laptops.ts';
import { HOSTILE, recordBytes } from '../../../test-fixtures/records.ts';
import { submit } from '../../../test-fixtures/server.ts';
import { textOf, Visitor } from '../../../test-fixtures/visitor.ts';

let house: House;
let laptop: Laptop;
let sequence = 0;

beforeAll(async () => {
  house = await openHouse();
  laptop = await openLaptop(house.url, await house.benchCode());
});
afterAll(() => house.close());

const fresh = (change?: (record: MachineRecord) => void, from = laptop): Promise<Uint8Array> =>
  recordBytes(from, { sequence: sequence++ % 1000, ...(change ? { change } : {}) });

async function expectRefused(bytes: Uint8Array, status: number, code: string): Promise<void> {
  const answer = await submit(house.url, bytes);
  expect(answer).toMatchObject({
    status,
    body: { error: { code, fr: expect.any(String), en: expect.any(String) } },
  });
  const kept = house.db
    .selectFrom('refused')
    .selectAll()
    .where('digest', '=', digestOf(bytes))
    .where('code', '=', code);
  const row = await kept.executeTakeFirstOrThrow();
  expect(Buffer.from(row.bytes).equals(Buffer.from(bytes))).toBe(true);
  const stored = house.db.selectFrom('records').select('digest').where('digest', '=', digestOf(bytes));
  expect(await stored.executeTakeFirst()).toBeUndefined();
}

const digestOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

describe('a lawful record', () => {
  test('is stored byte for byte and answered with a receipt that verifies', async () => {
    const bytes = await fresh();
    const { status, body } = await submit(house.url, bytes);
    expect(status).toBe(201);
    const receipt = body['receipt'] as Envelope;
    const { leaf, anchor } = await checkChain(body['chain'] as Envelope[]);
    expect(anchor).toBe(house.workshop.anchor);
    await checkSignature(receipt, leaf.subject.publicKey);
    expect(openAs(RECEIPT_TYPE, receipt).payload).toMatchObject({
      recordSha256: digestOf(bytes),
      audience: house.workshop.ref.id,
      receivedAt: { timeSource: 'server' },
      confirmed: true,
    });
    const lead = await new Visitor(house.url).signIn(await house.codes.make('sign-in', 'responsable'));
    const file = await lead.get(`/api/records/${digestOf(bytes)}.json`);
    expect(file.status).toBe(200);
    expect(Buffer.from(file.bytes).equals(Buffer.from(bytes))).toBe(true);
    expect(file.headers.get('content-disposition')).toMatch(/^attachment/);
  });

  test('sent again is answered alike, and stored once', async () => {
    const bytes = await fresh();
    const first = await submit(house.url, bytes);
    const second = await submit(house.url, bytes, 'application/json');
    expect([first.status, second.status]).toEqual([201, 200]);
    expect(second.body).toEqual(first.body);
    const rows = house.db.selectFrom('certificates').select('id').where('recordDigest', '=', digestOf(bytes));
    expect(await rows.execute()).toHaveLength(3);
  });

  test('sent many times at once is stored once', async () => {
    const bytes = await fresh();
    const answers = await Promise.all(Array.from({ length: 12 }, () => submit(house.url, bytes)));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(11);
  });

  test('two records with one number, sent at once: one is stored, the other told so', async () => {
    const number = { sequence: 990 };
    const pair = await Promise.all([recordBytes(laptop, number), recordBytes(laptop, number)]);
    const answers = await Promise.all(pair.map((bytes) => submit(house.url, bytes)));
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([201, 409]);
  });

  test('from an offline session is unconfirmed and has no certificate', async () => {
    const code = await house.codes.make('stick', 'responsable');
    const stick = await generateSessionKey();
    const paired = await post('/api/sticks', { publicKey: stick.publicKey, code });
    expect(paired.status).toBe(201);
    const offline = await offlineLaptop(stick, paired.body['chain'] as Envelope[], house.workshop.ref.id);
    const bytes = await recordBytes(offline);
    const { status, body } = await submit(house.url, bytes);
    expect(status).toBe(201);
    expect(openAs(RECEIPT_TYPE, body['receipt'] as Envelope).payload.confirmed).toBe(false);
    const rows = house.db.selectFrom('certificates').select('id').where('recordDigest', '=', digestOf(bytes));
    expect(await rows.execute()).toEqual([]);
  });

  test('of a session that was cut off: certified for the same machine, unconfirmed for another', async () => {
    const cutOff = crypto.randomUUID();
    const account = (sequence: number, machineId?: string): Promise<Uint8Array> =>
      recordBytes(laptop, {
        sequence,
        change: (record) => {
          record.accountOf = cutOff;
          if (machineId) record.machine.id = machineId;
          for (const { plan } of record.sanitizations) plan.sessionId = cutOff;
        },
      });
    const confirmed = async (bytes: Uint8Array): Promise<boolean> => {
      const { status, body } = await submit(house.url, bytes);
      expect(status).toBe(201);
      return openAs(RECEIPT_TYPE, body['receipt'] as Envelope).payload.confirmed;
    };
    expect(await confirmed(await account(992))).toBe(true);
    const moved = await account(993, 'm-autre-machine');
    expect(await confirmed(moved)).toBe(false);
    const rows = house.db.selectFrom('certificates').select('id').where('recordDigest', '=', digestOf(moved));
    expect(await rows.execute()).toEqual([]);
  });
});

describe('each refusal has its code, and what was refused is kept', () => {
  const text = (value: string): Uint8Array => new TextEncoder().encode(value);

  test('not-utf8', () => expectRefused(new Uint8Array([0xff, 0xfe, 0x00]), 400, 'not-utf8'));
  test('not-json', () => expectRefused(text('{"payload":'), 400, 'not-json'));
  test('not-json, empty', () => expectRefused(new Uint8Array(), 400, 'not-json'));
  test('not-canonical', async () => {
    await expectRefused(
      text(JSON.stringify(JSON.parse(new TextDecoder().decode(await fresh())), null, 1)),
      400,
      'not-canonical',
    );
  });
  test('wrong-shape, unknown field', async () => {
    const envelope = JSON.parse(new TextDecoder().decode(await fresh())) as object;
    await expectRefused(text(JSON.stringify({ ...envelope, zebra: 1 })), 400, 'wrong-shape');
  });
  test('wrong-shape, wrong types', () => expectRefused(text('[1,2,3]'), 400, 'wrong-shape'));
  test('unknown-type', async () => {
    const key = await generateSessionKey();
    const other = await sessionRequest(key, { sessionId: crypto.randomUUID(), machineId: newMachineId() });
    expect(other.payloadType).toBe(SESSION_REQUEST_TYPE);
    await expectRefused(text(JSON.stringify(other)), 400, 'unknown-type');
  });
  test('bad-signature', async () => {
    const envelope = JSON.parse(new TextDecoder().decode(await fresh())) as Envelope;
    const [mine] = envelope.signatures;
    const sig = `${mine?.sig.startsWith('AAAA') ? 'BBBB' : 'AAAA'}${mine?.sig.slice(4)}`;
    await expectRefused(
      text(
        JSON.stringify({ ...envelope, signatures: [{ ...mine, sig }] }).replace(
          /("signatures":\[\{)("sig":"[^"]+"),("keyid":"[^"]+")/,
          '$1$3,$2',
        ),
      ),
      401,
      'bad-signature',
    );
  });
  test('wrong-key', async () => {
    const impostor = { ...laptop, key: await generateSessionKey() };
    await expectRefused(await fresh(undefined, impostor), 401, 'wrong-key');
  });
  test('chain-broken', async () => {
    await expectRefused(await fresh((record) => void record.chain.pop()), 401, 'chain-broken');
  });
  test('unknown-key: a whole chain of another workshop that bears our name', async () => {
    const [top, middle] = [await generateSessionKey(), await generateSessionKey()];
    const stranger = await strangeLaptop({ role: 'server', key: middle });
    const above = await keyCertificate(
      { role: 'workshop', key: top },
      { role: 'server', publicKey: middle.publicKey },
      house.workshop.ref.id,
    );
    await expectRefused(
      await fresh(undefined, { ...stranger, chain: [...stranger.chain, above] }),
      401,
      'unknown-key',
    );
  });
  test('key-expired', async () => {
    const late = { wall: '2099-01-01T00:00:00.000Z', timeSource: 'server' } as const;
    await expectRefused(await fresh((record) => void (record.closedAt = late)), 401, 'key-expired');
  });
  test('wrong-audience', async () => {
    await expectRefused(
      await fresh((record) => void (record.audience = 'atelier-ailleurs')),
      422,
      'wrong-audience',
    );
  });
  test('wrong-session', async () => {
    await expectRefused(await fresh((record) => void (record.machine.id = 'm-other')), 422, 'wrong-session');
  });
  test('laws-disagree: a better grade than the facts allow', async () => {
    await expectRefused(await fresh((record) => void (record.grade.overall = 'A')), 422, 'laws-disagree');
  });
  test('laws-disagree: unknown said to be done', async () => {
    const lie = (record: MachineRecord): void => {
      const evidence = record.sanitizations[2];
      if (evidence) Object.assign(evidence, { outcome: 'done', levelAchieved: 'none', reasons: [] });
    };
    await expectRefused(await fresh(lie), 422, 'laws-disagree');
  });
  test('laws-disagree: a rehearsal without its notice', async () => {
    await expectRefused(await fresh((record) => void (record.notice = null)), 422, 'laws-disagree');
  });
  test('unknown-session: our key signed it, our database does not know it', async () => {
    const forged = await strangeLaptop({ role: 'server', key: house.keys.server });
    const chain = [...forged.chain, ...house.workshop.serverChain];
    await expectRefused(await fresh(undefined, { ...forged, chain }), 422, 'unknown-session');
  });
  test('unknown-stick', async () => {
    const stick = await generateSessionKey();
    const certificate = await keyCertificate(
      { role: 'server', key: house.keys.server },
      { role: 'stick', publicKey: stick.publicKey },
      house.workshop.ref.id,
    );
    const offline = await offlineLaptop(
      stick,
      [certificate, ...house.workshop.serverChain],
      house.workshop.ref.id,
    );
    await expectRefused(await fresh(undefined, offline), 422, 'unknown-stick');
  });
  test('sequence-conflict', async () => {
    const bytes = await recordBytes(laptop, { sequence: 991 });
    expect((await submit(house.url, bytes)).status).toBe(201);
    await expectRefused(await recordBytes(laptop, { sequence: 991 }), 409, 'sequence-conflict');
  });
  test('text longer than a line holds, 1 MB of it', async () => {
    const envelope = JSON.parse(new TextDecoder().decode(await fresh())) as Envelope;
    const record = JSON.parse(
      new TextDecoder().decode(Uint8Array.fromBase64(envelope.payload)),
    ) as MachineRecord;
    record.agent.version = 'x'.repeat(1024 * 1024);
    const payload = new TextEncoder().encode(JSON.stringify(record)).toBase64();
    await expectRefused(text(JSON.stringify({ ...envelope, payload })), 400, 'wrong-shape');
  });

  async function strangeLaptop(issuer: Parameters<typeof keyCertificate>[0]): Promise<Laptop> {
    const key = await generateSessionKey();
    const session = {
      sessionId: crypto.randomUUID() as string,
      bench: 'B',
      technician: null,
      machineId: newMachineId(),
      nonce: newNonce(),
    };
    const subject = { role: 'session', publicKey: key.publicKey } as const;
    const leaf = await keyCertificate(issuer, subject, house.workshop.ref.id, session);
    return {
      key,
      sessionId: session.sessionId,
      machineId: session.machineId,
      audience: house.workshop.ref.id,
      chain: [leaf],
    };
  }
});

describe('bad input', () => {
  test('a body over the limit is refused without being read or kept, and counted', async () => {
    for (const size of [ENVELOPE_MAX + 1, 100 * 1024 * 1024])
      expect(await announce(size)).toMatchObject({ status: 413, code: 'too-large' });
    const tally = house.db.selectFrom('tallies').select('count').where('name', '=', 'too-large');
    expect((await tally.executeTakeFirstOrThrow()).count).toBe(2);
  });
  test('another content type is refused', async () => {
    expect(await submit(house.url, new Uint8Array([1]), 'text/plain')).toMatchObject({
      status: 415,
      body: { error: { code: 'wrong-content-type' } },
    });
  });
  test.each([
    '/api/records/../../etc/passwd.json',
    '/api/records/..%2f..%2fkeys.json',
    '/api/records/%00.json',
    `/api/records/${'a'.repeat(63)}.json`,
    `/api/records/${'A'.repeat(64)}.json`,
    '/api/certificates/..%2f..%2fpassphrase.pdf',
    '/api/certificates/1.json',
  ])('path trick %s', async (path) => {
    const lead = await new Visitor(house.url).signIn(await house.codes.make('sign-in', 'responsable'));
    const { status, text } = await lead.raw(path);
    expect([400, 404]).toContain(status);
    expect(JSON.parse(text)).toMatchObject({
      error: {
        code: expect.stringMatching(/^(wrong-shape|bad-request|not-found)$/),
        fr: expect.any(String),
        en: expect.any(String),
      },
    });
  });
  test('documents are for signed-in people', async () => {
    const { status, text } = await new Visitor(house.url).get(`/api/records/${'a'.repeat(64)}.json`);
    expect([status, (JSON.parse(text) as { error: { code: string } }).error.code]).toEqual([
      401,
      'sign-in-first',
    ]);
  });
  test('hostile text is accepted as data, and no log line carries it raw', async () => {
    const hostile = await openLaptop(house.url, await house.benchCode());
    expect((await submit(house.url, await recordBytes(hostile, { text: HOSTILE }))).status).toBe(201);
    await fetch(`${house.url}/api/${encodeURIComponent(HOSTILE)}`);
    expect(house.log()).not.toMatch(/\u001b|\u202e|\\u001b|\\u0000/);
  });
  test('an answer never carries a stack', async () => {
    for (const path of ['/api/nowhere', '/healthz/x', '/api/records']) {
      const body = await (await fetch(house.url + path)).text();
      expect(body).not.toMatch(/at .*\.ts|node_modules/);
    }
  });
});

async function post(path: string, body: object): Promise<{ status: number; body: Record<string, unknown> }> {
  const response = await fetch(house.url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

/** Announces a body of `size` bytes and sends its beginning. */
function announce(size: number): Promise<{ status: number | undefined; code: string }> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json', 'content-length': size };
    const sending = httpRequest(`${house.url}/api/records`, { method: 'POST', headers }, (response) => {
      textOf(response).then((text) => {
        sending.destroy();
        const { error } = JSON.parse(text) as { error: { code: string } };
        return resolve({ status: response.statusCode, code: error.code });
      }, reject);
    });
    sending.on('error', reject);
    sending.write('x'.repeat(1000));
  });
}
