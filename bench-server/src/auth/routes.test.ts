import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type House, openHouse } from '../../../test-fixtures/house.ts';
import { Visitor } from '../../../test-fixtures/visitor.ts';
import { findByName } from '../people/queries.ts';

let house: House;

/** A house for each group: sign-ins are rate-limited. */
function ownHouse(): void {
  beforeAll(async () => {
    house = await openHouse();
  });
  afterAll(() => house.close());
}

const leadCode = (): Promise<string> => house.codes.make('sign-in', 'responsable');
const lead = async (): Promise<Visitor> => new Visitor(house.url).signIn(await leadCode());

/** Adds a technician as the lead does, and returns the code on the page. */
async function technician(name: string): Promise<string> {
  const { status, text } = await (await lead()).form('/people', '/people', { name, role: 'technician' });
  expect(status).toBe(201);
  return /class="code">([A-Z-]+)</.exec(text)?.[1] ?? '';
}

describe('one-time codes', () => {
  ownHouse();
  test('a code signs in once; a GET uses nothing up', async () => {
    const code = await leadCode();
    const visitor = new Visitor(house.url);
    for (const path of [`/sign-in?code=${code}`, '/sign-in', `/sign-in/${code}`]) await visitor.get(path);
    await visitor.signIn(code);
    expect((await visitor.get('/')).status).toBe(200);
    const second = await new Visitor(house.url).form('/sign-in', '/sign-in', { code });
    expect([second.status, second.text.includes('Ce code n’est pas valable')]).toEqual([401, true]);
  });
  test.each(['', 'B', '1234', 'é'.repeat(12), 'B'.repeat(300)])('%s is a wrong code', async (code) => {
    const { status, text } = await new Visitor(house.url).form('/sign-in', '/sign-in', { code });
    expect([status, text.includes('Ce code n’est pas valable')]).toEqual([401, true]);
  });
  test('a laptop’s code signs nobody in', async () => {
    const { status } = await new Visitor(house.url).form('/sign-in', '/sign-in', {
      code: await house.benchCode(),
    });
    expect(status).toBe(401);
  });
  test('codes, cookies and tokens reach neither log nor database in clear', async () => {
    const code = await leadCode();
    const visitor = await new Visitor(house.url).signIn(code);
    const token = [...visitor.cookies].find(([name]) => name.startsWith('rebond-atelier'))?.[1] ?? '';
    expect(token).toMatch(/^[\w-]{43}$/);
    expect(house.log()).not.toContain(code);
    expect(house.log()).not.toContain(token);
    const rows = JSON.stringify([
      await house.db.selectFrom('codes').selectAll().execute(),
      await house.db.selectFrom('webSessions').selectAll().execute(),
    ]);
    expect(rows).not.toContain(code.replaceAll('-', ''));
    expect(rows).not.toContain(token);
  });
});

