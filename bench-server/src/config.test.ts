import { expect, test } from 'vitest';
import { isWildcard, readConfig } from './config.ts';
import { StartRefusal } from './start-refusal.ts';

const IMAGE = { REBOND_IMAGE: '/srv/image', REBOND_PUBLIC_URL: 'https://10.0.2.2:8080' };

test('without its settings there is no image, no netboot and no other address', () => {
  expect(readConfig({})).toMatchObject({ publicUrl: null, imageFolder: null, netboot: null, loopback: true });
});

test('the netboot listener listens where the server does, unless told', () => {
  const set = { ...IMAGE, REBOND_NETBOOT_PORT: '8081', REBOND_NETBOOT_EXTRA: ' console=tty0   x=1 ' };
  expect(readConfig(set)).toMatchObject({
    publicUrl: 'https://10.0.2.2:8080',
    imageFolder: '/srv/image',
    netboot: { port: 8081, host: '127.0.0.1', extra: 'console=tty0 x=1' },
  });
  expect(readConfig({ ...set, REBOND_NETBOOT_HOST: '0.0.0.0' }).netboot?.host).toBe('0.0.0.0');
});

test.each([
  ['REBOND_PUBLIC_URL', 'http://10.0.2.2:8080'],
  ['REBOND_PUBLIC_URL', 'https://10.0.2.2:8080/path'],
  ['REBOND_PUBLIC_URL', 'https://user@host'],
  ['REBOND_PUBLIC_URL', 'https://host:99999'],
  ['REBOND_PUBLIC_URL', 'https://a b'],
  ['REBOND_PUBLIC_URL', 'https://x;reboot'],
  ['REBOND_PUBLIC_URL', 'https://[:::::]'],
  ['REBOND_NETBOOT_PORT', '70000'],
  ['REBOND_NETBOOT_HOST', 'a b'],
  ['REBOND_NETBOOT_EXTRA', 'quiet; reboot'],
  ['REBOND_NETBOOT_EXTRA', 'a\nb'],
  ['REBOND_NETBOOT_EXTRA', '${x}'],
  ['REBOND_NETBOOT_EXTRA', '"x"'],
])('%s=%j is refused by name', (name, value) => {
  expect(() => readConfig({ ...IMAGE, REBOND_NETBOOT_PORT: '8081', [name]: value })).toThrow(
    expect.objectContaining({ en: expect.stringContaining(name) }),
  );
});

test('laptops that boot from here must be able to reach the server, and there must be something to boot', () => {
  const port = { REBOND_NETBOOT_PORT: '8081' };
  expect(() => readConfig(port)).toThrow(StartRefusal);
  expect(() => readConfig({ ...port, REBOND_IMAGE: '/srv/image' })).toThrow(
    expect.objectContaining({ en: expect.stringContaining('REBOND_PUBLIC_URL') }),
  );
  const beyond = { ...port, REBOND_IMAGE: '/srv/image', HOST: '0.0.0.0' };
  expect(readConfig(beyond)).toMatchObject({ loopback: false, netboot: { port: 8081 } });
});

test('every address has several names', () => {
  expect(['0.0.0.0', '::', '0:0:0:0:0:0:0:0'].every(isWildcard)).toBe(true);
  expect(['127.0.0.1', '::1', 'localhost', '10.0.0.0'].some(isWildcard)).toBe(false);
});
