import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseList, parsePackages } from './lists.ts';

const listed = (name: string): string => readFileSync(join(import.meta.dirname, 'lists', name), 'utf8');

describe('a list', () => {
  it('has one thing a line, and why after a #', () => {
    expect(parseList('# Why\n\nkmod\n  iwd   # Wi-Fi\n')).toEqual(['kmod', 'iwd']);
  });

  it('of packages refuses what is no package, or is there twice', () => {
    expect(() => parsePackages('kmod\n--option')).toThrow(expect.objectContaining({ code: 'bad-list' }));
    expect(() => parsePackages('kmod\nkmod')).toThrow(expect.objectContaining({ code: 'bad-list' }));
  });

  it('of this room is correct, and has what the agent asks for', () => {
    expect(parsePackages(listed('workbench.packages'))).toContain('shim-signed');
    expect(parsePackages(listed('system.packages'))).toEqual(
      expect.arrayContaining([
        'live-boot',
        'smartmontools',
        'nvme-cli',
        'hdparm',
        'sg3-utils',
        'dmidecode',
        'kbd',
        'iwd',
      ]),
    );
  });

  it('to prune never leaves its folder', () => {
    const patterns = ['modules.prune', 'firmware.prune'].flatMap((name) => parseList(listed(name)));
    expect(patterns.filter((pattern) => /^\/|\.\.|\s|^\*/.test(pattern))).toEqual([]);
  });
});