describe('names and passphrases', () => {
  ownHouse();
  const passphrase = 'quatre mots pour une phrase';

  test('a technician chooses one, signs in with it, and loses the old one by changing it', async () => {
    const visitor = await new Visitor(house.url).signIn(await technician('Technicien 1'));
    const short = await visitor.form('/account', '/account', {
      passphrase: 'trop court',
      again: 'trop court',
    });
    expect(short.status).toBe(400);
    const unequal = await visitor.form('/account', '/account', { passphrase, again: `${passphrase}!` });
    expect(unequal.status).toBe(400);
    expect((await visitor.form('/account', '/account', { passphrase, again: passphrase })).status).toBe(200);
    const later = new Visitor(house.url);
    expect((await later.form('/sign-in', '/sign-in', { name: 'technicien 1', passphrase })).status).toBe(303);
    const other = 'encore une autre phrase';
    const unproven = await later.form('/account', '/account', {
      current: 'pas la bonne phrase',
      passphrase: other,
      again: other,
    });
    expect(unproven.status).toBe(401);
    expect(
      (await later.form('/account', '/account', { current: passphrase, passphrase: other, again: other }))
        .status,
    ).toBe(200);
    expect((await visitor.get('/')).status).toBe(303); // the other sign-in was closed
    const person = await findByName(house.db, 'Technicien 1');
    expect(person?.passphrase).toMatch(/^scrypt\$65536\$8\$1\$/);
  });
  test('a wrong passphrase, an unknown name and a person without one are answered alike', async () => {
    await technician('Technicien 2');
    const answers = await Promise.all(
      ['Technicien 1', 'Technicien 2', 'Personne'].map((name) =>
        new Visitor(house.url).form('/sign-in', '/sign-in', { name, passphrase: 'une phrase au hasard' }),
      ),
    );
    const bare = answers.map(({ status, text }) => [status, text.replace(/value="[^"]*"/g, '')]);
    expect(bare[0]?.[0]).toBe(401);
    expect(bare[1]).toEqual(bare[0]);
    expect(bare[2]).toEqual(bare[0]);
  });
});

describe('roles', () => {
  ownHouse();
  test('a technician sees the bench and none of the lead’s pages, nor their forms', async () => {
    const visitor = await new Visitor(house.url).signIn(await technician('Technicien 3'));
    expect((await visitor.get('/machines')).status).toBe(200);
    for (const path of ['/people', '/sticks', '/refused']) expect((await visitor.get(path)).status).toBe(403);
    for (const action of ['/people', '/sticks/code', '/refused/seen', '/people/responsable/disable']) {
      expect((await visitor.form('/', action, {})).status).toBe(403);
    }
  });
  test('a disabled technician is out at once, with their codes', async () => {
    const visitor = await new Visitor(house.url).signIn(await technician('Technicien 4'));
    const person = await findByName(house.db, 'Technicien 4');
    const bench = await house.codes.make('bench', person?.id ?? '');
    const disabled = await (await lead()).form('/people', `/people/${person?.id}/disable`, {});
    expect(disabled.status).toBe(303);
    expect((await visitor.get('/')).status).toBe(303);
    expect(await house.codes.redeem('bench', bench)).toBeNull();
  });
  test('the lead cannot shut everybody out', async () => {
    const { status, text } = await (await lead()).form('/people', '/people/responsable/disable', {});
    expect([status, text.includes('last-lead')]).toEqual([409, true]);
  });
  test('names cannot be taken twice nor carry what acts', async () => {
    const visitor = await lead();
    await technician('Technicien 5');
    expect(
      (await visitor.form('/people', '/people', { name: 'TECHNICIEN 5', role: 'technician' })).status,
    ).toBe(409);
    for (const name of ['', '  ', '<b>x</b>', 'a\u202eb', 'x'.repeat(81)]) {
      expect((await visitor.form('/people', '/people', { name, role: 'technician' })).status).toBe(400);
    }
  });
});

describe('sessions and forms', () => {
  ownHouse();
  test('cookies are shut to scripts and other sites; signing out ends the session on the server', async () => {
    const visitor = new Visitor(house.url);
    const answer = await visitor.form('/sign-in', '/sign-in', { code: await leadCode() });
    const set = answer.headers.getSetCookie().join('\n');
    expect(set).toMatch(/HttpOnly/);
    expect(set).toMatch(/SameSite=Strict/);
    const kept = new Map(visitor.cookies);
    expect((await visitor.form('/', '/sign-out', {})).status).toBe(303);
    for (const [name, value] of kept) visitor.cookies.set(name, value);
    expect((await visitor.get('/')).headers.get('location')).toBe('/sign-in');
  });
  test('twelve idle hours end a session; what a page asks by itself does not keep it', async () => {
    const visitor = await lead();
    house.later(11 * 3_600_000);
    expect((await visitor.get('/glance')).status).toBe(200);
    house.later(1 * 3_600_000 + 1000);
    expect((await visitor.get('/')).status).toBe(303);
    const active = await lead();
    house.later(11 * 3_600_000);
    expect((await active.get('/')).status).toBe(200);
    house.later(11 * 3_600_000);
    expect((await active.get('/')).status).toBe(200);
  });
  test('a form without its token, or from elsewhere, is refused', async () => {
    const visitor = await lead();
    expect((await visitor.post('/bench/code', {})).status).toBe(400);
    expect((await visitor.post('/bench/code', { _csrf: 'made-up' })).status).toBe(403);
    const from = (headers: Record<string, string>) => visitor.form('/', '/bench/code', {}, headers);
    expect((await from({ origin: 'http://evil.example' })).status).toBe(403);
    expect((await from({ origin: 'null' })).status).toBe(403);
    expect((await from({ origin: 'null', 'sec-fetch-site': 'cross-site' })).status).toBe(403);
    expect((await from({ origin: 'null', 'sec-fetch-site': 'same-origin' })).status).toBe(200);
    const { status, text } = await from({});
    expect(status).toBe(200);
    expect(text).toMatch(/class="code" id="code">[BCDFGHJKLNPRSTVX]{4}(-[BCDFGHJKLNPRSTVX]{4}){2}</);
  });
  test('unknown fields in a form are refused', async () => {
    expect((await (await lead()).form('/', '/bench/code', { extra: '1' })).status).toBe(400);
  });
  test('another name than this machine’s is not answered', async () => {
    const visitor = new Visitor(house.url);
    const port = new URL(house.url).port;
    for (const host of [
      'evil.example',
      `evil.example:${port}`,
      `127.0.0.1.nip.example:${port}`,
      '127.0.0.1:1',
      `192.0.2.1:${port}`,
    ]) {
      expect(await hostStatus(host)).toBe(421);
    }
    for (const host of [`localhost:${port}`, `127.0.0.1:${port}`, `[::1]:${port}`])
      expect(await hostStatus(host)).toBe(200);
    async function hostStatus(host: string): Promise<number> {
      return (await visitor.raw('/healthz', { host })).status;
    }
  });
  test('every page carries the security headers and may not be kept', async () => {
    const visitor = await lead();
    for (const path of ['/', '/sign-in', '/machines', '/api/docs', '/nowhere', '/api/workshop']) {
      const { headers } = await visitor.get(path);
      expect(headers.get('content-security-policy')).toBe(
        "default-src 'none';script-src 'self';style-src 'self';img-src 'self';connect-src 'self';form-action 'self';base-uri 'none';frame-ancestors 'none'",
      );
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('referrer-policy')).toBe('no-referrer');
      expect(headers.get('cache-control')).toBe('no-store');
    }
  });
  test('guessing is slowed down', async () => {
    const visitor = new Visitor(house.url);
    const answers = await Promise.all(
      Array.from({ length: 25 }, () => visitor.form('/sign-in', '/sign-in', { code: 'BBBB-BBBB-BBBB' })),
    );
    expect(answers.some(({ status }) => status === 429)).toBe(true);
  });
});
