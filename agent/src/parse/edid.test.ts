import { describe, expect, it } from 'vitest';
import { parseEdid, type Edid } from './edid.ts';

/** A block with a valid header and checksum: maker `EXA`, product 1234h, year 2020, 1920×1080, 31 × 17 cm. */
function panel(change: (block: Uint8Array) => void = () => {}): Uint8Array {
  const block = new Uint8Array(128);
  block.set([0, 255, 255, 255, 255, 255, 255, 0, 0x17, 0x01, 0x34, 0x12]);
  block.set([10, 30, 1, 4, 0xa5, 31, 17], 16);
  block.set(
    [0x02, 0x3a, 0x80, 0x18, 0x71, 0x38, 0x2d, 0x40, 0x58, 0x2c, 0x45, 0x00, 0x35, 0xae, 0x10, 0, 0, 0x18],
    54,
  );
  change(block);
  block[127] = 0;
  block[127] = (256 - (block.reduce((sum, byte) => sum + byte, 0) % 256)) % 256;
  return block;
}
const text = (tag: number, content: string): number[] => [
  0,
  0,
  0,
  tag,
  0,
  ...Array.from(content.padEnd(13, ' '), (character) => character.charCodeAt(0)),
];
const read = (bytes: Uint8Array): Edid => {
  const edid = parseEdid(bytes);
  if (edid.kind === 'failed') throw new Error(edid.failure.detail);
  return edid.value;
};

describe('parseEdid', () => {
  it('reads maker, resolution, size and year, and names a nameless panel by its code', () => {
    expect(read(panel())).toEqual({
      maker: 'EXA',
      model: 'EXA1234',
      serial: null,
      widthPixels: 1920,
      heightPixels: 1080,
      widthMillimetres: 309,
      heightMillimetres: 174,
      year: 2020,
    });
  });

  it('prefers the name and serial descriptors, ended by a line feed', () => {
    const named = panel((block) =>
      block.set([...text(0xfc, 'Example 24\n'), ...text(0xff, 'SN42\nrest')], 72),
    );
    expect(read(named)).toMatchObject({ model: 'Example 24', serial: 'SN42' });
    expect(read(panel((block) => block.set([1, 2, 0, 0], 12))).serial).toBe('513');
    expect(read(panel((block) => block.set([1, 1, 1, 1], 12))).serial).toBeNull();
  });

  it('believes the millimetres only where they agree with the centimetres', () => {
    const size = (change: (block: Uint8Array) => void) => {
      const { widthMillimetres, heightMillimetres } = read(panel(change));
      return [widthMillimetres, heightMillimetres];
    };
    expect(size((block) => block.set([0, 0, 0], 66))).toEqual([310, 170]);
    expect(size((block) => block.set([0, 17], 21))).toEqual([null, null]);
    expect(size((block) => block.set([16, 9], 21))).toEqual([null, null]);
  });

  it('doubles the lines of an interlaced timing and knows no resolution without a timing', () => {
    expect(read(panel((block) => block.set([0x98], 71))).heightPixels).toBe(2160);
    expect(read(panel((block) => block.fill(0, 54, 72)))).toMatchObject({
      widthPixels: null,
      heightPixels: null,
    });
  });

  it('ignores bytes after the first block, and a year before there were EDIDs', () => {
    expect(read(Uint8Array.of(...panel(), 0xff))).toEqual(read(panel()));
    expect(read(panel((block) => block.set([0], 17))).year).toBeNull();
    expect(read(panel((block) => block.set([0xff, 0xff], 8)))).toMatchObject({ maker: null, model: null });
  });

  it('refuses a wrong checksum, a wrong header and a short block', () => {
    const broken = panel();
    broken[20] = 0;
    expect(parseEdid(broken)).toMatchObject({
      failure: { code: 'nonsense', detail: expect.stringContaining('checksum') },
    });
    expect(parseEdid(new Uint8Array(128))).toMatchObject({
      failure: { code: 'nonsense', detail: expect.stringContaining('header') },
    });
    expect(parseEdid(new Uint8Array(0))).toMatchObject({ failure: { code: 'unreadable' } });
  });
});
