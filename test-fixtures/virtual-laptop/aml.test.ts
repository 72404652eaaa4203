import { describe, expect, it } from 'vitest';
import { device, eisaId, named, packageLength, scope, table } from './aml.ts';
import { batteryTable } from './battery.ts';

const sum = (bytes: Buffer): number => bytes.reduce((total, byte) => total + byte, 0) % 256;

describe('AML', () => {
  it('writes a length that counts itself, in the fewest bytes', () => {
    expect([...packageLength(0)]).toEqual([1]);
    expect([...packageLength(62)]).toEqual([63]);
    expect([...packageLength(63)]).toEqual([0x40 | (65 & 15), 65 >> 4]);
    expect([...packageLength(4093)]).toEqual([0x40 | 15, 255]);
    expect([...packageLength(4094)]).toEqual([0x80 | (4097 & 15), (4097 >> 4) & 255, 4097 >> 12]);
  });

  it('packs the identity of a device as ACPI does', () => {
    expect(eisaId('PNP0C0A').toString('hex')).toBe('41d00c0a');
  });

  it('writes the bytes that iasl writes for a small table', () => {
    const terms = [
      scope('\\_SB', [device('AC', [named('_HID', 'ACPI0003'), named('_PSR', 1), named('_X', 300)])]),
    ];
    const body = table('SSDT', terms).subarray(36).toString('hex');
    const id = '085f4849440d414350493030303300';
    const device34 = `5b822241435f5f${id}085f50535201085f585f5f0b2c01`;
    expect(body).toBe(`102a5c5f53425f${device34}`);
  });

  it('makes a table whose length and checksum hold', () => {
    const made = batteryTable({ health: 82, cycles: 311 });
    expect(made.toString('latin1', 0, 4)).toBe('SSDT');
    expect(made.readUInt32LE(4)).toBe(made.length);
    expect(sum(made)).toBe(0);
  });

  it('says health as full over design capacity, and cycles', () => {
    const made = batteryTable({ health: 50, design: 40_000, cycles: 311 });
    const [design, full] = [Buffer.from([0x0b, 0x40, 0x9c]), Buffer.from([0x0b, 0x20, 0x4e])];
    expect(made.includes(Buffer.concat([design, full]))).toBe(true);
    expect(made.includes(Buffer.from([0x0b, 0x37, 0x01]))).toBe(true);
  });
});
