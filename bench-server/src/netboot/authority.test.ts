import { expect, test } from 'vitest';
import { grubDevice, httpUrl, plainAuthority, socketAuthority } from './authority.ts';

test.each([
  ['192.0.2.10:8081', { host: '192.0.2.10', port: 8081 }],
  ['192.0.2.10', { host: '192.0.2.10', port: 9000 }],
  ['Banc-Serveur.local:80', { host: 'banc-serveur.local', port: 80 }],
  ['[2001:db8::1]:8081', { host: '[2001:db8::1]', port: 8081 }],
  ['[2001:db8::1]', { host: '[2001:db8::1]', port: 9000 }],
])('%s is a plain host', (header, expected) => {
  expect(plainAuthority(header, 9000)).toEqual(expected);
});

test.each([
  undefined,
  '',
  ':80',
  'a b',
  'host\nkernel http://evil/',
  'host;reboot',
  'host && shell',
  '${net0/mac}',
  '$(cmd)',
  '`x`',
  "a'b",
  'a"b',
  'a/b',
  'user@host',
  'host:80:80',
  'host:0',
  'host:65536',
  'host:99999999',
  'host)',
  'host,80',
  '..',
  'a..b',
  '-a',
  'a-',
  'é.fr',
  '[::1',
  '[:::::]',
  '[::1]x',
  '2001:db8::1',
  'x'.repeat(254),
  `${'x'.repeat(64)}.fr`,
])('%j is no plain host', (header) => {
  expect(plainAuthority(header, 9000)).toBeNull();
});

test('the forms that loaders read', () => {
  const [four, six] = [
    { host: '192.0.2.1', port: 8081 },
    { host: '[2001:db8::1]', port: 8081 },
  ];
  expect(httpUrl(six, '/vmlinuz')).toBe('http://[2001:db8::1]:8081/vmlinuz');
  expect([grubDevice(four), grubDevice(six)]).toEqual(['(http,192.0.2.1:8081)', '(http,[2001:db8::1],8081)']);
  expect(socketAuthority('::ffff:127.0.0.1', 1)).toEqual({ host: '127.0.0.1', port: 1 });
  expect(socketAuthority('fe80::1%eth0', 1)).toEqual({ host: '[fe80::1]', port: 1 });
});
