import { describe, expect, it } from 'vitest';
import type { Claim, Files, ReadResult } from '../effects/types.ts';
import { probeTopology } from './topology.ts';

const SWAPS = 'Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n';

/** A machine with an NVMe drive that carries the system, an LVM disk, a data disk on btrfs, a swap disk and a free one. */
function machine(change: Record<string, string | string[] | null> = {}): Files {
  const disks = {
    nvme0n1: { device: '259:0', parts: { nvme0n1p1: '259:1', nvme0n1p2: '259:2' } },
    sda: { device: '8:0', parts: { sda1: '8:1' } },
    sdb: { device: '8:16', parts: { sdb1: '8:17' } },
    sdc: { device: '8:32', parts: {} },
    sdd: { device: '8:48', parts: {} },
  };
  const tree: Record<string, string | string[] | null> = {
    '/proc/self/mountinfo':
      '1 0 259:2 / / rw - ext4 /dev/nvme0n1p2 rw\n2 1 259:1 / /boot/efi rw - vfat /dev/nvme0n1p1 rw\n' +
      '3 1 0:45 / /srv rw - btrfs /dev/sdb1 rw\n4 1 0:5 / /proc rw - proc proc rw\n',
    '/proc/swaps': `${SWAPS}/dev/disk/by-id/swap partition\t99\t0\t-2\n/swapfile file\t99\t0\t-3\n`,
    '/sys/block': Object.keys(disks),
  };
  for (const [disk, { device, parts }] of Object.entries(disks)) {
    tree[`/sys/block/${disk}`] = ['dev', 'holders', 'ro', 'queue', ...Object.keys(parts)];
    tree[`/sys/block/${disk}/ro`] = disk === 'sdd' ? '1\n' : '0\n';
    for (const [folder, number] of [
      [disk, device],
      ...Object.entries(parts).map(([part, n]) => [`${disk}/${part}`, n]),
    ]) {
      tree[`/sys/block/${folder}/dev`] = `${number}\n`;
      tree[`/sys/block/${folder}/holders`] = folder === 'sda/sda1' ? ['dm-0'] : [];
    }
  }
  Object.assign(tree, change);
  const look = <T>(path: string, is: (value: unknown) => value is T): Promise<ReadResult<T>> => {
    const value = tree[path];
    if (value === null) return Promise.resolve({ kind: 'refused', detail: 'EACCES' });
    return Promise.resolve(is(value) ? { kind: 'read', value } : { kind: 'absent' });
  };
  return {
    text: (path) => look(path, (value) => typeof value === 'string'),
    list: (path) => look(path, (value) => Array.isArray(value)),
    bytes: () => Promise.resolve({ kind: 'absent' }),
    real: (path) =>
      Promise.resolve({ kind: 'read', value: path === '/dev/disk/by-id/swap' ? '/dev/sdc' : path }),
  };
}

const claims: Claim = (path) => Promise.resolve(path === '/dev/sdd' ? 'busy' : 'free');

describe('probeTopology', () => {
  it('finds mounts on partitions, swap behind a link, holders of partitions, btrfs by its source', async () => {
    const topology = await probeTopology(machine(), claims);
    if (topology.kind !== 'known') throw new Error(topology.detail);
    expect(topology.disks['nvme0n1']?.mountPoints).toEqual(['/', '/boot/efi']);
    expect(topology.disks['sda']?.holders).toEqual(['dm-0']);
    expect(topology.disks['sdb']?.mountPoints).toEqual(['/srv']);
    expect(topology.disks['sdc']).toEqual({
      ...{ mountPoints: [], swap: true, holders: [], readOnly: false, labels: [] },
      claim: 'free',
    });
    expect(topology.disks['sdd']).toEqual({
      ...{ mountPoints: [], swap: false, holders: [], readOnly: true, labels: [] },
      claim: 'busy',
    });
  });

  it('sees in a chroot what the first process has mounted, and does without where it may not look', async () => {
    const outside = '9 1 8:48 / /mnt rw - ext4 /dev/sdd rw\n';
    const topology = await probeTopology(machine({ '/proc/1/mountinfo': outside }), claims);
    expect(topology.kind === 'known' && topology.disks['sdd']?.mountPoints).toEqual(['/mnt']);
    expect((await probeTopology(machine({ '/proc/1/mountinfo': null }), claims)).kind).toBe('known');
  });

  it.each([
    ['/proc/self/mountinfo', null],
    ['/proc/self/mountinfo', 'nonsense\n'],
    ['/proc/swaps', null],
    ['/proc/swaps', 'nonsense\n'],
    ['/sys/block', null],
    ['/sys/block/sda/holders', null],
    ['/sys/block/sda/sda1/holders', null],
    ['/sys/block/sda/sda1/dev', null],
    ['/sys/block/sda/ro', null],
  ])('is unknown as a whole when %s is %j', async (path, value) => {
    expect((await probeTopology(machine({ [path]: value }), claims)).kind).toBe('unknown');
  });
});
