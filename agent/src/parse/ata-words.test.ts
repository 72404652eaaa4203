import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { identifyText, type IdentifyWishes } from '../../../test-fixtures/identify-words.ts';
import { type AtaWords, parseAtaWords } from './ata-words.ts';

const read = (wishes: IdentifyWishes = {}): AtaWords => {
  const parsed = parseAtaWords(identifyText(wishes));
  if (parsed.kind === 'failed') throw new Error(parsed.failure.detail);
  return parsed.value;
};
const refusal = (text: string): [string, string, string] | null => {
  const parsed = parseAtaWords(text);
  return parsed.kind === 'failed'
    ? [parsed.failure.code, parsed.failure.source, parsed.failure.detail]
    : null;
};
const bit = (word: number, index: number): Record<number, number> => ({ [word]: 1 << index });

describe('the words of IDENTIFY DEVICE', () => {
  it('are those that stand in lines of their own, in either case, however many a line has', () => {
    const text = identifyText({ model: 'EXAMPLE' });
    const { serial, model } = read({ serial: 'SN-1', model: 'EXAMPLE' });
    expect([serial, model]).toEqual(['SN-1', 'EXAMPLE']);
    expect(refusal(text.toUpperCase())).toBeNull();
    expect(refusal(text.replaceAll(/(?<=[0-9a-f]{4}) (?=[0-9a-f]{4})/g, '\n'))).toBeNull();
    expect(refusal(text.replaceAll(/(?<=[0-9a-f]{4})\n(?=[0-9a-f]{4})/g, ' '))).toBeNull();
    // What else the tool prints, four digits among it, is none of them.
    for (const line of ['ATA device 0b1f', 'cafe babe and more', 'dead be', 'beef.'])
      expect(refusal(`${line}\n${text}${line}\n`)).toBeNull();
  });

  it('are 256, or it is no answer', () => {
    const words = Array.from({ length: 257 }, () => '0000');
    expect(refusal(words.slice(0, 256).join(' '))).toBeNull();
    for (const many of [0, 1, 255, 257])
      expect(refusal(words.slice(0, many).join(' '))).toEqual([
        'nonsense',
        'hdparm --Istdout',
        `${many} words of 256`,
      ]);
    expect(refusal('')).toEqual(['nonsense', 'hdparm --Istdout', '0 words of 256']);
  });

  it('sum to zero where the last says that they do: a bridge may make them up', () => {
    const words = { 3: 0x1234, 88: 0xffff, 254: 0x80ff };
    expect(refusal(identifyText({ words }))).toBeNull();
    expect(refusal(identifyText({ words, checksum: 'wrong' }))).toEqual([
      ...['nonsense', 'hdparm --Istdout', 'the checksum does not hold'],
    ]);
    expect(refusal(identifyText({ words, checksum: 'none' }))).toBeNull();
    // Only A5h says so.
    for (const last of [0x00a4, 0x00a6, 0xa500, 0x01a4])
      expect(refusal(identifyText({ words: { ...words, 255: last }, checksum: 'none' }))).toBeNull();
  });

  it('notice any one word that changed on its way', () => {
    const lines = identifyText({ serial: 'SN-1', model: 'EXAMPLE' });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 254 }), fc.integer({ min: 1, max: 255 }), (index, by) => {
        const all = lines.split(/\s+/).filter((each) => /^[0-9a-f]{4}$/.test(each));
        const changed =
          (Number.parseInt(all[index] ?? '', 16) & 0xff00) |
          ((Number.parseInt(all[index] ?? '', 16) + by) & 0xff);
        const text = all.with(index, changed.toString(16).padStart(4, '0')).join(' ');
        expect(refusal(text)?.[2]).toBe('the checksum does not hold');
      }),
      { numRuns: 200 },
    );
  });

  it('are of an ATA device where bit 15 of the first is clear', () => {
    expect(refusal(identifyText({ words: { 0: 0x7fff } }))).toBeNull();
    expect(refusal(identifyText({ words: { 0: 0x8000 } }))).toEqual([
      'nonsense',
      'hdparm --Istdout',
      'not an ATA device',
    ]);
    expect(refusal(identifyText({ words: { 0: 0x8580, 1: 0xffff } }))?.[2]).toBe('not an ATA device');
  });

  it('hold serial and model whole, without the blanks and zeros around them', () => {
    const serial = 'A1B2C3D4E5F6G7H8I9J0';
    const model = 'EXAMPLE DRIVE OF FORTY CHARACTERS ABCDEF';
    expect([serial.length, model.length]).toEqual([20, 40]);
    // The words beside them are not theirs.
    const words = { 9: 0x5858, 20: 0x5858, 26: 0x5858, 47: 0x5858 };
    expect(read({ serial, model, words })).toMatchObject({ serial, model });
    expect(read({ serial: '  X-1\0\0\0', model: '\0A\0B' })).toMatchObject({ serial: 'X-1', model: 'A B' });
    expect(read({ serial: '', model: '' })).toMatchObject({ serial: '', model: '' });
  });
});

