// What a program of 64 bits needs to start: its interpreter and its shared libraries (System V gABI, chapter 5).

export type Needs = { interpreter: string | null; libraries: string[] };

const LOAD = 1;
const DYNAMIC = 2;
const INTERPRETER = 3;
const NEEDED = 1;
const STRING_TABLE = 5;

type Segment = { type: number; offset: number; address: number; size: number };

/** @returns null when it is no ELF file of 64 bits */
export function elfNeeds(file: Buffer): Needs | null {
  if (file.length < 64 || file.readUInt32BE(0) !== 0x7f454c46 || file[4] !== 2) return null;
  const segments = segmentsOf(file);
  const text = (offset: number): string => file.toString('latin1', offset, file.indexOf(0, offset));
  const interpreter = segments.find(({ type }) => type === INTERPRETER);
  const dynamic = segments.find(({ type }) => type === DYNAMIC);
  const tags = dynamic ? tagsOf(file, dynamic) : [];
  const strings = tags.find(([tag]) => tag === STRING_TABLE)?.[1] ?? 0;
  const home = segments.find(
    ({ type, address, size }) => type === LOAD && strings >= address && strings < address + size,
  );
  const base = home ? strings - home.address + home.offset : strings;
  const libraries = tags.filter(([tag]) => tag === NEEDED).map(([, at]) => text(base + at));
  return { interpreter: interpreter ? text(interpreter.offset) : null, libraries };
}

function segmentsOf(file: Buffer): Segment[] {
  const [start, size, count] = [
    Number(file.readBigUInt64LE(32)),
    file.readUInt16LE(54),
    file.readUInt16LE(56),
  ];
  return Array.from({ length: count }, (_, index) => {
    const at = start + index * size;
    const long = (field: number): number => Number(file.readBigUInt64LE(at + field));
    return { type: file.readUInt32LE(at), offset: long(8), address: long(16), size: long(32) };
  });
}

function tagsOf(file: Buffer, { offset, size }: Segment): [number, number][] {
  const tags: [number, number][] = [];
  for (let at = offset; at < offset + size; at += 16) {
    const tag = Number(file.readBigInt64LE(at));
    if (tag === 0) break;
    tags.push([tag, Number(file.readBigUInt64LE(at + 8))]);
  }
  return tags;
}
