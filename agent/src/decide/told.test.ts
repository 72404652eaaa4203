// What the operator is told before he confirms, and what is said of the whole machine.
import { Technique } from '@rebond/protocol';
import { describe, expect, it } from 'vitest';
import { diskNode, topologyOf } from '../../../test-fixtures/topology.ts';
import { againstWholeMachine } from './hidden-drives.ts';
import { noticesOf } from './members.ts';
import { reachOf } from './reach.ts';
import type { BlockNode } from './topology.ts';

const content = (type: string | null, label: string | null = null): Partial<BlockNode> => ({
  content: { kind: 'read', type, label },
});
const notices = (...nodes: BlockNode[]): string[] =>
  noticesOf(diskNode('sda'), topologyOf(nodes)).map(({ code, en }) => `${code}: ${en}`);
const codes = (type: string | null): string[] =>
  notices(diskNode('sda', content(type))).map((each) => each.split(':')[0] ?? '');

describe('before a drive is confirmed', () => {
  it.each([
    ...['LVM2_member', 'linux_raid_member', 'zfs_member', 'bcache', 'drbd', 'ceph_bluestore'].map((type) => [
      type,
      'inactive-member',
    ]),
    ...['DM_snapshot_cow', 'swsuspend', 'isw_raid_member'].map((type) => [type, 'inactive-member']),
    ...['crypto_LUKS', 'BitLocker', 'FVE', 'apfs'].map((type) => [type, 'encrypted']),
  ] as [string, string][])('%s on it is told as %s', (type, code) => {
    expect(codes(type)).toEqual([code]);
  });

  it.each([
    'ext4',
    'vfat',
    'ntfs',
    'btrfs',
    'swap',
    'LVM2_member_x',
    'xbcache',
    'bcachefs',
    'drbd9',
    'apfs2',
    'xFVE',
    'member',
    null,
  ])('%s on it is nothing to tell', (type) => {
    expect(codes(type)).toEqual([]);
  });

  it('its parts are told of by their names, with the label that tells the assembly, and no other drive’s', () => {
    const part = (name: string, partOf: string, change: Partial<BlockNode>): BlockNode =>
      diskNode(name, { kind: 'partition', partOf, ...change });
    const [member, closed] = notices(
      diskNode('sda', content(null)),
      part('sda1', 'sda', content('linux_raid_member', 'nas:0')),
      part('sda2', 'sda', content('crypto_LUKS', 'secret')),
      part('sda3', 'sda', { content: { kind: 'unknown' } }),
      part('sdb1', 'sdb', content('LVM2_member')),
      diskNode('sdb', content('zfs_member', 'tank')),
    );
    expect(member).toContain('inactive-member: sda1 is a member (linux_raid_member « nas:0 »)');
    expect(closed).toContain('encrypted: sda2 is encrypted (crypto_LUKS)');
    expect(notices(part('sdb1', 'sdb', content('LVM2_member')))).toEqual([]);
    expect(notices(diskNode('sda', content('LVM2_member', '')))[0]).toContain('(LVM2_member)');
  });
});

describe('of the whole machine', () => {
  const hidden = (remapped: string[], vmdWithoutDriver: string[]) =>
    againstWholeMachine(topologyOf([], { hidden: { remapped, vmdWithoutDriver } }));

  it('nothing stands against speaking where no controller hides drives', () => {
    expect(hidden([], [])).toEqual([]);
  });

  it('each controller that hides drives does, by its address', () => {
    expect(hidden(['0000:00:17.0'], []).map(({ code }) => code)).toEqual(['remapped-nvme']);
    expect(hidden([], ['0000:00:0e.0']).map(({ code }) => code)).toEqual(['vmd-without-driver']);
    const both = hidden(['0000:00:17.0'], ['0000:00:0e.0', '0000:01:0e.0']);
    expect(both.map(({ code }) => code)).toEqual(['remapped-nvme', 'vmd-without-driver']);
    expect(both[0]?.en).toContain('(0000:00:17.0)');
    expect(both[1]?.fr).toContain('0000:00:0e.0, 0000:01:0e.0');
  });

  it('so does not knowing', () => {
    const unknown = againstWholeMachine({ kind: 'unknown', detail: '/sys/block' });
    expect(unknown.map(({ code }) => code)).toEqual(['hidden-drives-unknown']);
  });
});

it('what is carried out by the host goes to one node, and what the drive does by itself to all of the drive', () => {
  const addressed = Technique.options.filter((technique) => reachOf(technique) === 'addressed');
  expect(new Set(addressed)).toEqual(new Set(['overwrite', 'discard']));
  for (const technique of Technique.options)
    expect(['addressed', 'whole-drive']).toContain(reachOf(technique));
});
