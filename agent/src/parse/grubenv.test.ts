import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { scratch } from '../../../test-fixtures/scratch.ts';
import { GRUBENV_BYTES, parseGrubenv, setInGrubenv } from './grubenv.ts';

const block = (lines: string): Uint8Array =>
  new TextEncoder().encode(`# GRUB Environment Block\n${lines}`.padEnd(GRUBENV_BYTES, '#'));
const name = fc.stringMatching(/^[a-z_]{1,12}$/);
const value = fc.stringMatching(/^[0-9A-Za-z ./=-]{0,20}$/);
const EDITENV = '/usr/bin/grub-editenv';

describe('the environment block of GRUB', () => {
  it('reads what GRUB writes, its warning among the comments', () => {
    const read = parseGrubenv(block('# WARNING: Do not edit\ntried_a=1700000000\ngood_a=1700000000\nx=\n'));
    expect(read).toEqual(
      new Map([
        ['tried_a', '1700000000'],
        ['good_a', '1700000000'],
        ['x', ''],
      ]),
    );
  });

  it('sets values and leaves all others as they were, in exactly 1024 bytes', () => {
    fc.assert(
      fc.property(fc.dictionary(name, value), fc.dictionary(name, value, { maxKeys: 4 }), (before, set) => {
        const start = block(
          Object.entries(before)
            .slice(0, 20)
            .map(([key, text]) => `${key}=${text}\n`)
            .join(''),
        );
        const after = setInGrubenv(start, set);
        if (after === null) return;
        expect(after.length).toBe(GRUBENV_BYTES);
        expect(Object.fromEntries(parseGrubenv(after) ?? [])).toEqual({
          ...Object.fromEntries(parseGrubenv(start) ?? []),
          ...set,
        });
      }),
    );
  });

  it('keeps comments and escaped line feeds byte for byte', () => {
    const odd = '# a=1\nlong=one\\\ntwo=2\nlast=\xe9\n';
    const before = Uint8Array.from(
      Buffer.from(`# GRUB Environment Block\n${odd}`.padEnd(1024, '#'), 'latin1'),
    );
    const after = setInGrubenv(before, { good_a: '7' });
    expect(Buffer.from(after ?? []).toString('latin1')).toBe(
      `# GRUB Environment Block\n${odd}good_a=7\n`.padEnd(1024, '#'),
    );
  });

  it('is nothing when it is short, long, or has another signature; a full one takes nothing more', () => {
    for (const bytes of [block('').subarray(1), new Uint8Array(1024), new Uint8Array(0)]) {
      expect([parseGrubenv(bytes), setInGrubenv(bytes, { a: '1' })]).toEqual([null, null]);
    }
    expect(setInGrubenv(block(`a=${'x'.repeat(990)}\n`), { good_a: '1700000000' })).toBe(null);
    expect(setInGrubenv(block(''), { a: 'back\\slash' })).toBe(null);
    expect(setInGrubenv(block(''), { 'a b': '1' })).toBe(null);
  });

  it('bears garbage', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 999, maxLength: 999 }), (garbage) => {
        const bytes = Uint8Array.from([...block('').subarray(0, 25), ...garbage]);
        const after = setInGrubenv(bytes, { good_a: '5' });
        if (after) expect(parseGrubenv(after)?.get('good_a')).toBe('5');
      }),
    );
  });

  it.skipIf(!existsSync(EDITENV))('says the same as grub-editenv', () => {
    using folder = scratch('grubenv');
    const file = join(folder.path, 'grubenv');
    execFileSync(EDITENV, [file, 'create']);
    execFileSync(EDITENV, [file, 'set', 'tried_b=1700000001', 'good_a=1700000000']);
    expect(parseGrubenv(readFileSync(file))?.get('tried_b')).toBe('1700000001');
    writeFileSync(file, setInGrubenv(readFileSync(file), { good_a: '1700000009' }) ?? '');
    const listed = execFileSync(EDITENV, [file, 'list']).toString().split('\n');
    expect(listed).toEqual(expect.arrayContaining(['tried_b=1700000001', 'good_a=1700000009']));
  });
});
