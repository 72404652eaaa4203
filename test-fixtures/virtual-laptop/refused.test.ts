import { describe, expect, it } from 'vitest';
import { REFUSED_BY_FIRMWARE, REFUSED_BY_SHIM, tamperLoader, unsigned, unsignLoader } from './refused.ts';
import type { Stick } from './stick.ts';

/** As much of an EFI program as has a signature: headers, one section, a certificate table at the end. */
function program(): Buffer {
  const file = Buffer.alloc(1024 + 64, 0x90);
  file.fill(0, 0, 512);
  file.writeUInt32LE(128, 0x3c);
  file.write('PE\0\0', 128, 'latin1');
  file.writeUInt16LE(240, 128 + 20);
  file.writeUInt16LE(0x20b, 152);
  file.writeUInt32LE(1024, 152 + 112 + 32);
  file.writeUInt32LE(64, 152 + 112 + 36);
  file.writeUInt32LE(512, 152 + 240 + 20);
  return file;
}

function stickWith(loader: Buffer): Stick & { loader(): Buffer } {
  let held = loader;
  const files = { read: () => Buffer.from(held), write: (_: string, next: Buffer) => void (held = next) };
  return { path: '', files: files as unknown as Stick['files'], loader: () => held };
}

describe('a loader that Secure Boot must refuse', () => {
  it('loses its signature and nothing else', () => {
    const bare = unsigned(program());
    expect(bare).toHaveLength(1024);
    expect(bare.readUInt32LE(152 + 112 + 32)).toBe(0);
    expect(unsigned(bare)).toEqual(bare);
    const stick = stickWith(program());
    unsignLoader(stick);
    expect(stick.loader()).toEqual(bare);
  });

  it('keeps its signature, and has one bit of its code changed', () => {
    const stick = stickWith(program());
    tamperLoader(stick);
    const changed = [...stick.loader()].flatMap((byte, at) => (byte === program()[at] ? [] : [at]));
    expect(changed).toEqual([512]);
  });

  it('must be an EFI program', () => {
    expect(() => unsigned(Buffer.alloc(100))).toThrow('EFI');
  });

  it('is told from others by what firmware and shim say', () => {
    const line =
      'BdsDxe: failed to load Boot0001 "UEFI QEMU USB" from PciRoot(0x0)/USB(0x0,0x0): Access Denied';
    expect(line).toMatch(REFUSED_BY_FIRMWARE);
    expect(line.replace('Access Denied', 'Not Found')).not.toMatch(REFUSED_BY_FIRMWARE);
    expect('Verification failed: (0x1A) Security Violation').toMatch(REFUSED_BY_SHIM);
  });
});
