import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { canonicalBytes, parseCanonical } from './canonical.ts';
import { ProtocolError } from './errors.ts';

const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
const bytes = (value: string): Uint8Array => new TextEncoder().encode(value);
const code = (run: () => unknown): string => {
  try {
    run();
  } catch (error) {
    if (error instanceof ProtocolError) return error.code;
    throw error;
  }
  return 'accepted';
};

describe('canonical JSON', () => {
  it('gives the example of RFC 8785 §3.2.2', () => {
    const value = {
      numbers: [333333333.33333329, 1e30, 4.5, 2e-3, 0.000000000000000000000000001],
      string: '€$\u000f\nA\'B"\\\\"/',
      literals: [null, true, false],
    };
    expect(text(canonicalBytes(value))).toBe(
      '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
    );
  });

  it('sorts keys by UTF-16 units, as RFC 8785 §3.2.3 does', () => {
    const value = { '€': 1, '\r': 2, '\ufb33': 3, '1': 4, '😀': 5, '\u0080': 6, ö: 7 };
    expect(Object.keys(JSON.parse(text(canonicalBytes(value))))).toEqual([
      '1',
      '\r',
      '\u0080',
      'ö',
      '€',
      '😀',
      '\ufb33',
    ]);
  });

  it('accepts its own output of any JSON value and nothing else of the same meaning', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), (value) => {
        const canonical = canonicalBytes(value);
        const clean = JSON.parse(text(canonical)) as unknown;
        expect(parseCanonical(canonical, z.unknown(), 1e6)).toEqual(clean);
        expect(code(() => parseCanonical(bytes(` ${text(canonical)}`), z.unknown(), 1e6))).toBe(
          'not-canonical',
        );
      }),
    );
  });

  it.each([
    ['a duplicate key', '{"a":1,"a":1}', 'not-canonical'],
    ['keys out of order', '{"b":1,"a":1}', 'not-canonical'],
    ['another form of a number', '[1.0]', 'not-canonical'],
    ['minus zero', '[-0]', 'not-canonical'],
    ['a number beyond the doubles', '[1e999]', 'not-canonical'],
    ['a needless escape', '["\\u0061"]', 'not-canonical'],
    ['half a surrogate pair', '["\\ud800"]', 'not-canonical'],
    ['a byte order mark', '\ufeff[]', 'not-json'],
    ['a final line break', '[]\n', 'not-canonical'],
    ['half a document', '{"a":', 'not-json'],
    ['nothing', '', 'not-json'],
  ])('refuses %s', (_, input, expected) => {
    expect(code(() => parseCanonical(bytes(input), z.unknown(), 1e6))).toBe(expected);
  });

  it('refuses bytes that are not UTF-8, too many bytes, and another shape', () => {
    expect(code(() => parseCanonical(new Uint8Array([0x22, 0xff, 0x22]), z.unknown(), 99))).toBe('not-utf8');
    expect(code(() => parseCanonical(bytes('[1,2]'), z.unknown(), 4))).toBe('too-large');
    expect(code(() => parseCanonical(bytes('{"a":1,"b":2}'), z.strictObject({ a: z.int() }), 99))).toBe(
      'wrong-shape',
    );
    expect(
      code(() => parseCanonical(bytes('{"__proto__":1,"a":1}'), z.strictObject({ a: z.int() }), 99)),
    ).toBe('wrong-shape');
  });
});
