import { describe, expect, it } from 'vitest';
import { diskNode, topologyOf } from '../../../test-fixtures/topology.ts';
import type { BlockNode, KnownTopology, MountFact } from './topology.ts';
import { type DiskUse, useOf } from './use.ts';

const mount = (place: string, change: Partial<MountFact>): MountFact => ({
  ...{ number: '0:99', place, fsType: 'ext4', sources: [], folders: [] },
  ...change,
});
const loop = (name: string, backing: string): BlockNode =>
  diskNode(name, { kind: 'loop', backing, number: `7:${name}` });
const use = (topology: KnownTopology, name = 'sda'): DiskUse =>
  useOf(topology.nodes.find((node) => node.name === name) ?? diskNode(name), topology);
const sda = diskNode('sda', { number: '8:0' });
const sdb = diskNode('sdb', { number: '8:16' });

describe('the use of a drive', () => {
  it('is by device number, by source, and by a source that is only device-mapper’s name', () => {
    const mapper = diskNode('dm-0', { kind: 'assembly', slaves: ['sda'], alias: 'vg-root', number: '254:0' });
    const byNumber = topologyOf([sda, sdb], { mounts: [mount('/a', { number: '8:0' })] });
    expect([use(byNumber).places, use(byNumber, 'sdb').places]).toEqual([['/a'], []]);
    const bySource = topologyOf([sda, sdb], { mounts: [mount('/a', { sources: ['/dev/sdb', '/dev/sda'] })] });
    expect([use(bySource).places, use(bySource, 'sdb').places]).toEqual([['/a'], ['/a']]);
    const byName = topologyOf([sda, mapper], { swaps: ['/dev/mapper/vg-root'] });
    expect(use(byName)).toMatchObject({ swap: true, assemblies: ['dm-0'] });
    expect(use(topologyOf([sda, mapper], { swaps: ['/dev/mapper/vg-home'] })).swap).toBe(false);
    expect(
      use(topologyOf([sda, diskNode('dm-0', { number: '254:0' })], { swaps: ['/dev/mapper/null'] })).swap,
    ).toBe(false);
  });

  it('is of the file system that a file lies on, the deepest above it and no other', () => {
    const mounts = [
      mount('/', { number: '8:0' }),
      mount('/srv', { number: '8:16' }),
      mount('/srv-old', { number: '8:0' }),
    ];
    const on = (path: string): string[] => {
      const topology = topologyOf([sda, sdb, loop('loop0', path)], { mounts });
      return ['sda', 'sdb'].filter((name) => use(topology, name).backs.length > 0);
    };
    expect(on('/srv/image')).toEqual(['sdb']);
    expect(on('/srv')).toEqual(['sdb']);
    expect(on('/srv/deep/er/image (deleted)')).toEqual(['sdb']);
    expect(on('/srv-older/image')).toEqual(['sda']);
    expect(on('/srv-old/image')).toEqual(['sda']);
    expect(on('/image')).toEqual(['sda']);
  });

  it('is of no other file system that lies as deep', () => {
    const mounts = [mount('/srv', { number: '8:0' }), mount('/usr', { number: '8:16' })];
    const on = (path: string): string[] => {
      const topology = topologyOf([sda, sdb, loop('loop0', path)], { mounts });
      return ['sda', 'sdb'].filter((name) => use(topology, name).backs.length > 0);
    };
    expect([on('/srv/image'), on('/usr/image'), on('/image')]).toEqual([['sda'], ['sdb'], []]);
    const root = topologyOf([sda, loop('loop0', 'image')], { mounts: [mount('/', { number: '8:0' })] });
    expect(use(root).backs).toEqual([]);
  });

  it('is by the kernel’s name in any folder of devices, and by no name that only ends like one', () => {
    const array = diskNode('cciss!c0d0', { number: '104:0' });
    const swapped = (path: string): string[] => {
      const topology = topologyOf([sda, array], { swaps: [path] });
      return topology.nodes.map(({ name }) => name).filter((name) => use(topology, name).swap);
    };
    expect(swapped('/dev/cciss/c0d0')).toEqual(['cciss!c0d0']);
    for (const path of ['/dev/sda', '/mnt/chroot/dev/sda', 'dev/sda', '/dev/sda (deleted)'])
      expect(swapped(path)).toEqual(['sda']);
    for (const path of ['/mydev/sda', '/dev/sda1', '/device/sda', '/dev/', '/dev/mapper/sda'])
      expect(swapped(path)).toEqual([]);
  });

  it('is by a btrfs only where one of its devices is what is mounted', () => {
    const sdc = diskNode('sdc', { number: '8:32' });
    const topology = topologyOf([sda, sdb, sdc], {
      mounts: [mount('/x', { number: '8:32' })],
      btrfs: [['sda', 'sdb']],
    });
    expect(['sda', 'sdb', 'sdc'].map((name) => use(topology, name).places)).toEqual([[], [], ['/x']]);
  });

  it('names what a cache stands for', () => {
    expect(use(topologyOf([diskNode('sda', { registered: true })])).assemblies).toEqual(['bcache (sda)']);
  });

  it('is of every mount that covers another at the same place', () => {
    const mounts = [mount('/srv', { number: '8:0' }), mount('/srv', { number: '8:16' })];
    const topology = topologyOf([sda, sdb, loop('loop0', '/srv/image')], { mounts });
    expect(['sda', 'sdb'].map((name) => use(topology, name).backs)).toEqual([['loop0'], ['loop0']]);
  });

  it('reaches the place of a data set through its pool, and of that pool only', () => {
    const member = (label: string | null, type = 'zfs_member'): BlockNode['content'] => ({
      kind: 'read',
      type,
      label,
    });
    const nodes = [
      diskNode('sda', { number: '8:0', content: member('tank') }),
      diskNode('sdb', { number: '8:16', content: member('other') }),
      diskNode('sdc', { number: '8:32', content: member('tank', 'ext4') }),
    ];
    const mounts = [
      mount('/home', { fsType: 'zfs', sources: ['tank/home'] }),
      mount('/x', { sources: ['other'] }),
    ];
    const topology = topologyOf(nodes, { mounts, pools: ['tank'] });
    expect(nodes.map(({ name }) => use(topology, name).places)).toEqual([['/home'], [], []]);
    expect(nodes.map(({ name }) => use(topology, name).assemblies)).toEqual([['zfs (tank)'], [], []]);
  });

  it('is of all drives of a btrfs, whichever was named', () => {
    const mounts = [mount('/data', { fsType: 'btrfs', sources: ['/dev/sdb'] })];
    const topology = topologyOf([sda, sdb, diskNode('sdc', { number: '8:32' })], {
      mounts,
      btrfs: [['sda', 'sdb']],
    });
    expect(['sda', 'sdb', 'sdc'].map((name) => use(topology, name).places)).toEqual([
      ['/data'],
      ['/data'],
      [],
    ]);
    expect(use(topology, 'sda').assemblies).toEqual(['btrfs (sda + sdb)']);
  });

  it('climbs a stack that the kernel links upward only, or downward only', () => {
    const stacked = (links: { up: boolean }): KnownTopology => {
      const linked = (name: string, below: string[], above: string[], number: string): BlockNode =>
        diskNode(name, { number, slaves: links.up ? [] : below, holders: links.up ? above : [] });
      const nodes = [
        linked('sda', [], ['md0'], '8:0'),
        linked('md0', ['sda'], ['dm-0'], '9:0'),
        linked('dm-0', ['md0'], [], '254:0'),
        sdb,
      ];
      return topologyOf(nodes, { mounts: [mount('/', { number: '254:0' })], swaps: ['/dev/dm-0'] });
    };
    for (const up of [true, false]) {
      expect(use(stacked({ up }))).toMatchObject({ places: ['/'], swap: true, assemblies: ['md0', 'dm-0'] });
      expect(use(stacked({ up }), 'sdb')).toEqual({ places: [], swap: false, assemblies: [], backs: [] });
    }
  });

  it('follows an overlay to what it is made of', () => {
    const mounts = [
      mount('/lower', { number: '8:0' }),
      mount('/upper', { number: '8:16' }),
      mount('/', { fsType: 'overlay', folders: ['/lower/a', '/upper/b'] }),
    ];
    const topology = topologyOf([sda, sdb, diskNode('sdc', { number: '8:32' })], { mounts });
    const places = ['sda', 'sdb', 'sdc'].map((name) => use(topology, name).places);
    expect(places).toEqual([['/lower', '/'], ['/upper', '/'], []]);
    // Of a place that is covered, by all that may lie there.
    const covered = [mount('/srv', { number: '8:0' }), mount('/srv', { number: '8:16' })];
    const over = topologyOf([sda, sdb], {
      mounts: [...covered, mount('/', { fsType: 'overlay', folders: ['/srv/a'] })],
    });
    expect(['sda', 'sdb'].map((name) => use(over, name).places)).toEqual([
      ['/srv', '/'],
      ['/srv', '/'],
    ]);
  });
});
