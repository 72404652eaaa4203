import type { Drive } from '@rebond/protocol';
import { describe, expect, it } from 'vitest';
import { diskNode, topologyOf } from '../../../test-fixtures/topology.ts';
import { type Authority, awaitsOnlyConfirmation, endingMatches, refusals } from './eligibility.ts';
import type { BlockNode, KnownTopology, MountFact } from './topology.ts';

const drive = (
  name: string,
  change: Partial<Drive> = {},
  serial: string | null = `SN-${name}-0042`,
): Drive => ({
  path: `/dev/${name}`,
  identity: { transport: 'sata', model: 'TEST HDD', serial, wwid: `naa.${name}` },
  medium: 'ata-hdd',
  firmware: null,
  sizeBytes: 1_000_204_886_016,
  logicalSectorBytes: 512,
  physicalSectorBytes: 4096,
  rotational: true,
  removable: false,
  diskseq: '3',
  health: { outcome: 'absent', sources: [] },
  ...change,
});
const sda = drive('sda');
const free = topologyOf([diskNode('sda')]);
const two = topologyOf([diskNode('sda'), diskNode('sdb')]);
const node = (change: Partial<BlockNode>): KnownTopology => topologyOf([diskNode('sda', change)]);
const part = (change: Partial<BlockNode>): BlockNode =>
  diskNode('sda1', { kind: 'partition', partOf: 'sda', diskseq: null, ...change });
const withPart = (change: Partial<BlockNode>, more: Partial<KnownTopology> = {}): KnownTopology =>
  topologyOf([diskNode('sda'), part(change)], more);
const mount = (change: Partial<MountFact>): MountFact => ({
  ...{ number: '0:99', place: '/mnt', fsType: 'ext4', sources: [], folders: [] },
  ...change,
});
const number = diskNode('sda').number;
const sure: Authority = {
  mode: 'real',
  onLiveImage: false,
  notARehearsal: true,
  typedEnding: '0042',
  boot: { kind: 'none' },
  reach: 'addressed',
  confirmed: [],
};
const codes = (...args: Parameters<typeof refusals>): string[] => refusals(...args).map(({ code }) => code);

