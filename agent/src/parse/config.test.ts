import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Config, parseConfig } from './config.ts';

const IMAGE = join(import.meta.dirname, '../../../live-image');

const WHOLE = {
  schema: 'rebond.config/1',
  servers: [{ url: 'https://192.0.2.10:8080', pin: `sha256/${'A'.repeat(43)}=` }],
  workshop: 'atelier-lyon',
  bench: 'Banc 3',
  language: 'fr',
  keyboard: 'fr-latin9',
  ethernet: { address: '192.0.2.20/24', gateway: '192.0.2.1', dns: ['192.0.2.1'] },
  wifi: [{ ssid: 'Atelier été', passphrase: 'correct horse' }],
  enrolment: { code: 'BCDF-GHJK-MNPQ' },
};
const parse = (value: unknown) => parseConfig(JSON.stringify(value));

describe('config.json', () => {
  it('is taken whole, empty but for its schema, and with a byte order mark of a Windows editor', () => {
    expect(parse(WHOLE)).toEqual({ kind: 'sound', config: WHOLE });
    expect(parse({ schema: 'rebond.config/1' }).kind).toBe('sound');
    expect(parse({ ...WHOLE, ethernet: null, enrolment: null, workshop: null, bench: null }).kind).toBe(
      'sound',
    );
    expect(parseConfig(`\uFEFF${JSON.stringify(WHOLE)}`).kind).toBe('sound');
  });

  it('is described as it is: each field in the image’s README and on the stick, with an example that is taken', () => {
    const fields = Object.keys(Config.shape);
    const readme = readFileSync(join(IMAGE, 'README.md'), 'utf8');
    const [, example = ''] = /```json\n([^]*?)```/.exec(readme) ?? [];
    expect(Object.keys(JSON.parse(example)).toSorted()).toEqual(fields.toSorted());
    expect(parseConfig(example).kind).toBe('sound');
    const onStick = readFileSync(join(IMAGE, 'boot/rebond-README.txt'), 'utf8');
    for (const field of fields) {
      expect(readme).toMatch(new RegExp(`^\\| \`${field}[\`.\\[]`, 'm'));
      expect(onStick.match(new RegExp(`^  ${field} `, 'gm'))).toHaveLength(2); // in French and in English
    }
    expect(parseConfig(readFileSync(join(IMAGE, 'boot/config.json'), 'utf8')).kind).toBe('sound');
  });

  it.each<[string, object, string]>([
    ['an unknown field', { servres: [] }, 'servres'],
    ['an unknown field inside', { ethernet: { address: '192.0.2.1/24', mask: 1 } }, 'mask'],
    ['another schema', { schema: 'rebond.config/2' }, 'schema'],
    ['an address that is none', { ethernet: { address: '300.0.2.1/24' } }, 'ethernet.address'],
    ['a server that is no web address', { servers: [{ url: 'file:///etc/passwd' }] }, 'servers.0.url'],
    ['a pin of another length', { servers: [{ url: 'https://x', pin: 'sha256/AAAA' }] }, 'servers.0.pin'],
    ['a keyboard with a path', { keyboard: '../../etc/shadow' }, 'keyboard'],
    ['a keyboard that is an option', { keyboard: '--help\n' }, 'keyboard'],
    [
      'a passphrase with a line break',
      { wifi: [{ ssid: 'x', passphrase: 'abcdefgh\n[Settings]' }] },
      'wifi.0.passphrase',
    ],
    [
      'a network name of 33 bytes',
      { wifi: [{ ssid: 'é'.repeat(17), passphrase: 'abcdefgh' }] },
      'wifi.0.ssid',
    ],
    ['a language that is not spoken', { language: 'de' }, 'language'],
    ['too many servers', { servers: Array.from({ length: 9 }, () => ({ url: 'https://x' })) }, 'servers'],
  ])('is refused with %s, and the field is named in both languages', (_, change, field) => {
    const parsed = parse({ ...WHOLE, ...change });
    if (parsed.kind !== 'bad') throw new Error('was believed');
    expect(parsed.problem.fr).toContain(field);
    expect(parsed.problem.en).toContain(field);
    expect(parsed.problem.fr).toContain('rien n’est perdu');
  });

  it('never repeats a passphrase in what it says', () => {
    const parsed = parse({ ...WHOLE, wifi: [{ ssid: 'x', passphrase: 'SECRET-\u0007-SECRET' }] });
    expect(JSON.stringify(parsed)).not.toContain('SECRET');
  });

  it('never throws', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        expect(['sound', 'bad']).toContain(parseConfig(text).kind);
      }),
    );
  });
});