describe('the size', () => {
  const LONG = bit(83, 10);
  it('has 48 bits and more where the drive says so, else 28', () => {
    const short = { 60: 0xffff, 61: 0x0fff };
    expect(read({ words: short }).sectors).toBe(0x0fff_ffffn);
    const long = { 100: 0x6db0, 101: 0x7470, 102: 0x0001, 103: 0x0002 };
    expect(read({ words: { ...short, ...long, ...LONG } }).sectors).toBe(0x0002_0001_7470_6db0n);
    expect(read({ words: { ...short, ...long } }).sectors).toBe(0x0fff_ffffn);
    // A drive that says so and leaves the long count empty has the short one.
    expect(read({ words: { ...short, ...LONG } }).sectors).toBe(0x0fff_ffffn);
    expect(read({ words: { ...short, ...LONG, 100: 1 } }).sectors).toBe(1n);
    expect(read().sectors).toBe(0n);
  });

  it('of a sector is 512 bytes unless the drive says, and validly, that it is longer', () => {
    expect(read().sectorBytes).toBe(512);
    const words = { 117: 2048, 118: 0 };
    expect(read({ words: { ...words, 106: 0x5000 } }).sectorBytes).toBe(4096);
    for (const word of [0x4000, 0x1000, 0x9000, 0xd000])
      expect(read({ words: { ...words, 106: word } }).sectorBytes).toBe(512);
    expect(read({ words: { 106: 0x5003, 117: 0x0001, 118: 0x0001 } }).sectorBytes).toBe(0x20002);
  });
});

describe('ATA Security', () => {
  it.each(['SEC1', 'SEC2', 'SEC4', 'SEC5', 'SEC6'] as const)('in %s', (security) => {
    expect(read({ security }).security).toEqual({
      ...{
        state: security,
        attemptsExpired: false,
        enhanced: false,
        eraseMinutes: null,
        enhancedMinutes: null,
      },
    });
  });

  it('that is locked is SEC4, frozen or not; that a drive does not know is none', () => {
    expect(read({ words: { 128: 0b1111 } }).security?.state).toBe('SEC4');
    for (const word of [0b0000, 0b1110, 0xfffe]) expect(read({ words: { 128: word } }).security).toBeNull();
  });

  it('counts attempts, and has an enhanced erase or not', () => {
    expect(read({ words: { 128: 0b01_0111 } }).security).toMatchObject({
      attemptsExpired: true,
      enhanced: false,
    });
    const both = { 128: 0b10_0001, 89: 41, 90: 42 };
    expect(read({ words: both }).security).toEqual({
      ...{ state: 'SEC1', attemptsExpired: false, enhanced: true, eraseMinutes: 82, enhancedMinutes: 84 },
    });
    expect(read({ words: { ...both, 128: 1 } }).security).toMatchObject({
      eraseMinutes: 82,
      enhancedMinutes: null,
    });
  });

  it.each([
    [0, null],
    [1, 2],
    [0x7f, 254],
    [254, 508],
    // The greatest says "or more".
    [255, 508],
    // Without bit 15 only the lower byte counts.
    [0x0102, 4],
    [0x0103, 6],
    [0x8000, null],
    [0x8001, 2],
    [0x80ff, 508],
    [0x8100, 512],
    [0xffff, 65_534],
  ])('estimates: %i is %s minutes', (word, minutes) => {
    expect(read({ words: { 89: word } }).security?.eraseMinutes).toBe(minutes);
  });
});

describe('feature sets', () => {
  it('SANITIZE is offered by one bit, and each of its operations by its own', () => {
    expect(read().sanitize).toBeNull();
    expect(read({ words: { 59: 0xe000 } }).sanitize).toBeNull();
    const none = { crypto: false, overwrite: false, block: false };
    expect(read({ words: { 59: 0x1000 } }).sanitize).toEqual(none);
    expect(read({ words: { 59: 0x3000 } }).sanitize).toEqual({ ...none, crypto: true });
    expect(read({ words: { 59: 0x5000 } }).sanitize).toEqual({ ...none, overwrite: true });
    expect(read({ words: { 59: 0x9000 } }).sanitize).toEqual({ ...none, block: true });
  });

  it('that may hide addresses are each told by their own bit', () => {
    const none = { hpa: false, dco: false, ama: false };
    expect(read().hidesBy).toEqual(none);
    expect(read({ words: bit(82, 10) }).hidesBy).toEqual({ ...none, hpa: true });
    expect(read({ words: bit(83, 11) }).hidesBy).toEqual({ ...none, dco: true });
    expect(read({ words: bit(119, 8) }).hidesBy).toEqual({ ...none, ama: true });
    const others = { 82: 0xfbff, 83: 0xf7ff, 119: 0xfeff, 81: 0xffff, 84: 0xffff, 118: 0, 120: 0xffff };
    expect(read({ words: others }).hidesBy).toEqual(none);
  });
});
