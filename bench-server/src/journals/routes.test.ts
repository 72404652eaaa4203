import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import {
  checkChain,
  checkSignature,
  type Envelope,
  envelopeBytes,
  generateSessionKey,
  JOURNAL_PART_TYPE,
  JOURNAL_RECEIPT_TYPE,
  type JournalPart,
  LEFT_JOURNALS_REQUEST_TYPE,
  type LeftJournalsRequest,
  type MachineRecord,
  openAs,
  seal,
  type SigningKey,
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
} from '../../../test-fixtures/laptops.ts';
import { recordBytes } from '../../../test-fixtures/records.ts';
import { submit } from '../../../test-fixtures/server.ts';
import { Visitor } from '../../../test-fixtures/visitor.ts';
import { revokeStick } from '../sticks/queries.ts';

let house: House;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.close());

const laptopOf = async (machineId?: string): Promise<Laptop> =>
  openLaptop(house.url, await house.benchCode(), machineId);

async function partBytes(
  laptop: Laptop,
  from: number,
  lines: string[],
  change: Partial<JournalPart> = {},
  key: SigningKey = laptop.key,
): Promise<Uint8Array> {
  const { audience, sessionId, machineId, chain } = laptop;
  const part: JournalPart = {
    schema: 'rebond.journal-part/1',
    ...{ audience, sessionId, machineId, from, lines, chain: [...chain] },
    ...change,
  };
  return envelopeBytes(await seal(JOURNAL_PART_TYPE, part, key));
}

type Answer = { status: number; body: Record<string, unknown> };

