// Promises about the live system that can be read from its files.
import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseList } from './lists.ts';

const room = import.meta.dirname;
const read = (path: string): string => readFileSync(join(room, path), 'utf8');
const masked = parseList(read('lists/units.mask'));

describe('the live system', () => {
  it('offers no login and no shell', () => {
    for (const unit of [
      'getty@.service',
      'serial-getty@.service',
      'autovt@.service',
      'debug-shell.service',
      'ctrl-alt-del.target',
    ])
      expect(masked).toContain(unit);
    for (const unit of ['emergency', 'rescue'])
      expect(read(`overlay/etc/systemd/system/${unit}.service`)).toContain(
        'ExecStart=/usr/lib/rebond/no-shell',
      );
    expect(read('overlay/usr/lib/sysctl.d/99-rebond.conf')).toContain('kernel.sysrq = 0');
    expect(read('boot/cmdline')).toMatch(/\bpanic=30\b/);
    expect(read('boot/grub.cfg')).toMatch(/set superusers="nobody"\nexport superusers/);
    expect(read('boot/grub.cfg')).not.toMatch(/^\s*password/m);
  });

  it('lets nothing but the agent touch drives or put them to sleep', () => {
    for (const unit of [
      'fstrim.timer',
      'smartmontools.service',
      'swap.target',
      'sleep.target',
      'e2scrub_all.timer',
    ])
      expect(masked).toContain(unit);
    expect(read('hooks/system.sh')).toMatch(/rm -f .*85-hdparm\.rules/);
  });

  it('starts the agent again for ever, and not after the network', () => {
    const unit = read('overlay/usr/lib/systemd/system/rebond.service');
    expect(unit).toMatch(/^Restart=always$/m);
    expect(unit).toMatch(/^StartLimitIntervalSec=0$/m);
    expect(unit.replaceAll(/^#.*/gm, '')).not.toMatch(/network|settle/i);
  });

  it('every menu entry starts without a password that nobody has', () => {
    const entries = read('boot/grub.cfg').match(/^\s*menuentry .*/gm) ?? [];
    expect(entries.length).toBeGreaterThan(5);
    expect(entries.filter((line) => !line.includes('--unrestricted'))).toEqual([]);
  });

  it('its own programs are executable and are correct shell or Perl', () => {
    for (const folder of ['overlay/usr/lib/rebond', 'overlay/etc/initramfs-tools/hooks']) {
      for (const name of readdirSync(join(room, folder))) {
        const path = join(room, folder, name);
        expect([name, statSync(path).mode & 0o100]).toEqual([name, 0o100]);
        const shell = readFileSync(path, 'utf8').startsWith('#!/bin/sh');
        execFileSync(shell ? 'sh' : 'perl', [shell ? '-n' : '-c', path], { stdio: 'ignore' });
      }
    }
  });
});