describe('refusals', () => {
  it('has none for a free, identified, confirmed drive', () => {
    expect(codes(sda, [sda], free, sure)).toEqual([]);
    expect(codes(sda, [sda], free, { ...sure, onLiveImage: true, notARehearsal: false })).toEqual([]);
    const others = [drive('sdb', {}, null), drive('sdc')];
    const three = topologyOf(['sda', 'sdb', 'sdc'].map((name) => diskNode(name)));
    expect(codes(sda, [sda, ...others], three, sure)).toEqual([]);
  });

  it.each(['/', '/boot', '/boot/efi', '/usr', '/run/live/medium', '/lib/live/mount/medium', '/cdrom'])(
    'tells a drive that carries %s from one on which something else is mounted',
    (place) => {
      const at = (where: string): string[] =>
        codes(sda, [sda], topologyOf([diskNode('sda')], { mounts: [mount({ number, place: where })] }), sure);
      expect(at(place)).toEqual(['boot', 'mounted']);
      expect(at(`/mnt${place}`)).toEqual(['mounted']);
    },
  );

  it.each(['sata', 'ata', 'sas', 'scsi', 'nvme', 'usb', 'mmc', 'virtio'] as const)(
    'lets a drive of this machine on %s be wiped in earnest, and never in a rehearsal',
    (transport) => {
      const own = drive('sda', { identity: { ...sda.identity, transport } });
      expect(codes(own, [own], free, sure)).toEqual([]);
      expect(codes(own, [own], free, { ...sure, mode: 'rehearsal' })).toEqual(['local-in-rehearsal']);
    },
  );

  it.each([
    ['network', 'network', []],
    ['loop', 'not-a-drive', []],
    ['file', 'not-a-drive', []],
    ['unknown', 'transport-unknown', ['transport-unknown']],
  ] as const)('lets nothing on %s be wiped in earnest: %s', (transport, code, rehearsed) => {
    const own = drive('sda', { identity: { ...sda.identity, transport } });
    expect(codes(own, [own], free, sure)).toEqual([code]);
    expect(codes(own, [own], free, { ...sure, mode: 'rehearsal' })).toEqual(rehearsed);
  });

  it.each<[string, KnownTopology, string]>([
    ['mounted', topologyOf([diskNode('sda')], { mounts: [mount({ number })] }), 'mounted'],
    [
      'carrying the running system',
      topologyOf([diskNode('sda')], { mounts: [mount({ number, place: '/' })] }),
      'boot',
    ],
    ['used as swap', topologyOf([diskNode('sda')], { swaps: ['/dev/sda'] }), 'swap'],
    ['held by an assembly', node({ holders: ['dm-0'] }), 'held'],
    [
      'that an assembly names as its own',
      topologyOf([diskNode('sda'), diskNode('dm-0', { kind: 'assembly', slaves: ['sda'] })]),
      'held',
    ],
    ['that caches another', node({ registered: true }), 'held'],
    [
      'of an imported pool',
      topologyOf([diskNode('sda', { content: { kind: 'read', type: 'zfs_member', label: 'tank' } })], {
        pools: ['tank'],
      }),
      'held',
    ],
    [
      'of a pool without a name while one is imported',
      topologyOf([diskNode('sda', { content: { kind: 'read', type: 'zfs_member', label: null } })], {
        pools: ['tank'],
      }),
      'held',
    ],
    [
      'that is one of a mounted btrfs',
      topologyOf([diskNode('sda'), diskNode('sdb')], { btrfs: [['sda', 'sdb']] }),
      'held',
    ],
    [
      'under a loop device',
      topologyOf([diskNode('sda'), diskNode('loop0', { kind: 'loop', backing: '/dev/sda' })]),
      'backs-a-device',
    ],
    [
      'that is a stick of ours',
      withPart({ content: { kind: 'read', type: 'vfat', label: 'REBOND' } }),
      'rebond-stick',
    ],
    [
      'whose partition holds nobody knows what',
      withPart({ content: { kind: 'unknown' } }),
      'content-unknown',
    ],
    ['write-protected', node({ readOnly: true }), 'read-only'],
    ['that the kernel says is busy', node({ claim: 'busy' }), 'in-use'],
    ['of which the kernel says nothing', node({ claim: 'unknown' }), 'use-unknown'],
    ['absent from the topology', topologyOf([diskNode('sdb')]), 'use-unknown'],
    ['that appeared after it was read', node({ diskseq: '4' }), 'replugged'],
    ['that the kernel does not number', node({ diskseq: null }), 'replug-unseen'],
    ['that is a loop device', node({ kind: 'loop' }), 'not-a-drive'],
    ['that is a partition', node({ kind: 'partition', partOf: 'sdz' }), 'not-a-drive'],
  ])('refuses a drive %s', (_, topology, code) => {
    expect(codes(sda, [sda], topology, sure)).toContain(code);
  });

  it.each<[string, Drive, Drive[], string]>([
    ['without a serial', drive('sda', {}, null), [], 'unidentified'],
    ['with a blank serial', drive('sda', {}, '  '), [], 'unidentified'],
    ['of unknown size', drive('sda', { sizeBytes: null }), [], 'size-unknown'],
    ['of size zero', drive('sda', { sizeBytes: 0 }), [], 'size-unknown'],
    ['of unknown sectors', drive('sda', { logicalSectorBytes: null }), [], 'size-unknown'],
    ['without a number of this boot', drive('sda', { diskseq: null }), [], 'replug-unseen'],
    ['with a twin serial', sda, [sda, drive('sdb', {}, 'SN-sda-0042')], 'duplicate-serial'],
    [
      'with a twin serial in other letters',
      sda,
      [sda, drive('sdb', {}, ' sn-SDA-0042 ')],
      'duplicate-serial',
    ],
    [
      'with a twin WWID',
      sda,
      [sda, drive('sdb', { identity: { ...sda.identity, serial: 'OTHER' } })],
      'duplicate-serial',
    ],
    ['in the network', drive('sda', { identity: { ...sda.identity, transport: 'network' } }), [], 'network'],
    ['that is a file', drive('sda', { identity: { ...sda.identity, transport: 'file' } }), [], 'not-a-drive'],
    [
      'attached nobody knows how',
      drive('sda', { identity: { ...sda.identity, transport: 'unknown' } }),
      [],
      'transport-unknown',
    ],
  ])('refuses a drive %s', (_, each, all, code) => {
    expect(codes(each, all, two, sure)).toContain(code);
  });

  it('forgets a twin that was unplugged', () => {
    expect(codes(sda, [sda, drive('sdb', {}, 'SN-sda-0042')], free, sure)).toEqual([]);
  });

  it.each<[string, Partial<Authority>, string]>([
    ['not confirmed', { typedEnding: null }, 'not-confirmed'],
    ['confirmed as another', { typedEnding: '0043' }, 'not-confirmed'],
    ['neither on the live image nor with the flag', { notARehearsal: false }, 'not-live'],
    ['that may be the boot medium', { boot: { kind: 'unknown' } }, 'boot-medium'],
    ['of this machine in a rehearsal', { mode: 'rehearsal' }, 'local-in-rehearsal'],
  ])('refuses a drive %s', (_, change, code) => {
    expect(codes(sda, [sda], free, { ...sure, ...change })).toContain(code);
  });

  it('knows a stick of ours without partitions, and does not take another drive for it', () => {
    const content = { kind: 'read', type: 'vfat', label: 'REBOND' } as const;
    expect(codes(sda, [sda], node({ content }), sure)).toEqual(['rebond-stick']);
    const beside = topologyOf([diskNode('sda'), diskNode('sdb', { content })]);
    expect(codes(sda, [sda], beside, sure)).toEqual([]);
  });

  it('refuses everything on a topology that is not known', () => {
    expect(codes(sda, [sda], { kind: 'unknown', detail: '/proc/swaps' }, sure)).toEqual(['use-unknown']);
  });

  it('asks for the confirmation only when nothing else stands against it', () => {
    const unasked = { ...sure, typedEnding: null };
    expect(awaitsOnlyConfirmation(refusals(sda, [sda], free, unasked))).toBe(true);
    expect(awaitsOnlyConfirmation(refusals(sda, [sda], node({ claim: 'busy' }), unasked))).toBe(false);
    expect(awaitsOnlyConfirmation(refusals(sda, [sda], node({ claim: 'busy' }), sure))).toBe(false);
    expect(awaitsOnlyConfirmation(refusals(sda, [sda], free, sure))).toBe(false);
    const busy = refusals(sda, [sda], node({ claim: 'busy' }), unasked);
    expect(awaitsOnlyConfirmation(busy.toReversed())).toBe(false);
  });
});

