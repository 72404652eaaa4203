import { checkChain, type Envelope, generateSessionKey, type MachineRecord } from '@rebond/protocol';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type House, openHouse } from '../../../test-fixtures/house.ts';
import { newMachineId, offlineLaptop, openLaptop, sessionRequest } from '../../../test-fixtures/laptops.ts';
import { recordBytes } from '../../../test-fixtures/records.ts';
import { submit } from '../../../test-fixtures/server.ts';
import { openSessions } from './queries.ts';

let house: House;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.close());

async function post(path: string, body: unknown): Promise<{ status: number; body: Record<string, unknown> }> {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const response = await fetch(house.url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: text,
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

const about = () => ({
  sessionId: crypto.randomUUID() as string,
  machineId: newMachineId(),
  bench: 'Table 4',
});
const refused = (status: number, code: string) => ({ status, body: { error: { code } } });

test('a code opens one session, certified for its technician, bench, machine and 24 hours', async () => {
  const key = await generateSessionKey();
  const asked = about();
  const request = await sessionRequest(key, { ...asked, audience: house.workshop.ref.id });
  const code = await house.benchCode();
  const { status, body } = await post('/api/sessions', {
    request,
    signIn: { code: code.toLowerCase().replaceAll('-', ' ') },
  });
  expect(status).toBe(201);
  expect(body).toMatchObject({
    workshop: house.workshop.ref,
    anchor: house.workshop.anchor,
    time: { timeSource: 'server' },
  });
  const { leaf, anchor, offline } = await checkChain(body['chain'] as Envelope[]);
  expect([anchor, offline]).toEqual([house.workshop.anchor, false]);
  expect(leaf).toMatchObject({
    subject: { role: 'session', publicKey: key.publicKey },
    session: { ...asked, technician: { id: 'responsable', name: 'Responsable' } },
  });
  expect(Date.parse(leaf.notAfter) - Date.parse(leaf.issuedAt.wall)).toBe(24 * 3_600_000);
  expect(await post('/api/sessions', { request, signIn: { code } })).toMatchObject(refused(401, 'bad-code'));
});

test('the same session, key and machine may be certified again; another key may not take it', async () => {
  const key = await generateSessionKey();
  const asked = about();
  const again = async (by = key) =>
    post('/api/sessions', {
      request: await sessionRequest(by, asked),
      signIn: { code: await house.benchCode() },
    });
  expect((await again()).status).toBe(201);
  expect((await again()).status).toBe(201);
  expect(await again(await generateSessionKey())).toMatchObject(refused(409, 'session-conflict'));
});

test('a code is good for 15 minutes and for its own kind', async () => {
  const request = await sessionRequest(await generateSessionKey(), about());
  const stickCode = await house.codes.make('stick', 'responsable');
  expect(await post('/api/sessions', { request, signIn: { code: stickCode } })).toMatchObject(
    refused(401, 'bad-code'),
  );
  const code = await house.benchCode();
  const stick = { publicKey: (await generateSessionKey()).publicKey, code };
  expect(await post('/api/sticks', stick)).toMatchObject(refused(401, 'bad-code'));
  house.later(15 * 60_000 + 1);
  expect(await post('/api/sessions', { request, signIn: { code } })).toMatchObject(refused(401, 'bad-code'));
});

test.each(['', 'B', 'BBBB-BBBB', '123456789012', 'é'.repeat(12), 'B'.repeat(5000)])(
  'what cannot be a code (%s) is a wrong code',
  async (code) => {
    const request = await sessionRequest(await generateSessionKey(), about());
    expect(await post('/api/sessions', { request, signIn: { code } })).toMatchObject(
      refused(401, 'bad-code'),
    );
  },
);

test('a session is listed as open until a record gives account of it', async () => {
  const listed = async (machineId: string): Promise<boolean> => {
    const lines = await openSessions(house.db, new Date(), 1000);
    return lines.some((each) => each.machineId === machineId);
  };
  const [cutOff, laptop] = [
    await openLaptop(house.url, await house.benchCode()),
    await openLaptop(house.url, await house.benchCode()),
  ];
  const account = (record: MachineRecord): void => {
    record.accountOf = cutOff.sessionId;
    for (const { plan } of record.sanitizations) plan.sessionId = cutOff.sessionId;
  };
  expect((await submit(house.url, await recordBytes(laptop, { change: account }))).status).toBe(201);
  expect([await listed(cutOff.machineId), await listed(laptop.machineId)]).toEqual([false, true]);
  expect((await submit(house.url, await recordBytes(laptop, { sequence: 1 }))).status).toBe(201);
  expect(await listed(laptop.machineId)).toBe(false);
});

test('a request must be signed by the key that it names, and be meant for this workshop', async () => {
  const other = await generateSessionKey();
  const stolen = await sessionRequest(await generateSessionKey(), { ...about(), publicKey: other.publicKey });
  const code = await house.benchCode();
  expect(await post('/api/sessions', { request: stolen, signIn: { code } })).toMatchObject(
    refused(401, 'wrong-key'),
  );
  const elsewhere = await sessionRequest(other, { ...about(), audience: 'atelier-ailleurs' });
  expect(await post('/api/sessions', { request: elsewhere, signIn: { code } })).toMatchObject(
    refused(422, 'wrong-audience'),
  );
  const request = await sessionRequest(other, about());
  expect((await post('/api/sessions', { request, signIn: { code } })).status).toBe(201); // none of that used the code up
});

test('malformed bodies are refused with a code', async () => {
  const request = await sessionRequest(await generateSessionKey(), about());
  expect(await post('/api/sessions', '{"request":')).toMatchObject(refused(400, 'not-json'));
  expect(await post('/api/sessions', '')).toMatchObject(refused(400, 'not-json'));
  expect(await post('/api/sessions', { request })).toMatchObject(refused(400, 'wrong-shape'));
  expect(await post('/api/sessions', { request, signIn: { code: 12 } })).toMatchObject(
    refused(400, 'wrong-shape'),
  );
  expect(await post('/api/sessions', { request, signIn: { code: 'BBBBBBBB', more: 1 } })).toMatchObject(
    refused(400, 'wrong-shape'),
  );
  expect(
    await post('/api/sessions', { request: { ...request, payload: 'é' }, signIn: { code: 'BBBBBBBB' } }),
  ).toMatchObject(refused(400, 'wrong-shape'));
  expect(await post('/api/sessions', 'x'.repeat(100_000))).toMatchObject(refused(413, 'too-large'));
  expect(await post('/api/sticks', { publicKey: 'short', code: 'BBBBBBBB' })).toMatchObject(
    refused(400, 'wrong-shape'),
  );
});

test('a revoked stick vouches for nothing, and cannot be paired again', async () => {
  const { revokeStick } = await import('../sticks/queries.ts');
  const stick = await generateSessionKey();
  const pair = async () =>
    post('/api/sticks', { publicKey: stick.publicKey, code: await house.codes.make('stick', 'responsable') });
  const { body } = await pair();
  const laptop = await offlineLaptop(stick, body['chain'] as Envelope[], house.workshop.ref.id);
  await revokeStick(house.db, stick.publicKey, new Date());
  expect(await submit(house.url, await recordBytes(laptop))).toMatchObject(refused(422, 'revoked-stick'));
  expect(await pair()).toMatchObject(refused(422, 'revoked-stick'));
});

test('guessing codes runs into a limit', async () => {
  const request = await sessionRequest(await generateSessionKey(), about());
  const answers = await Promise.all(
    Array.from({ length: 130 }, () => post('/api/sessions', { request, signIn: { code: 'BBBB-BBBB-BBBB' } })),
  );
  const codes = new Set(answers.map(({ body }) => (body['error'] as { code: string }).code));
  expect(codes).toEqual(new Set(['bad-code', 'too-many']));
  expect(house.log()).not.toContain('BBBB-BBBB');
});
