import {
  checkChain,
  checkSignature,
  type Envelope,
  generateSessionKey,
  openAs,
  seal,
  SHELL_GRANT_TYPE,
  SHELL_REQUEST_TYPE,
  type ShellRequest,
  type SigningKey,
} from '@rebond/protocol';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type House, openHouse } from '../../../test-fixtures/house.ts';
import { type Laptop, newNonce, openLaptop } from '../../../test-fixtures/laptops.ts';
import { Visitor } from '../../../test-fixtures/visitor.ts';

let house: House;

/** A house for each group: guesses are rate-limited. */
function ownHouse(): void {
  beforeAll(async () => {
    house = await openHouse();
  });
  afterAll(() => house.close());
}

const laptopOf = async (): Promise<Laptop> => openLaptop(house.url, await house.benchCode());
const shellCode = (): Promise<string> => house.codes.make('shell', 'responsable');
const lead = async (): Promise<Visitor> =>
  new Visitor(house.url).signIn(await house.codes.make('sign-in', 'responsable'));

async function requestOf(
  laptop: Laptop,
  change: Partial<ShellRequest> = {},
  key: SigningKey = laptop.key,
): Promise<Envelope> {
  const { audience, sessionId, machineId, chain } = laptop;
  const request: ShellRequest = {
    schema: 'rebond.shell-request/1',
    ...{ audience, sessionId, machineId, nonce: newNonce(), chain: [...chain] },
    ...change,
  };
  return await seal(SHELL_REQUEST_TYPE, request, key);
}

async function ask(request: Envelope, code: string) {
  const response = await fetch(`${house.url}/api/shells`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ request, code }),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

const refused = (status: number, code: string) => ({
  status,
  body: { error: { code, fr: expect.any(String), en: expect.any(String) } },
});
const openings = () => house.db.selectFrom('shellOpenings').selectAll().execute();

describe('a shell', () => {
  ownHouse();
  test('opens once for a lead’s code, for this session and nonce, and is written down', async () => {
    const laptop = await laptopOf();
    const code = await shellCode();
    const request = await requestOf(laptop);
    const { status, body } = await ask(request, code.toLowerCase());
    expect(status).toBe(201);
    const grant = body['grant'] as Envelope;
    const { leaf, anchor } = await checkChain(body['chain'] as Envelope[]);
    expect(anchor).toBe(house.workshop.anchor);
    await checkSignature(grant, leaf.subject.publicKey);
    const { nonce } = openAs(SHELL_REQUEST_TYPE, request).payload;
    expect(openAs(SHELL_GRANT_TYPE, grant).payload).toMatchObject({
      audience: laptop.audience,
      sessionId: laptop.sessionId,
      nonce,
      lead: { id: 'responsable', name: 'Responsable' },
      grantedAt: { timeSource: 'server' },
    });
    expect(await openings()).toMatchObject([
      { sessionId: laptop.sessionId, machineId: laptop.machineId, leadId: 'responsable', nonce },
    ]);
    expect(await ask(await requestOf(laptop), code)).toMatchObject(refused(401, 'bad-code'));
    expect(await openings()).toHaveLength(1);
    expect(house.log()).toContain('shell opened');
    expect(house.log()).not.toContain(code);
    // The same request does not open a second one, and the code that came with it stays good.
    const second = await shellCode();
    expect(await ask(request, second)).toMatchObject(refused(409, 'session-conflict'));
    expect((await ask(await requestOf(laptop), second)).status).toBe(201);
  });

  test('the page makes codes and lists openings, for leads only', async () => {
    const visitor = await lead();
    const page = await visitor.form('/shells?lang=fr', '/shells/code', {});
    const code = /class="code">([A-Z-]+)</.exec(page.text)?.[1] ?? '';
    const laptop = await laptopOf();
    expect((await ask(await requestOf(laptop), code)).status).toBe(201);
    const { text } = await visitor.get('/shells');
    expect(text).toContain(laptop.sessionId);
    expect(text).toContain('Responsable');
    expect(text).toContain('demandes refusées'); // those of the test above

    const handed = await visitor.form('/people', '/people', { name: 'Technicien 1', role: 'technician' });
    const technician = await new Visitor(house.url).signIn(
      /class="code">([A-Z-]+)</.exec(handed.text)?.[1] ?? '',
    );
    expect((await technician.get('/shells')).status).toBe(403);
    expect((await technician.form('/', '/shells/code', {})).status).toBe(403);
    expect((await new Visitor(house.url).get('/shells')).status).toBe(303);
    expect((await visitor.post('/shells/code', { _csrf: 'made-up' })).status).toBe(403);
  });
});

describe('no shell', () => {
  ownHouse();
  test('for another kind of code, a technician’s, a lead’s no more, or one that is too old', async () => {
    const laptop = await laptopOf();
    const person = { nameKey: 't', role: 'technician', passphrase: null, createdAt: '', signedInAt: null };
    await house.db
      .insertInto('people')
      .values({ id: 't-1', name: 'T', disabledAt: null, ...person, role: 'technician' })
      .execute();
    const codes = [
      await house.benchCode(),
      await house.codes.make('stick', 'responsable'),
      await house.codes.make('sign-in', 'responsable'),
      await house.codes.make('shell', 't-1'),
      'BBBB-BBBB-BBBB',
      '',
    ];
    for (const code of codes) {
      expect(await ask(await requestOf(laptop), code)).toMatchObject(refused(401, 'bad-code'));
    }
    const old = await shellCode();
    house.later(15 * 60_000 + 1);
    expect(await ask(await requestOf(laptop), old)).toMatchObject(refused(401, 'bad-code'));
    expect(await openings()).toEqual([]);
  });

  test('for a request by another key, machine, session or workshop; its code stays good', async () => {
    const laptop = await laptopOf();
    const code = await shellCode();
    const strange = await generateSessionKey();
    expect(await ask(await requestOf(laptop, {}, strange), code)).toMatchObject(refused(401, 'wrong-key'));
    for (const [change, name] of [
      [{ audience: 'atelier-ailleurs' }, 'wrong-audience'],
      [{ machineId: 'm-another' }, 'wrong-session'],
      [{ sessionId: crypto.randomUUID() }, 'wrong-session'],
    ] as const) {
      expect(await ask(await requestOf(laptop, change), code)).toMatchObject(refused(422, name));
    }
    expect((await ask(await requestOf(laptop), code)).status).toBe(201);
  });

  test('after the session’s day', async () => {
    const laptop = await laptopOf();
    house.later(24 * 3_600_000 + 1);
    expect(await ask(await requestOf(laptop), await shellCode())).toMatchObject(refused(401, 'key-expired'));
  });

  test('by guessing: tries are limited, and the refused ones counted', async () => {
    const laptop = await laptopOf();
    const request = await requestOf(laptop);
    const tries = await Promise.all(Array.from({ length: 40 }, () => ask(request, 'BBBB-BBBB-BBBB')));
    expect(tries.at(-1)).toMatchObject(refused(429, 'too-many'));
    const { text } = await (await lead()).get('/shells?lang=fr');
    expect(Number(/<strong>(\d+)<\/strong>\s*demandes refusées/.exec(text)?.[1])).toBeGreaterThan(10);
  });
});
