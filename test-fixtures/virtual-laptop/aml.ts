// As much of ACPI's byte code (ACPI 6.5, chapter 20) as a table of named values needs. No method, so nothing to run.

export type Value = number | string | Eisa | readonly Value[];
type Eisa = { eisa: string };
type Term = Buffer;

/** A whole table: its header of 36 bytes, then the terms; all bytes add up to 0. */
export function table(signature: string, terms: readonly Term[]): Buffer {
  const header = Buffer.alloc(36);
  const whole = Buffer.concat([header, ...terms]);
  whole.write(signature.padEnd(4).slice(0, 4), 0, 'latin1');
  whole.writeUInt32LE(whole.length, 4);
  whole[8] = 2;
  whole.write('REBOND', 10, 'latin1');
  whole.write('LAPTOP  ', 16, 'latin1');
  whole.writeUInt32LE(1, 24);
  whole.write('RBND', 28, 'latin1');
  whole.writeUInt32LE(1, 32);
  whole[9] = (256 - (whole.reduce((sum, byte) => sum + byte, 0) % 256)) % 256;
  return whole;
}

export function scope(name: string, terms: readonly Term[]): Term {
  return withLength([0x10], Buffer.concat([path(name), ...terms]));
}

export function device(name: string, terms: readonly Term[]): Term {
  return withLength([0x5b, 0x82], Buffer.concat([path(name), ...terms]));
}

export function named(name: string, value: Value): Term {
  return Buffer.concat([Buffer.from([0x08]), path(name), encode(value)]);
}

function encode(value: Value): Buffer {
  if (typeof value === 'number') return integer(value);
  if (typeof value === 'string') return Buffer.from([0x0d, ...Buffer.from(value, 'latin1'), 0]);
  if ('eisa' in value) return Buffer.concat([Buffer.from([0x0c]), eisaId(value.eisa)]);
  return withLength([0x12], Buffer.concat([Buffer.from([value.length]), ...value.map(encode)]));
}

function integer(value: number): Buffer {
  if (value === 0 || value === 1) return Buffer.from([value]);
  if (value <= 0xff) return Buffer.from([0x0a, value]);
  const long = Buffer.alloc(value <= 0xffff ? 3 : 5);
  long[0] = value <= 0xffff ? 0x0b : 0x0c;
  if (value <= 0xffff) long.writeUInt16LE(value, 1);
  else long.writeUInt32LE(value, 1);
  return long;
}

/** Three letters of 5 bits and four hexadecimal digits, big end first. */
export function eisaId(id: string): Buffer {
  const letter = (at: number): number => id.charCodeAt(at) - 0x40;
  const bytes = Buffer.alloc(4);
  bytes.writeUInt16BE((letter(0) << 10) | (letter(1) << 5) | letter(2), 0);
  bytes.writeUInt16BE(Number.parseInt(id.slice(3), 16), 2);
  return bytes;
}

/** `\_SB` or `BAT0`: a root, then segments of four letters padded by `_`. */
function path(name: string): Buffer {
  const rooted = name.startsWith('\\') ? '\\' : '';
  const segments = name
    .slice(rooted.length)
    .split('.')
    .map((each) => each.padEnd(4, '_'));
  const many = segments.length === 2 ? [0x2e] : segments.length > 2 ? [0x2f, segments.length] : [];
  return Buffer.concat([Buffer.from(rooted), Buffer.from(many), Buffer.from(segments.join(''), 'latin1')]);
}

/** PkgLength counts itself: one byte up to 63, else 4 bits in the first and 8 in each that follows. */
function withLength(opcode: readonly number[], body: Buffer): Buffer {
  return Buffer.concat([Buffer.from(opcode), packageLength(body.length), body]);
}

export function packageLength(body: number): Buffer {
  if (body + 1 <= 0x3f) return Buffer.from([body + 1]);
  for (const more of [1, 2, 3]) {
    const total = body + 1 + more;
    if (total >= 2 ** (4 + 8 * more)) continue;
    const rest = Array.from({ length: more }, (_, at) => (total >>> (4 + 8 * at)) & 0xff);
    return Buffer.from([(more << 6) | (total & 0x0f), ...rest]);
  }
  throw new RangeError('An ACPI package is at most 256 MiB.');
}
