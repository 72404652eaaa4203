import { execFileSync } from 'node:child_process';
import { openSync, truncateSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { scratch } from '../scratch.ts';
import { ensureVirtualLaptop } from './ensure.ts';
import { fatOffset, makeStick, stickFiles } from './stick.ts';

/** A stick of one FAT partition that begins at 1 MiB. */
function image(path: string): string {
  writeFileSync(path, '');
  truncateSync(path, 8 * 2 ** 20);
  const table = Buffer.alloc(66);
  table[0] = 0x80;
  table[4] = 0x0c;
  table.writeUInt32LE(2048, 8);
  table.writeUInt32LE(7 * 2048, 12);
  table.writeUInt16LE(0xaa55, 64);
  writeSync(openSync(path, 'r+'), table, 0, table.length, 446);
  execFileSync('mkfs.vfat', ['--offset', '2048', path, String(7 * 1024)], {
    stdio: 'ignore',
    env: { PATH: '/usr/sbin:/sbin' },
  });
  return path;
}

describe('a stick on another computer', () => {
  it('is read, written and listed, and its copy is its own', () => {
    ensureVirtualLaptop();
    using folder = scratch('stick');
    const original = image(join(folder.path, 'original.img'));
    expect(fatOffset(original)).toBe(2 ** 20);
    const { files } = makeStick(original, folder.path);
    files.makeFolder('rebond');
    files.makeFolder('rebond/spool');
    files.write('rebond/config.json', '{"bench":"Établi 3"}');
    files.write('rebond/config.json', '{"bench":"Établi 4"}');
    expect(files.text('/rebond/config.json')).toBe('{"bench":"Établi 4"}');
    expect(files.list('rebond').sort()).toEqual(['config.json', 'spool/']);
    expect(files.exists('rebond/stick.json')).toBe(false);
    files.remove('rebond/config.json');
    expect(files.list('rebond')).toEqual(['spool/']);
    expect(stickFiles(original).list('/')).toEqual([]);
    expect(() => files.read('nothing')).toThrow(expect.objectContaining({ code: 'bad-file' }));
  });
});
