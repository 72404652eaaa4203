import canonicalize from 'canonicalize';
import type { z } from 'zod';
import { ProtocolError } from './errors.ts';

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const encoder = new TextEncoder();

/** RFC 8785 bytes of a JSON value. Throws on what JSON cannot carry (NaN, lone surrogates, undefined). */
export function canonicalBytes(value: unknown): Uint8Array<ArrayBuffer> {
  const text = canonicalize(value);
  if (text === undefined) throw new TypeError('not a JSON value');
  return encoder.encode(text);
}

/**
 * Parses bytes that must be exactly the canonical form of what they say, of the given shape. One value has one
 * form, so a byte that differs is always noticed; duplicate keys, blanks and `1.0` are refused with the rest.
 * @throws ProtocolError too-large, not-utf8, not-json, not-canonical, wrong-shape
 */
export function parseCanonical<T>(bytes: Uint8Array, shape: z.ZodType<T>, maxBytes: number): T {
  if (bytes.length > maxBytes) throw new ProtocolError('too-large', `${bytes.length} > ${maxBytes}`);
  const value = parseJson(bytes);
  if (!sameBytes(reencode(value), bytes)) throw new ProtocolError('not-canonical');
  const parsed = shape.safeParse(value);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new ProtocolError('wrong-shape', `${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`, {
      cause: parsed.error,
    });
  }
  return parsed.data;
}

function parseJson(bytes: Uint8Array): unknown {
  let text: string;
  try {
    text = decoder.decode(bytes);
  } catch (cause) {
    throw new ProtocolError('not-utf8', '', { cause });
  }
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new ProtocolError('not-json', '', { cause });
  }
}

function reencode(value: unknown): Uint8Array {
  try {
    return canonicalBytes(value);
  } catch (cause) {
    throw new ProtocolError('not-canonical', '', { cause });
  }
}

export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}

/** Lower-case hexadecimal SHA-256. */
export async function sha256Hex(bytes: Uint8Array): Promise<string> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', new Uint8Array(bytes))).toHex();
}
