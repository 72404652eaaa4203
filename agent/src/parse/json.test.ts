import { describe, expect, it } from 'vitest';
import { at, booleanAt, countAt, digitsAt, integerAt, listAt, parseJson, textAt } from './json.ts';

const value = (text: string): unknown => {
  const parsed = parseJson(text, 'a tool');
  return parsed.kind === 'parsed' ? parsed.value : null;
};

describe('JSON of a tool', () => {
  it('keeps the digits of what a number would round', () => {
    expect(
      value(
        '{"a":9007199254740993,"b":-9007199254740993,"c":9007199254740991,"d":1.5e300,"e":"9007199254740993"}',
      ),
    ).toEqual({
      ...{
        a: 9007199254740993n,
        b: -9007199254740993n,
        c: 9007199254740991,
        d: 1.5e300,
        e: '9007199254740993',
      },
    });
    // Longer than any counter: nobody reads it as one.
    expect(typeof value('1'.repeat(41))).toBe('number');
    expect(typeof value('1'.repeat(40))).toBe('bigint');
  });

  it('that is none is told with its beginning, and a silent tool by its silence', () => {
    const detail = (text: string): string => {
      const parsed = parseJson(text, 'a tool');
      return parsed.kind === 'failed' ? parsed.failure.detail : '';
    };
    expect(detail(' \n ')).toBe('printed nothing');
    expect(detail('\n  smartctl: cannot open\n')).toContain('SyntaxError');
    expect(detail('\n  smartctl: cannot open\n')).toMatch(/\nsmartctl: cannot open$/);
    expect(detail(`${'x'.repeat(499)}yz`)).toMatch(/xy$/);
    expect(parseJson('{', 'a tool')).toMatchObject({ failure: { code: 'nonsense', source: 'a tool' } });
  });
});

describe('a value at a place', () => {
  const deep = {
    a: { list: [1, 'x'], text: 't', flag: false, count: 3, negative: -1, half: 0.5, huge: 2 ** 53 },
  };

  it('is what stands there itself, and nothing that an object is born with', () => {
    expect(at(deep, 'a', 'text')).toBe('t');
    for (const path of [
      ['b'],
      ['a', 'text', 'length'],
      ['toString'],
      ['a', 'constructor'],
      ['a', 'list', 'map', 'name'],
    ])
      expect(at(deep, ...path)).toBeUndefined();
    for (const root of [null, undefined, 7, 'text']) expect(at(root, 'a')).toBeUndefined();
    expect(at(deep)).toBe(deep);
  });

  it('has the type that is asked for, or is not there', () => {
    expect(textAt(deep, 'a', 'text')).toBe('t');
    expect(textAt(deep, 'a', 'count')).toBeNull();
    expect(booleanAt(deep, 'a', 'flag')).toBe(false);
    expect(booleanAt(deep, 'a', 'count')).toBeNull();
    expect(listAt(deep, 'a', 'list')).toEqual([1, 'x']);
    expect(listAt(deep, 'a', 'text')).toEqual([]);
    expect(integerAt(deep, 'a', 'negative')).toBe(-1);
    for (const name of ['half', 'huge', 'text', 'none']) expect(integerAt(deep, 'a', name)).toBeNull();
    expect(countAt(deep, 'a', 'count')).toBe(3);
    expect(countAt({ zero: 0 }, 'zero')).toBe(0);
    for (const name of ['negative', 'half', 'none']) expect(countAt(deep, 'a', name)).toBeNull();
  });

  it('as digits is a number of any size, or the twin that says it in digits', () => {
    expect(digitsAt({ n: 5 }, [], 'n')).toBe('5');
    expect(digitsAt({ n: 2n ** 100n }, [], 'n')).toBe(String(2n ** 100n));
    expect(digitsAt({ in: { n: 1, n_s: '18446744073709551616' } }, ['in'], 'n')).toBe('18446744073709551616');
    for (const n of [0.5, -1, 2 ** 60, '12a', 'a12', '', null, true, [], '1'.repeat(41)])
      expect(digitsAt({ n }, [], 'n')).toBeNull();
    expect(digitsAt({ n: '1'.repeat(40) }, [], 'n')).toBe('1'.repeat(40));
  });
});
