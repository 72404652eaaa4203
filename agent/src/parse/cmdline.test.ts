import { describe, expect, it } from 'vitest';
import { hasSerialConsole, parseCmdline, parseUptime } from './cmdline.ts';

const DIGEST = 'ab'.repeat(32);

describe('the kernel command line', () => {
  it('of a stick names image and slot', () => {
    const text = `BOOT_IMAGE=/live-b/vmlinuz boot=live live-media-path=/live-b rebond.slot=b rebond.image=${DIGEST} quiet\n`;
    expect(parseCmdline(text)).toEqual({
      ...{ live: true, imageSha256: DIGEST, slot: 'b' },
      ...{ server: null, pin: null, workshop: null },
    });
  });

  it('of a network start names the server, its key and the workshop', () => {
    const pin = `sha256/${'A'.repeat(43)}=`;
    const text = `boot=live fetch=http://192.0.2.10/filesystem.squashfs rebond.image=${DIGEST} rebond.server=https://192.0.2.10:8080 rebond.pin=${pin} rebond.workshop=atelier-lyon`;
    expect(parseCmdline(text)).toMatchObject({
      ...{ live: true, slot: null, server: 'https://192.0.2.10:8080', pin, workshop: 'atelier-lyon' },
    });
  });

  it.each([
    ['a digest of another length', 'boot=live rebond.image=abcd'],
    ['a digest in capitals', `boot=live rebond.image=${'AB'.repeat(32)}`],
    ['a word that only ends like ours', `boot=live xrebond.image=${DIGEST}`],
    ['a later word that is nonsense', `boot=live rebond.image=${DIGEST} rebond.image=no`],
    ['nothing', ''],
  ])('gives no image for %s', (_, text) => {
    expect(parseCmdline(text).imageSha256).toBeNull();
  });

  it('believes no other words', () => {
    const text =
      'boot=nfs rebond.slot=c rebond.server=javascript:alert(1) rebond.pin=x rebond.workshop=../..';
    expect(parseCmdline(text)).toEqual({
      ...{ live: false, imageSha256: null, slot: null, server: null, pin: null, workshop: null },
    });
  });
});

it('knows a serial console from /proc/consoles, and the time since the start', () => {
  expect(
    hasSerialConsole('tty0                 -WU (EC p  )    4:7\nttyS0                -W- (EC a  )    4:64\n'),
  ).toBe(true);
  expect(hasSerialConsole('tty0                 -WU (EC p  )    4:7\n')).toBe(false);
  expect(hasSerialConsole('ttyS01 x\n')).toBe(false);
  expect(parseUptime('45.12 80.00\n')).toBe(45.12);
  expect(parseUptime('')).toBeNull();
});
