import { describe, expect, it } from 'vitest';
import { parseAtaPage, parseSerialPage } from './ata-identify.ts';
import { udevSerial } from './udev.ts';

/** Page 89h with IDENTIFY DEVICE at byte 60, text with its bytes swapped as the drive sends it. */
function page(words: Record<number, number>): Uint8Array {
  const bytes = new Uint8Array(572);
  bytes[1] = 0x89;
  const put = (from: number, to: number, text: string): void =>
    Array.from(text.padEnd((to - from) * 2)).forEach((character, index) => {
      bytes[60 + from * 2 + (index ^ 1)] = character.charCodeAt(0);
    });
  put(10, 20, '        EX-0042');
  put(23, 27, 'FW01');
  put(27, 47, 'EXAMPLE SSD with a long model name');
  for (const [word, value] of Object.entries(words)) {
    bytes.set([value & 255, value >> 8], 60 + Number(word) * 2);
  }
  return bytes;
}

describe('parseAtaPage', () => {
  it('reads the whole model, the serial and what spins', () => {
    expect(parseAtaPage(page({ 217: 1, 76: 0x0006 }))).toEqual({
      model: 'EXAMPLE SSD with a long model name',
      serial: 'EX-0042',
      firmware: 'FW01',
      rotational: false,
      sata: true,
    });
    expect(parseAtaPage(page({ 217: 7200 }))).toMatchObject({ rotational: true, sata: false });
    expect(parseAtaPage(page({ 217: 0, 76: 0xffff }))).toMatchObject({ rotational: null, sata: false });
  });

  it('takes of the words those that are its own', () => {
    const beside = { 9: 0x5858, 20: 0x5858, 22: 0x5858, 47: 0x5858 };
    const { serial, firmware, model } = parseAtaPage(page({ ...beside, 217: 1 })) ?? {};
    expect([serial, firmware, model]).toEqual(['EX-0042', 'FW01', 'EXAMPLE SSD with a long model name']);
    const full = { 10: 0x4142, 19: 0x4344, 26: 0x4546, 27: 0x4748, 46: 0x494a };
    expect(parseAtaPage(page(full))?.serial).toMatch(/^AB.*CD$/);
    expect(parseAtaPage(page(full))?.firmware).toMatch(/EF$/);
    expect(parseAtaPage(page(full))?.model).toMatch(/^GH.*IJ$/);
    // And the last word is one of the 512 bytes: no more is needed, and no less.
    expect(parseAtaPage(page({}).subarray(0, 571))).toBeNull();
    expect(parseAtaPage(new Uint8Array([...page({}), 1, 2, 3]))?.firmware).toBe('FW01');
    const last = new Uint8Array(573).with(1, 0x89).with(572, 1);
    expect(parseAtaPage(last)).toBeNull();
  });

  it.each([
    [0x0000, null],
    [0x0001, false],
    [0x0002, null],
    [0x0400, null],
    [0x0401, true],
    [0x0402, true],
    [0xfffe, true],
    [0xffff, null],
  ])('a rate of %i spins: %s', (rate, rotational) => {
    expect(parseAtaPage(page({ 217: rate }))?.rotational).toBe(rotational);
  });

  it('is nothing without the page’s number, its length or its content', () => {
    expect(parseAtaPage(new Uint8Array(572).fill(0).with(1, 0x89))).toBeNull();
    expect(parseAtaPage(page({}).with(1, 0x80))).toBeNull();
    expect(parseAtaPage(page({}).subarray(0, 400))).toBeNull();
  });
});

describe('serials from elsewhere', () => {
  it('reads page 80h to its stated length', () => {
    expect(parseSerialPage(Uint8Array.of(0, 0x80, 0, 4, 0x20, 0x41, 0x42, 0x20, 0x43))).toBe('AB');
    expect(parseSerialPage(Uint8Array.of(0, 0x83, 0, 1, 0x41))).toBeNull();
    expect(parseSerialPage(new Uint8Array())).toBeNull();
    const long = (length: number): string | null => {
      const bytes = new Uint8Array(4 + 600).fill(0x41);
      bytes.set([0, 0x80, length >> 8, length & 255]);
      return parseSerialPage(bytes);
    };
    expect(long(20)).toHaveLength(20);
    expect(long(252)).toHaveLength(252);
    // What is longer than a page is no serial number: it is cut.
    for (const length of [253, 0x0100, 0x0201]) expect(long(length)).toHaveLength(252);
    expect(long(0)).toBeNull();
    // A page that ends before its length, or before it has one.
    expect(parseSerialPage(Uint8Array.of(0, 0x80, 0, 9, 0x41))).toBe('A');
    expect(parseSerialPage(Uint8Array.of(0, 0x80))).toBeNull();
  });

  it('reads udev’s short serial and no other', () => {
    expect(udevSerial('S:disk/by-id/x\nE:ID_SERIAL=Stick_AB12-0:0\nE:ID_SERIAL_SHORT=AB12\n')).toBe('AB12');
    expect(udevSerial('E:ID_SERIAL=Stick_AB12\n')).toBeNull();
  });
});
