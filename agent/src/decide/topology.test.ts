import { describe, expect, it } from 'vitest';
import { diskNode, topologyOf } from '../../../test-fixtures/topology.ts';
import { blockKind, nodeOf } from './topology.ts';

describe('what a node is, by the name that its driver gave it', () => {
  it.each([
    ['loop', ['loop0', 'loop12']],
    ['memory', ['ram0', 'zram1']],
    ['optical', ['sr0', 'fd0']],
    ['remote', ['nbd0', 'rbd3', 'etherd!e1.1', 'etherd/e0.0']],
    ['assembly', ['dm-0', 'md0', 'md127', 'md_d0', 'md_0', 'mdd1', 'bcache0', 'drbd1', 'zd16']],
    ['area', ['mmcblk0boot0', 'mmcblk1boot1', 'mmcblk0rpmb', 'mmcblk12gp3', 'mmcblk0boot10', 'mmcblk0gp10']],
    [
      'disk',
      [
        ...[
          'sda',
          'nvme0n1',
          'vda',
          'xvda',
          'mmcblk0',
          'hda',
          'mtdblock0',
          'pmem0',
          'cciss!c0d0',
          'sdloop0',
          'loops',
        ],
        ...[
          'xram0',
          'zzram0',
          'asr0',
          'sfd0',
          'xnbd0',
          'etherdx0',
          'petherd!e1.1',
          'xdm-0',
          'md',
          'mdx0',
          'xmd0',
          'mddd0',
        ],
        ...['mmcblk0boot', 'mmcblkboot0', 'xmmcblk0boot0', 'mmcblk0boot0x', 'mmcblk0gp', 'mmcblk0rpmb2'],
      ],
    ],
  ] as const)('is %s', (kind, names) => {
    for (const name of names) expect([name, blockKind(name)]).toEqual([name, kind]);
  });
});

it('the node of a drive is the one of its path’s name, and of no other folder', () => {
  const topology = topologyOf([diskNode('sda'), diskNode('sdb')]);
  expect(nodeOf('/dev/sdb', topology)?.name).toBe('sdb');
  for (const path of ['/dev/sdc', '/mnt/dev/sdb', '/dev/sdb1', '/dev/', 'sd/dev/b'])
    expect(nodeOf(path, topology)).toBeNull();
});
