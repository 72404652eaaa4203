import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, readlinkSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { scratch } from '../scratch.ts';
import { cpio } from './cpio.ts';

const program = Buffer.from('#!/bin/sh\n');

describe('cpio', () => {
  it('pads names and contents to four bytes and ends with its trailer', () => {
    const archive = cpio([{ kind: 'file', path: '/init', content: program, mode: 0o755 }]);
    expect(archive.length % 4).toBe(0);
    expect(archive.toString('latin1', 0, 6)).toBe('070701');
    expect(archive.toString('latin1', 14, 22)).toBe('000081ed');
    expect(archive.includes('TRAILER!!!\0')).toBe(true);
  });

  it('adds each folder once, before what is in it', () => {
    const file = (path: string) => ({ kind: 'file', path, content: program }) as const;
    const text = cpio([file('a/b/c'), file('a/b/d')]).toString('latin1');
    expect(text.split('a/b\0')).toHaveLength(2);
    expect(text.indexOf('a\0')).toBeLessThan(text.indexOf('a/b\0'));
    expect(text.indexOf('a/b\0')).toBeLessThan(text.indexOf('a/b/c\0'));
  });

  it.skipIf(!existsSync('/usr/bin/cpio'))('is what cpio unpacks', () => {
    using folder = scratch('cpio');
    const archive = cpio([
      { kind: 'file', path: 'bin/tool', content: program, mode: 0o755 },
      { kind: 'link', path: 'bin/other', target: 'tool' },
    ]);
    execFileSync('cpio', ['-id', '--quiet'], { cwd: folder.path, input: archive });
    expect(readFileSync(join(folder.path, 'bin/tool'))).toEqual(program);
    expect(statSync(join(folder.path, 'bin/tool')).mode & 0o777).toBe(0o755);
    expect(readlinkSync(join(folder.path, 'bin/other'))).toBe('tool');
  });
});