async function post(path: string, bytes: Uint8Array | string, type = 'application/json'): Promise<Answer> {
  const body = typeof bytes === 'string' ? bytes : new Uint8Array(bytes);
  const response = await fetch(house.url + path, { method: 'POST', headers: { 'content-type': type }, body });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

const send = async (laptop: Laptop, from: number, lines: string[]): Promise<Answer> =>
  post('/api/journals', await partBytes(laptop, from, lines));

const refused = (status: number, code: string) => ({
  status,
  body: { error: { code, fr: expect.any(String), en: expect.any(String) } },
});

const digestOf = (lines: string[]): string =>
  createHash('sha256')
    .update(lines.map((line) => `${line}\n`).join(''))
    .digest('hex');

/** Checks the receipt as an agent does. @returns what it acknowledges */
async function acknowledged({ status, body }: Answer): Promise<{ lines: number; sha256: string }> {
  expect(status).toBe(200);
  const receipt = body['receipt'] as Envelope;
  const { leaf, anchor } = await checkChain(body['chain'] as Envelope[]);
  expect([anchor, leaf.subject.role]).toEqual([house.workshop.anchor, 'server']);
  await checkSignature(receipt, leaf.subject.publicKey);
  return openAs(JOURNAL_RECEIPT_TYPE, receipt).payload;
}

async function left(laptop: Laptop, change: Partial<LeftJournalsRequest> = {}): Promise<Answer> {
  const { audience, sessionId, machineId, chain } = laptop;
  const request: LeftJournalsRequest = {
    schema: 'rebond.left-journals-request/1',
    ...{ audience, sessionId, machineId, onStick: [], nonce: newNonce(), chain: [...chain] },
    ...change,
  };
  return post(
    '/api/journals/left',
    envelopeBytes(await seal(LEFT_JOURNALS_REQUEST_TYPE, request, laptop.key)),
  );
}

const leftSessions = async (laptop: Laptop): Promise<string[]> => {
  const { status, body } = await left(laptop);
  expect(status).toBe(200);
  return (body['journals'] as { sessionId: string }[]).map(({ sessionId }) => sessionId);
};

describe('a journal', () => {
  test('grows part by part, and each receipt says what is held of it', async () => {
    const laptop = await laptopOf();
    const lines = ['{"n":0}', '{"é":"à"}', '', 'x'.repeat(5000)];
    expect(await acknowledged(await send(laptop, 0, lines.slice(0, 1)))).toMatchObject({
      schema: 'rebond.journal-receipt/1',
      sessionId: laptop.sessionId,
      audience: laptop.audience,
      lines: 1,
      sha256: digestOf(lines.slice(0, 1)),
      receivedAt: { timeSource: 'server' },
    });
    const whole = await acknowledged(await send(laptop, 1, lines.slice(1)));
    expect(whole).toMatchObject({ lines: 4, sha256: digestOf(lines) });
  });

  test('takes the same lines again, and what comes after them', async () => {
    const laptop = await laptopOf();
    await send(laptop, 0, ['a', 'b', 'c']);
    expect(await acknowledged(await send(laptop, 0, ['a', 'b', 'c']))).toMatchObject({ lines: 3 });
    expect(await acknowledged(await send(laptop, 1, ['b']))).toMatchObject({ lines: 3 });
    const more = await acknowledged(await send(laptop, 0, ['a', 'b', 'c', 'd']));
    expect(more).toMatchObject({ lines: 4, sha256: digestOf(['a', 'b', 'c', 'd']) });
    const end = await acknowledged(await send(laptop, 2, ['c', 'd', 'e']));
    expect(end).toMatchObject({ lines: 5, sha256: digestOf(['a', 'b', 'c', 'd', 'e']) });
  });

  test('is never rewritten, and has no holes', async () => {
    const laptop = await laptopOf();
    await send(laptop, 0, ['a', 'b']);
    expect(await send(laptop, 0, ['a', 'B'])).toMatchObject(refused(409, 'journal-conflict'));
    expect(await send(laptop, 0, ['A', 'b', 'c'])).toMatchObject(refused(409, 'journal-conflict'));
    expect(await send(laptop, 1, ['x', 'c'])).toMatchObject(refused(409, 'journal-conflict'));
    expect(await send(laptop, 3, ['d'])).toMatchObject(refused(409, 'journal-gap'));
    expect(await send(await laptopOf(), 1, ['b'])).toMatchObject(refused(409, 'journal-gap'));
    const held = await acknowledged(await send(laptop, 2, ['c']));
    expect(held).toMatchObject({ lines: 3, sha256: digestOf(['a', 'b', 'c']) });
    expect(house.log()).toContain('journal refused');
  });

  test('parts that arrive together are put in order or refused, never mixed', async () => {
    const laptop = await laptopOf();
    const parts = await Promise.all(
      Array.from({ length: 20 }, (_, from) => partBytes(laptop, from, [`line ${from}`])),
    );
    const answers = await Promise.all(parts.map((bytes) => post('/api/journals', bytes)));
    for (const { status } of answers) expect([200, 409]).toContain(status);
    for (const bytes of parts) await post('/api/journals', bytes);
    const lines = Array.from({ length: 21 }, (_, index) => `line ${index}`);
    const held = await acknowledged(await send(laptop, 20, ['line 20']));
    expect(held).toMatchObject({ lines: 21, sha256: digestOf(lines) });
  });

  test('has the same digest after the server was away', async () => {
    const { journalStore } = await import('./store.ts');
    const laptop = await laptopOf();
    await send(laptop, 0, ['a', 'b']);
    await send(laptop, 1, ['b', 'c']);
    const { acceptPart } = await import('./accept.ts');
    const accepted = await acceptPart(await partBytes(laptop, 3, ['d']), {
      workshopId: house.workshop.ref.id,
      anchor: house.workshop.anchor,
      serverKey: house.keys.server.publicKey,
      sessionKnown: async () => true,
      stick: async () => 'unknown',
    });
    const fresh = journalStore(house.db);
    expect(await fresh(accepted, new Date())).toEqual({
      lines: 4,
      sha256: digestOf(['a', 'b', 'c', 'd']),
    });
    // The first store's memory is behind now: it reads again what is held.
    expect(await acknowledged(await send(laptop, 4, ['e']))).toMatchObject({
      sha256: digestOf(['a', 'b', 'c', 'd', 'e']),
    });
  });

  test('its parts are kept byte for byte', async () => {
    const laptop = await laptopOf();
    const bytes = await partBytes(laptop, 0, ['as it came']);
    await post('/api/journals', bytes);
    const rows = house.db
      .selectFrom('journalParts')
      .select('bytes')
      .where('sessionId', '=', laptop.sessionId);
    const row = await rows.executeTakeFirstOrThrow();
    expect(Buffer.from(row.bytes).equals(Buffer.from(bytes))).toBe(true);
  });

  test('ends at 64 MiB, with a code of its own', async () => {
    const laptop = await laptopOf();
    await send(laptop, 0, ['a']);
    await house.db
      .updateTable('journals')
      .set({ size: 64 * 1024 * 1024 - 10 })
      .where('sessionId', '=', laptop.sessionId)
      .execute();
    expect(await send(laptop, 1, ['b'])).toMatchObject(refused(413, 'journal-full'));
    expect((await send(laptop, 0, ['a'])).status).toBe(200);
  });

  test('on a full disk nothing is acknowledged', async () => {
    const laptop = await laptopOf();
    await sql`pragma max_page_count = 1`.execute(house.db);
    const answers: Answer[] = [];
    for (let from = 0; from < 8; from++) answers.push(await send(laptop, 0, ['x'.repeat(100_000)]));
    await sql`pragma max_page_count = 1000000`.execute(house.db);
    expect(answers.at(-1)).toMatchObject(refused(507, 'disk-full'));
    expect((await send(laptop, 0, ['x'.repeat(100_000)])).status).toBe(200);
  });

  test('shows on the bench page that it is kept', async () => {
    const laptop = await laptopOf();
    await send(laptop, 0, ['a']);
    const lead = await new Visitor(house.url).signIn(await house.codes.make('sign-in', 'responsable'));
    expect((await lead.get('/?lang=fr')).text).toContain('journal gardé, dernière ligne');
  });
});

describe('a part is refused', () => {
  test('when it was altered or signed by another key', async () => {
    const laptop = await laptopOf();
    const bytes = await partBytes(laptop, 0, ['a'], {}, await generateSessionKey());
    expect(await post('/api/journals', bytes)).toMatchObject(refused(401, 'wrong-key'));
    const envelope = JSON.parse(new TextDecoder().decode(await partBytes(laptop, 0, ['a']))) as Envelope;
    const other = JSON.parse(new TextDecoder().decode(await partBytes(laptop, 0, ['b']))) as Envelope;
    const altered = envelopeBytes({ ...envelope, payload: other.payload });
    expect(await post('/api/journals', altered)).toMatchObject(refused(401, 'bad-signature'));
  });

  test('when nobody that this server knows vouches for its key', async () => {
    const laptop = await laptopOf();
    const [workshop, server] = [await generateSessionKey(), await generateSessionKey()];
    const id = laptop.audience;
    const session = {
      sessionId: laptop.sessionId,
      bench: 'Table 1',
      technician: null,
      machineId: laptop.machineId,
      nonce: newNonce(),
    };
    const subject = { role: 'session', publicKey: laptop.key.publicKey } as const;
    const chain = [
      await keyCertificate({ role: 'server', key: server }, subject, id, session),
      await keyCertificate(
        { role: 'workshop', key: workshop },
        { role: 'server', publicKey: server.publicKey },
        id,
      ),
    ];
    const forged = await partBytes(laptop, 0, ['a'], { chain });
    expect(await post('/api/journals', forged)).toMatchObject(refused(401, 'unknown-key'));
    const broken = await partBytes(laptop, 0, ['a'], { chain: laptop.chain.slice(0, 1) });
    expect(await post('/api/journals', broken)).toMatchObject(refused(401, 'chain-broken'));
  });

  test.each([
    [{ audience: 'atelier-ailleurs' }, 'wrong-audience'],
    [{ machineId: 'm-another' }, 'wrong-session'],
    [{ sessionId: '00000000-0000-4000-8000-000000000000' }, 'wrong-session'],
  ])('when it speaks of another workshop, machine or session: %o', async (change, code) => {
    const bytes = await partBytes(await laptopOf(), 0, ['a'], change);
    expect(await post('/api/journals', bytes)).toMatchObject(refused(422, code));
  });

  test('when its session is not known here, or its stick is not or no longer', async () => {
    const laptop = await laptopOf();
    await house.db.deleteFrom('benchSessions').where('sessionId', '=', laptop.sessionId).execute();
    expect(await send(laptop, 0, ['a'])).toMatchObject(refused(422, 'unknown-session'));
    const { laptop: offline, stick } = await withStick();
    expect((await send(offline, 0, ['a'])).status).toBe(200);
    await revokeStick(house.db, stick.publicKey, new Date());
    expect(await send(offline, 1, ['b'])).toMatchObject(refused(422, 'revoked-stick'));
  });

  test('when a stick lends another key to a session that already speaks', async () => {
    const laptop = await laptopOf();
    await send(laptop, 0, ['a']);
    const { laptop: thief, stick } = await withStick();
    const session = {
      sessionId: laptop.sessionId,
      bench: '',
      technician: null,
      machineId: laptop.machineId,
      nonce: newNonce(),
    };
    const subject = { role: 'session', publicKey: thief.key.publicKey } as const;
    const leaf = await keyCertificate({ role: 'stick', key: stick }, subject, laptop.audience, session);
    const posing = { ...laptop, key: thief.key, chain: [leaf, ...thief.chain.slice(1)] };
    expect(await send(posing, 1, ['b'])).toMatchObject(refused(409, 'session-conflict'));
  });

  test('when it is no part at all', async () => {
    const laptop = await laptopOf();
    expect(await post('/api/journals', '{')).toMatchObject(refused(400, 'not-json'));
    expect(await post('/api/journals', await recordBytes(laptop))).toMatchObject(
      refused(400, 'unknown-type'),
    );
    expect(await post('/api/journals', 'a', 'text/plain')).toMatchObject(refused(415, 'wrong-content-type'));
    expect(await post('/api/journals', 'x'.repeat(2 * 1024 * 1024 + 1))).toMatchObject(
      refused(413, 'too-large'),
    );
    expect(await send(laptop, 0, ['a\nb'])).toMatchObject(refused(400, 'wrong-shape'));
  });
});

async function withStick(): Promise<{ laptop: Laptop; stick: SigningKey }> {
  const stick = await generateSessionKey();
  const code = await house.codes.make('stick', 'responsable');
  const { body } = await post('/api/sticks', JSON.stringify({ publicKey: stick.publicKey, code }));
  return { stick, laptop: await offlineLaptop(stick, body['chain'] as Envelope[], house.workshop.ref.id) };
}

describe('left journals', () => {
  test('go to a later session of the same machine, whole, and to no other', async () => {
    const machineId = newMachineId();
    const cutOff = await laptopOf(machineId);
    const parts = [await partBytes(cutOff, 0, ['a']), await partBytes(cutOff, 1, ['b', 'c'])];
    for (const bytes of parts) await post('/api/journals', bytes);
    const next = await laptopOf(machineId);
    await send(next, 0, ['own']);
    const { body } = await left(next);
    expect(body).toEqual({
      journals: [
        {
          sessionId: cutOff.sessionId,
          parts: parts.map((bytes) => JSON.parse(new TextDecoder().decode(bytes)) as Envelope),
        },
      ],
      open: [],
    });
    expect(await leftSessions(await laptopOf())).toEqual([]);
    // A stick may come from another machine: of its sessions the server says only which have no record.
    const { body: asked } = await left(await laptopOf(), { onStick: [cutOff.sessionId] });
    expect(asked).toEqual({ journals: [], open: [cutOff.sessionId] });
    expect(await left(await laptopOf(), { machineId })).toMatchObject(refused(422, 'wrong-session'));
    expect(await left(next, { audience: 'atelier-ailleurs' })).toMatchObject(refused(422, 'wrong-audience'));
  });

  test('are left no longer once a record gives account of the session, its own or another’s', async () => {
    const machineId = newMachineId();
    const [first, second, third] = [
      await laptopOf(machineId),
      await laptopOf(machineId),
      await laptopOf(machineId),
    ];
    for (const laptop of [first, second, third]) await send(laptop, 0, [laptop.sessionId]);
    expect(new Set(await leftSessions(third))).toEqual(new Set([second.sessionId, first.sessionId]));
    const account = (record: MachineRecord): void => {
      record.accountOf = first.sessionId;
      for (const { plan } of record.sanitizations) plan.sessionId = first.sessionId;
    };
    expect((await submit(house.url, await recordBytes(third, { change: account }))).status).toBe(201);
    expect(await leftSessions(third)).toEqual([second.sessionId]);
    expect((await submit(house.url, await recordBytes(second))).status).toBe(201);
    expect(await leftSessions(third)).toEqual([]);
    // What comes late, after the record, does not open it again.
    expect((await send(second, 1, ['late'])).status).toBe(200);
    expect(await leftSessions(third)).toEqual([]);
  });

  test('of sessions that only a stick vouched for are kept and left too', async () => {
    const { laptop: offline } = await withStick();
    await send(offline, 0, ['offline']);
    const next = await laptopOf(offline.machineId);
    expect(await leftSessions(next)).toEqual([offline.sessionId]);
    expect((await submit(house.url, await recordBytes(offline))).status).toBe(201);
    expect(await leftSessions(next)).toEqual([]);
  });

  test('are at most sixteen, the newest, and never cut', async () => {
    const machineId = newMachineId();
    const sessions: string[] = [];
    for (let index = 0; index < 18; index++) {
      const laptop = await laptopOf(machineId);
      sessions.push(laptop.sessionId);
      house.later(1000);
      await send(laptop, 0, ['a']);
    }
    const next = await laptopOf(machineId);
    expect(await leftSessions(next)).toEqual(sessions.slice(2).toReversed());
    await house.db
      .updateTable('journals')
      .set({ size: 17 * 1024 * 1024 })
      .where('sessionId', '=', sessions[17] ?? '')
      .execute();
    expect(await leftSessions(next)).toEqual(sessions.slice(2, 17).toReversed());
  });

  test('are not given after the session’s day', async () => {
    const laptop = await laptopOf();
    house.later(24 * 3_600_000 + 1);
    expect(await left(laptop)).toMatchObject(refused(401, 'key-expired'));
    expect(await post('/api/journals/left', await partBytes(laptop, 0, ['a']))).toMatchObject(
      refused(400, 'unknown-type'),
    );
  });
});
