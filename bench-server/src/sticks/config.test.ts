import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type House, openHouse } from '../../../test-fixtures/house.ts';
import { Visitor } from '../../../test-fixtures/visitor.ts';
import { type Config, parseConfig } from '../../../agent/src/parse/config.ts';
import { KEYBOARDS, laptopUrl, stickConfig } from './config.ts';

const PIN = `sha256/${'A'.repeat(43)}=`;
let house: House;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.close());

const lead = async (): Promise<Visitor> =>
  await new Visitor(house.url).signIn(await house.codes.make('sign-in', 'responsable'));

/** As the laptop reads it. */
function readByAgent(text: string): Config {
  const parsed = parseConfig(text);
  if (parsed.kind === 'bad') throw new Error(parsed.problem.en);
  return parsed.config;
}

describe('config.json from the page of sticks', () => {
  test('is a file that the agent takes, with this server, this workshop and a code that pairs one stick', async () => {
    const visitor = await lead();
    const fields = { bench: 'Banc 3', language: 'en', keyboard: 'uk' };
    const { status, text, headers } = await visitor.form('/sticks', '/sticks/config', fields);
    expect(status).toBe(200);
    expect(headers.get('content-disposition')).toBe('attachment; filename="config.json"');
    expect(headers.get('cache-control')).toBe('no-store');
    const { enrolment, ...config } = readByAgent(text);
    expect(config).toEqual({
      ...{ schema: 'rebond.config/1', servers: [{ url: house.url }], workshop: house.workshop.ref.id },
      ...fields,
    });
    expect((await house.codes.redeem('stick', enrolment?.code ?? ''))?.person.id).toBe('responsable');
    expect(await house.codes.redeem('stick', enrolment?.code ?? '')).toBeNull();
  });

  test('its code ends after a quarter of an hour, and the page says so', async () => {
    const visitor = await lead();
    expect((await visitor.get('/sticks?lang=fr')).text).toContain('dans les 15 minutes');
    const { text } = await visitor.form('/sticks', '/sticks/config', {
      ...{ bench: '', language: 'fr', keyboard: 'fr' },
    });
    const config = readByAgent(text);
    expect(config.bench).toBeUndefined();
    house.later(15 * 60_000 + 1);
    expect(await house.codes.redeem('stick', config.enrolment?.code ?? '')).toBeNull();
  });

  test('is for leads only, and takes no other words', async () => {
    const visitor = await lead();
    const asked = { bench: '', language: 'fr', keyboard: 'fr' };
    for (const wrong of [{ keyboard: 'fr;id' }, { language: 'de' }, { bench: 'a\u0007b' }])
      expect((await visitor.form('/sticks', '/sticks/config', { ...asked, ...wrong })).status).toBe(400);
    expect((await visitor.post('/sticks/config', asked)).status).not.toBe(200);
    expect((await new Visitor(house.url).post('/sticks/config', asked)).status).not.toBe(200);
  });

  test('carries the pin and the public name where there are such, and every keyboard of the list is one for the agent', () => {
    for (const keyboard of Object.keys(KEYBOARDS) as (keyof typeof KEYBOARDS)[]) {
      const asked = { bench: ' ', language: 'fr', keyboard } as const;
      const text = stickConfig(
        asked,
        { url: 'https://10.0.2.2:8443', pin: PIN },
        'atelier-a',
        'BCDF-GHJK-LNPR',
      );
      expect(readByAgent(text)).toMatchObject({
        ...{ keyboard, servers: [{ url: 'https://10.0.2.2:8443', pin: PIN }] },
      });
    }
    expect(laptopUrl(null, 'https', '192.0.2.10:8080')).toBe('https://192.0.2.10:8080');
    expect(laptopUrl('https://banc.example:8443', 'https', '127.0.0.1:8080')).toBe(
      'https://banc.example:8443',
    );
    expect(laptopUrl('https://10.0.2.2:0', 'https', '127.0.0.1:8080')).toBe('https://10.0.2.2:8080');
  });
});