describe('in a rehearsal against a drive of the network', () => {
  const remote = drive('sda', { identity: { ...sda.identity, transport: 'network' } });
  const rehearsal: Authority = { ...sure, mode: 'rehearsal', notARehearsal: false };

  it('has none for one that is free and confirmed, on any system', () => {
    expect(codes(remote, [remote], free, rehearsal)).toEqual([]);
    const loop = drive('sda', { identity: { ...sda.identity, transport: 'loop' } });
    expect(codes(loop, [loop], node({ kind: 'loop' }), rehearsal)).toEqual([]);
  });

  it('keeps every other interlock', () => {
    expect(codes(remote, [remote], free, { ...rehearsal, typedEnding: null })).toEqual(['not-confirmed']);
    expect(codes(remote, [remote], node({ holders: ['dm-0'] }), rehearsal)).toEqual(['held']);
    expect(codes(remote, [remote], node({ kind: 'assembly' }), rehearsal)).toEqual(['not-a-drive']);
    expect(codes(remote, [remote], free, { ...rehearsal, boot: { kind: 'unknown' } })).toEqual([
      'boot-medium',
    ]);
    expect(codes(remote, [remote, drive('sdb', {}, 'SN-sda-0042')], two, rehearsal)).toEqual([
      'duplicate-serial',
    ]);
  });
});

