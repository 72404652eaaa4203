import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Scratch, scratch } from '../scratch.ts';
import { elfNeeds } from './elf.ts';
import { moduleFiles, treeOfFolder } from './system-tree.ts';

function system(): Scratch {
  const folder = scratch('system');
  const put = (path: string, text = ''): void => {
    mkdirSync(join(folder.path, path, '..'), { recursive: true });
    writeFileSync(join(folder.path, path), text);
  };
  put('boot/vmlinuz-6.12');
  put('usr/lib/x86_64-linux-gnu/libx.so.1.2');
  symlinkSync('libx.so.1.2', join(folder.path, 'usr/lib/x86_64-linux-gnu/libx.so.1'));
  symlinkSync('/etc/passwd', join(folder.path, 'usr/lib/outside'));
  const base = 'usr/lib/modules/6.12';
  put(`${base}/modules.builtin`, 'kernel/fs/ext4/ext4.ko\n');
  const lines = [
    'kernel/fs/vfat.ko.xz: kernel/fs/fat.ko.xz',
    'kernel/fs/fat.ko.xz:',
    'kernel/usb/usb-storage.ko.xz: kernel/scsi.ko.xz',
  ];
  put(`${base}/modules.dep`, [...lines, 'kernel/scsi.ko.xz:', ''].join('\n'));
  return folder;
}

describe('a system’s tree', () => {
  it('follows links inside, never out of it', () => {
    using folder = system();
    const tree = treeOfFolder(folder.path);
    expect(tree.find('/lib/x86_64-linux-gnu/libx.so.1')).toMatch(/libx\.so\.1\.2$/);
    expect([tree.find('usr/lib/outside'), tree.find('usr/bin/none')]).toEqual([null, null]);
  });

  it('gives modules after those that they stand on, each once, and none that is built in', () => {
    using folder = system();
    const tree = treeOfFolder(folder.path);
    const names = moduleFiles(tree, ['vfat', 'usb_storage', 'fat', 'ext4']).map((path) =>
      path.split('/').at(-1),
    );
    expect(names).toEqual(['fat.ko.xz', 'vfat.ko.xz', 'scsi.ko.xz', 'usb-storage.ko.xz']);
    expect(() => moduleFiles(tree, ['nosuch'])).toThrow('nosuch');
  });
});

describe('ELF', () => {
  it('says what a program needs, as this one', () => {
    const needs = elfNeeds(readFileSync(process.execPath));
    expect(needs?.interpreter).toMatch(/ld-linux/);
    expect(needs?.libraries).toContain('libc.so.6');
  });

  it('is not guessed', () => {
    expect(elfNeeds(Buffer.from('#!/bin/sh'))).toBeNull();
  });
});
