import { parsed, failed, type Parsed } from './parsed.ts';

/**
 * JSON of a tool, with integers above 2^53 as bigint: NVMe counters have 128 bits and JSON.parse would round them.
 * @param source the tool, for the failure
 */
export function parseJson(text: string, source: string): Parsed<unknown> {
  try {
    return parsed(JSON.parse(text, keepDigits));
  } catch (error) {
    const start = text.trim().slice(0, 500);
    return failed('nonsense', source, start === '' ? 'printed nothing' : `${String(error)}\n${start}`);
  }
}

function keepDigits(this: unknown, _key: string, value: unknown, context?: { source?: string }): unknown {
  if (typeof value !== 'number' || Number.isSafeInteger(value)) return value;
  const digits = context?.source ?? '';
  return /^-?\d{1,40}$/.test(digits) ? BigInt(digits) : value;
}

/** The value at a path of keys, undefined where the path ends early. */
export function at(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (inner, key) =>
      typeof inner === 'object' && inner !== null && Object.hasOwn(inner, key)
        ? (inner as Record<string, unknown>)[key]
        : undefined,
    value,
  );
}

export function listAt(value: unknown, ...path: readonly string[]): readonly unknown[] {
  const list = at(value, ...path);
  return Array.isArray(list) ? list : [];
}

export function textAt(value: unknown, ...path: readonly string[]): string | null {
  const text = at(value, ...path);
  return typeof text === 'string' ? text : null;
}

export function booleanAt(value: unknown, ...path: readonly string[]): boolean | null {
  const flag = at(value, ...path);
  return typeof flag === 'boolean' ? flag : null;
}

export function integerAt(value: unknown, ...path: readonly string[]): number | null {
  const number = at(value, ...path);
  return typeof number === 'number' && Number.isSafeInteger(number) ? number : null;
}

/** A safe integer that is not negative. */
export function countAt(value: unknown, ...path: readonly string[]): number | null {
  const number = integerAt(value, ...path);
  return number !== null && number >= 0 ? number : null;
}

/** Decimal digits of a counter of any size, from a number or from smartctl's `…_s` twin beside it. */
export function digitsAt(value: unknown, parent: readonly string[], key: string): string | null {
  const said = at(value, ...parent, `${key}_s`) ?? at(value, ...parent, key);
  const digits = typeof said === 'bigint' || Number.isSafeInteger(said) ? String(said) : said;
  return typeof digits === 'string' && /^\d{1,40}$/.test(digits) ? digits : null;
}
