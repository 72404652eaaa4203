import { describe, expect, it } from 'vitest';
import { parseMountinfo, parseSwaps } from './mounts.ts';

describe('parseMountinfo', () => {
  it('reads device, mount point and source, with escapes undone', () => {
    const text =
      '36 35 8:2 / /mnt/a\\040b rw,noatime master:1 - ext4 /dev/sda2 rw\n' +
      '40 35 0:45 / /home rw shared:7 - btrfs /dev/nvme0n1p3 rw,subvol=/home\n';
    expect(parseMountinfo(text)).toEqual([
      { device: '8:2', mountPoint: '/mnt/a b', fsType: 'ext4', source: '/dev/sda2', folders: [] },
      { device: '0:45', mountPoint: '/home', fsType: 'btrfs', source: '/dev/nvme0n1p3', folders: [] },
    ]);
  });

  it('reads the folders of an overlay, which may hold colons and commas', () => {
    const overlay = (options: string): string[] | undefined =>
      parseMountinfo(`9 1 0:30 / / rw - overlay overlay ${options}\n`)?.[0]?.folders;
    expect(overlay('rw,lowerdir=/a:/b\\040c,upperdir=/rw/up,workdir=/rw/work')).toEqual([
      ...['/a', '/b c', '/rw/up', '/rw/work'],
    ]);
    expect(overlay('rw,lowerdir+=/a,lowerdir+=/b\\054c')).toEqual(['/a', '/b,c']);
    expect(overlay('rw,lowerdir=/a\\134:b:/c')).toEqual(['/a:b', '/c']);
    expect(overlay('rw,datadir+=/d,nolowerdir=/no,lowerdir=/a::/b')).toEqual(['/d', '/a', '/b']);
  });

  it('is unknown as a whole when one line does not parse: a mount that is missed is a drive that is wiped', () => {
    expect(parseMountinfo('36 35 8:2 / /mnt rw - ext4 /dev/sda2 rw\nnonsense\n')).toBeNull();
    for (const device of ['eight:2', '8:two', 'x8:2', '8:2x', '8', ':', '8:'])
      expect(parseMountinfo(`36 35 ${device} / /mnt rw - ext4 /dev/sda2 rw\n`)).toBeNull();
    // Cut off, wherever.
    const whole = '36 35 259:12 / /mnt rw - ext4 /dev/sda2 rw';
    expect(parseMountinfo(whole)).toHaveLength(1);
    for (const cut of [
      '36',
      '36 35',
      '36 35 259:12 /',
      '36 35 259:12 / /mnt rw',
      '36 35 259:12 / /mnt rw - ',
      '36 35 259:12 / /mnt rw - ext4',
    ])
      expect(parseMountinfo(cut)).toBeNull();
    expect(parseMountinfo('36 35 259:12 /  rw - ext4 /dev/sda2 rw')).toBeNull();
    expect(parseMountinfo('36 35  / /mnt rw - ext4 /dev/sda2 rw')).toBeNull();
    expect(parseMountinfo('36 35 259:12 / /mnt rw -  /dev/sda2 rw')).toBeNull();
  });

  it('takes a source that is empty for one, and a second dash for a part of the options', () => {
    expect(parseMountinfo('9 1 0:30 / /x rw - tmpfs  rw')?.[0]?.source).toBe('');
    expect(parseMountinfo('9 1 0:30 / / rw - overlay overlay rw,lowerdir=/a - b')?.[0]?.folders).toEqual([
      '/a',
    ]);
    expect(parseMountinfo('9 1 0:30 / / rw - overlay overlay')?.[0]?.folders).toEqual([]);
    expect(parseMountinfo('9 1 0:30 / /x rw - ext4 /dev/sda1 rw,lowerdir=/a')?.[0]?.folders).toEqual([]);
  });
});

describe('parseSwaps', () => {
  it('reads the paths, and knows an empty table from no table', () => {
    const head = 'Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n';
    expect(parseSwaps(head)).toEqual([]);
    expect(parseSwaps(`${head}/dev/dm-1                               partition\t999\t0\t-2\n`)).toEqual([
      '/dev/dm-1',
    ]);
    expect(parseSwaps('')).toBeNull();
  });
});