describe('what reaches a whole NVMe drive', () => {
  const unit = { kind: 'shared', name: 'nqn.example' } as const;
  const one = drive('nvme0n1', {}, 'SN-0042');
  const two = drive('nvme0n2', {}, 'SN-0042');
  const both = [one, two];
  const whole: Authority = { ...sure, reach: 'whole-drive', confirmed: ['/dev/nvme0n1', '/dev/nvme0n2'] };
  const nodes = (change: Partial<BlockNode> = {}): KnownTopology =>
    topologyOf([diskNode('nvme0n1', { unit }), diskNode('nvme0n2', { unit, ...change })]);

  it('is allowed once every namespace is free and confirmed; the serial that they share is no twin', () => {
    expect(codes(one, both, nodes(), whole)).toEqual([]);
    expect(codes(one, both, nodes(), sure)).toEqual([]);
  });

  it('asks nothing of other drives', () => {
    const others = [
      diskNode('sda', { claim: 'busy' }),
      diskNode('nvme1n1', { unit: { kind: 'shared', name: 'nqn.other' }, claim: 'busy' }),
    ];
    const topology = topologyOf([diskNode('nvme0n1', { unit }), ...others]);
    expect(codes(one, [one], topology, { ...whole, confirmed: [] })).toEqual([]);
  });

  it('is refused while another namespace is not confirmed, in use, or not to be told', () => {
    expect(codes(one, both, nodes(), { ...whole, confirmed: ['/dev/nvme0n1'] })).toEqual([
      'sibling-not-confirmed',
    ]);
    for (const change of [{ claim: 'busy' }, { claim: 'unknown' }, { holders: ['dm-0'] }] as const) {
      const holders = 'holders' in change ? [...change.holders] : [];
      expect(codes(one, both, nodes({ ...change, holders }), whole)).toEqual(['sibling-in-use']);
      expect(codes(one, both, nodes({ ...change, holders }), sure)).toEqual([]);
    }
    const unknown = topologyOf([diskNode('nvme0n1', { unit: { kind: 'unknown' } })]);
    expect(codes(one, [one], unknown, whole)).toEqual(['siblings-unknown']);
    expect(codes(one, [one], unknown, sure)).toEqual([]);
  });

  it('is refused for one of several namespaces that is not as it should be', () => {
    const third = (change: Partial<BlockNode>): KnownTopology =>
      topologyOf([...nodes().nodes, diskNode('nvme0n3', { unit, ...change })]);
    expect(codes(one, both, third({}), whole)).toEqual(['sibling-not-confirmed']);
    const all = { ...whole, confirmed: [...whole.confirmed, '/dev/nvme0n3'] };
    expect(codes(one, both, third({ claim: 'busy' }), all)).toEqual(['sibling-in-use']);
    expect(codes(one, both, third({}), all)).toEqual([]);
  });

  it('takes one serial for twins where the drives differ, or nothing tells the namespaces apart', () => {
    const other = { unit: { kind: 'shared', name: 'nqn.other' } } as const;
    expect(codes(one, both, nodes(other), sure)).toEqual(['duplicate-serial']);
    const bare = { ...two, identity: { ...two.identity, wwid: null } };
    expect(codes(one, [one, bare], nodes(), sure)).toEqual(['duplicate-serial']);
  });
});

describe('endingMatches', () => {
  it('wants four characters, or all of a shorter serial, and forgives case and blanks around', () => {
    expect(endingMatches('WD-ABC1234', '1234')).toBe(true);
    expect(endingMatches('WD-abc1234', ' C1234 ')).toBe(true);
    expect(endingMatches('WD-ABC1234', '234')).toBe(false);
    expect(endingMatches('WD-ABC1234', '')).toBe(false);
    expect(endingMatches('A1', 'a1')).toBe(true);
    expect(endingMatches('A1', '1')).toBe(false);
    expect(endingMatches('7', '7')).toBe(true);
    expect(endingMatches(null, '')).toBe(false);
    expect(endingMatches('   ', '')).toBe(false);
    expect(endingMatches('WD-ABC1234', 'WD-ABC12345')).toBe(false);
  });
});
