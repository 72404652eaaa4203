import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countSignatures } from './efi-signature-list.ts';
import { parseBootOrder, parseLoadOption } from './efi-load-option.ts';

const u16 = (value: number): number[] => [value & 0xff, value >> 8];
const u32 = (value: number): number[] => [...u16(value & 0xffff), ...u16(value >>> 16)];
const node = (type: number, subType: number, data: readonly number[] = []): number[] => [
  ...[type, subType],
  ...u16(4 + data.length),
  ...data,
];
const END = node(0x7f, 0xff);
const GUID_BYTES = [
  0xaf, 0x3d, 0xc6, 0x0f, 0x83, 0x84, 0x72, 0x47, 0x8e, 0x79, 0x3d, 0x69, 0xd8, 0x47, 0x7d, 0xe4,
];
const GUID = '0fc63daf-8483-4772-8e79-3d69d8477de4';
const hardDrive = (signature: readonly number[], kind: number, number = 1): number[] =>
  node(4, 1, [...u32(number), ...Array.from({ length: 16 }, () => 0), ...signature, 2, kind]);
const ucs2 = (text: string): number[] => Array.from(`${text}\0`).flatMap((one) => u16(one.charCodeAt(0)));

function option(
  name: string,
  path: readonly number[],
  more: { attributes?: number; data?: number[]; length?: number } = {},
) {
  const { attributes = 1, data = [], length = path.length } = more;
  return Uint8Array.from([...u32(attributes), ...u16(length), ...ucs2(name), ...path, ...data]);
}

describe('a boot entry', () => {
  it('names the GPT partition it starts from, as udev writes it', () => {
    const path = [...hardDrive(GUID_BYTES, 2), ...node(4, 4, ucs2('\\EFI\\ubuntu\\shimx64.efi')), ...END];
    expect(parseLoadOption(option('ubuntu', path, { data: [1, 2, 3] }))).toEqual({
      ...{ active: true, description: 'ubuntu', partition: GUID, reaches: new Set() },
    });
  });

  it('names an MBR partition by the signature of its disk', () => {
    const signature = [0xd4, 0xc3, 0xb2, 0xa1, ...Array.from({ length: 12 }, () => 0)];
    const path = [...hardDrive(signature, 1, 10), ...END];
    expect(parseLoadOption(option('old', path, { attributes: 0 }))).toMatchObject({
      ...{ active: false, partition: 'a1b2c3d4-0a' },
    });
  });

  it.each([
    [
      'network',
      [
        ...node(
          3,
          11,
          Array.from({ length: 33 }, () => 0),
        ),
        ...node(3, 12),
      ],
    ],
    ['network', node(3, 24)],
    ['removable', [...node(3, 5, [0, 0]), ...hardDrive(GUID_BYTES, 2)]],
    ['removable', node(4, 2)],
    ['firmware', [...node(4, 7), ...node(4, 6)]],
    ['firmware', node(5, 1)],
  ] as const)('says that it leads to %s', (kind, path) => {
    expect(parseLoadOption(option('x', [...path, ...END]))?.reaches).toEqual(new Set([kind]));
  });

  it('ends with the first of its device paths: what follows is of another', () => {
    const path = [...node(4, 4, ucs2('a')), ...END, ...hardDrive(GUID_BYTES, 2), ...END];
    expect(parseLoadOption(option('two', path))?.partition).toBeNull();
  });

  it.each<[string, Uint8Array]>([
    ['nothing', new Uint8Array()],
    ['a head alone', Uint8Array.from([1, 0, 0, 0, 0, 0])],
    ['a name without end', Uint8Array.from([1, 0, 0, 0, 4, 0, 65, 0, 66, 0])],
    ['a path longer than what is there', option('x', END, { length: 400 })],
    ['a node of no length', option('x', [4, 1, 0, 0, ...END])],
    ['a node that ends in its own head', option('x', [4, 1, 3, 0, ...END])],
    ['a node that goes on beyond the path', option('x', [4, 1, 0xff, 0xff, ...END])],
    ['a path without end', option('x', node(4, 4))],
    ['no path', option('x', [])],
    ['more than any firmware keeps', new Uint8Array(70_000)],
  ])('is not believed with %s', (_name, bytes) => expect(parseLoadOption(bytes)).toBeNull());

  it.each([
    ['of another length', node(4, 1, [1, 2, 3])],
    ['without a signature', hardDrive(GUID_BYTES, 0)],
  ])('a hard drive node %s names no partition', (_name, path) => {
    expect(parseLoadOption(option('x', [...path, ...END]))?.partition).toBeNull();
  });

  it('half a surrogate pair in its name is made whole text', () => {
    const bytes = Uint8Array.from([...u32(1), ...u16(4), 0x00, 0xd8, 0, 0, ...END]);
    expect(parseLoadOption(bytes)?.description.isWellFormed()).toBe(true);
  });

  it('whatever the bytes, it answers and never throws', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const option = parseLoadOption(bytes);
        return option === null || option.description.length <= 256;
      }),
      { numRuns: 5000 },
    );
  });

  it('is read the same from the middle of a larger buffer', () => {
    const bytes = option('ubuntu', [...hardDrive(GUID_BYTES, 2), ...END]);
    const larger = Uint8Array.from([9, 9, 9, ...bytes]);
    expect(parseLoadOption(larger.subarray(3))).toEqual(parseLoadOption(bytes));
  });
});

describe('the boot order', () => {
  it.each([
    [
      [1, 0, 0, 0, 0x34, 0x12],
      [1, 0, 0x1234],
    ],
    [[], []],
    [[1], null],
  ])('%j', (bytes, due) => expect(parseBootOrder(Uint8Array.from(bytes))).toEqual(due));
});

describe('signature lists', () => {
  const list = (count: number, size: number, listSize = 28 + count * size): number[] => [
    ...Array.from({ length: 16 }, () => 7),
    ...[...u32(listSize), ...u32(0), ...u32(size)],
    ...Array.from({ length: count * size }, () => 1),
  ];
  it('count what they hold', () => {
    expect(countSignatures(Uint8Array.from([...list(2, 48), ...list(1, 1000)]))).toBe(3);
    expect(countSignatures(new Uint8Array())).toBe(0);
  });
  it.each([
    ['a head cut off', list(1, 48).slice(0, 20)],
    ['a body cut off', list(1, 48).slice(0, 40)],
    ['no size of a signature', list(0, 0)],
    ['a size that does not fit', list(1, 48, 28 + 47)],
    ['a list of no length', list(1, 48, 0)],
  ])('are not believed with %s', (_name, bytes) =>
    expect(countSignatures(Uint8Array.from(bytes))).toBeNull(),
  );
});
