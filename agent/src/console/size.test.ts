import { describe, expect, it } from 'vitest';
import { driveName } from './drive-name.ts';
import { sizeText } from './size.ts';
import { unreachedWords } from './unreached.ts';

describe('sizes for people', () => {
  it.each([
    [42e6, 'fr', 'drive', '42 Mo'],
    [999e6, 'en', 'drive', '999 MB'],
    [1e9, 'fr', 'drive', '1,0 Go'],
    [512.1e9, 'en', 'drive', '512.1 GB'],
    [512, 'fr', 'drive', '512 o'],
    [768 * 2 ** 20, 'fr', 'memory', '768 Mio'],
    [1.5 * 2 ** 30, 'en', 'memory', '1.5 GiB'],
  ] as const)('%d bytes in %s (%s): %s', (bytes, lang, kind, text) => {
    expect(sizeText(bytes, lang, kind)).toBe(text);
  });

  it('name a small drive and a large one', () => {
    const identity = { transport: 'usb', model: 'M', serial: null, wwid: null } as const;
    expect(driveName({ path: '/dev/sda', identity, sizeBytes: 32e6 }, 'fr')).toBe('/dev/sda · 32 Mo · M');
    expect(driveName({ path: '/dev/sda', identity, sizeBytes: 500e9 }, 'fr')).toBe('/dev/sda · 500 Go · M');
  });
});

it('a server that has another key is told of in both languages, and an unknown code as it is', () => {
  const { fr, en } = unreachedWords('wrong-pin');
  expect(fr).toContain('une autre clé que « pin »');
  expect(en).toContain('another key than “pin”');
  expect(unreachedWords('E\u001bX')).toEqual({ fr: 'E⟨U+001B⟩X', en: 'E⟨U+001B⟩X' });
});
