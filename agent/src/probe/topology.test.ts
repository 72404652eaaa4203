import { describe, expect, it } from 'vitest';
import { plugIn } from '../../../test-fixtures/machine/arbitrary.ts';
import {
  type Bus,
  emptyMachine,
  type Machine,
  type Mounted,
} from '../../../test-fixtures/machine/machine.ts';
import { render } from '../../../test-fixtures/machine/render.ts';
import { againstWholeMachine } from '../decide/hidden-drives.ts';
import { noticesOf } from '../decide/members.ts';
import { type BlockNode, type KnownTopology, nodeOf, type Topology } from '../decide/topology.ts';
import { type DiskUse, useOf } from '../decide/use.ts';
import { replay, type Recording } from '../effects/replay.ts';
import { probeTopology } from './topology.ts';

/** A machine with these drives, named sda, sdb, nvme3n1 … as the kernel would. */
function machineWith(...buses: Bus[]): Machine {
  const machine = emptyMachine();
  for (const bus of buses) plugIn(machine, { bus, oddity: '', namespaces: 1, multipath: false });
  return machine;
}

function mount(machine: Machine, place: string, on: string[], change: Partial<Mounted> = {}): Mounted {
  const own: Mounted = {
    ...{ place, fsType: 'ext4', on, over: [], seen: 'both', anonymous: false, spelling: 'node' },
    ...change,
  };
  machine.mounts.push(own);
  return own;
}

/** Stacks something on nodes; a partition, an assembly, a loop device. */
function stack(
  machine: Machine,
  type: Machine['layers'][number]['type'],
  name: string,
  ...on: string[]
): void {
  machine.layers.push({ name, type, on, alias: name.startsWith('dm') ? `${name}-name` : null, file: null });
}

async function probed(
  machine: Machine,
  change: (recording: Recording) => void = () => {},
): Promise<Topology> {
  const { recording, claim } = render(machine);
  change(recording);
  return await probeTopology({ ...replay(recording), claim });
}

function known(topology: Topology): KnownTopology {
  if (topology.kind === 'unknown') throw new Error(topology.detail);
  return topology;
}

function nodeIn(topology: Topology, name: string): BlockNode {
  const node = nodeOf(`/dev/${name}`, known(topology));
  if (!node) throw new Error(`no ${name}`);
  return node;
}

const useIn = (topology: Topology, name: string): DiskUse => useOf(nodeIn(topology, name), known(topology));

describe('the live image', () => {
  it('keeps its stick in use while the system runs from a file on it, and lets go of it once it runs from memory', async () => {
    const machine = machineWith('usb', 'nvme');
    stack(machine, 'partition', 'sda1', 'sda');
    const medium = mount(machine, '/run/live/medium', ['sda1'], { fsType: 'vfat' });
    const path = '/run/live/medium/live/filesystem.squashfs';
    machine.layers.push({ name: 'loop0', type: 'loop', on: [], alias: null, file: { mount: medium, path } });
    const squashfs = mount(machine, '/run/live/rootfs', ['loop0'], { fsType: 'squashfs' });
    mount(machine, '/', [], {
      ...{ fsType: 'overlay', anonymous: true },
      over: [{ mount: squashfs, folder: '/run/live/rootfs/' }],
    });
    const running = await probed(machine);
    expect(useIn(running, 'sda').places.toSorted()).toEqual(['/', '/run/live/medium', '/run/live/rootfs']);
    expect(useIn(running, 'sda').backs).toEqual(['loop0']);
    expect(useIn(running, 'nvme2n1').places).toEqual([]);

    const memory = mount(machine, '/run/rebond/memory', [], { fsType: 'tmpfs', anonymous: true });
    machine.layers[1]!.file = { mount: memory, path: '/run/rebond/memory/filesystem.squashfs (deleted)' };
    machine.mounts = machine.mounts.filter((each) => each !== medium);
    const inMemory = await probed(machine);
    expect(useIn(inMemory, 'sda')).toEqual({ places: [], swap: false, assemblies: [], backs: [] });
    expect(nodeIn(inMemory, 'sda').claim).toBe('free');
  });

  it('keeps a Ventoy stick in use, whose ISO is a mapper over the stick', async () => {
    const machine = machineWith('usb');
    stack(machine, 'partition', 'sda1', 'sda');
    stack(machine, 'dm', 'dm-0', 'sda1');
    stack(machine, 'loop', 'loop0', 'dm-0');
    mount(machine, '/run/live/medium', ['loop0'], { fsType: 'iso9660' });
    expect(useIn(await probed(machine), 'sda')).toMatchObject({
      ...{ places: ['/run/live/medium'], assemblies: ['dm-0'], backs: ['loop0'] },
    });
  });
});

describe('what is no ordinary disk', () => {
  it('knows the namespace of a multipath NVMe drive and passes over its hidden paths, which have no number', async () => {
    const machine = machineWith('sata');
    plugIn(machine, { bus: 'nvme', oddity: '', namespaces: 2, multipath: true });
    const { nodes } = known(await probed(machine));
    expect(nodes.map(({ name }) => name).toSorted()).toEqual(['nvme2n1', 'nvme2n2', 'sda']);
    expect(nodes.find(({ name }) => name === 'nvme2n2')?.unit).toEqual({
      kind: 'shared',
      name: 'nqn.example:2',
    });
  });

  it('takes the boot areas of an eMMC for parts of it', async () => {
    const machine = machineWith('mmc');
    machine.disks.push({ ...machine.disks[0]!, name: 'mmcblk0boot0', serial: null, diskseq: 2 });
    mount(machine, '/mnt', ['mmcblk0boot0']);
    const topology = await probed(machine, ({ lists }) => {
      const entries = lists['/sys/block/mmcblk0'];
      if (Array.isArray(entries)) entries.push('mmcblk0boot0');
    });
    expect(nodeIn(topology, 'mmcblk0boot0')).toMatchObject({ kind: 'area', partOf: 'mmcblk0' });
    expect(useIn(topology, 'mmcblk0').places).toEqual(['/mnt']);
  });

  it('sees a loop device over a loop device over a file, in another /dev too', async () => {
    const machine = machineWith('sata');
    stack(machine, 'loop', 'loop0', 'sda');
    stack(machine, 'loop', 'loop1', 'loop0');
    const topology = await probed(machine, ({ files }) => {
      files['/sys/block/loop1/loop/backing_file'] = '/srv/jail/dev/loop0\n';
    });
    expect(useIn(topology, 'sda').backs).toEqual(['loop0', 'loop1']);
  });
});

describe('what a drive carries', () => {
  it('is named to the operator where it is a part of something that is not running, or locked', async () => {
    const machine = machineWith('sata', 'sata');
    stack(machine, 'partition', 'sda1', 'sda');
    stack(machine, 'partition', 'sda2', 'sda');
    machine.signatures.set('sda1', { type: 'LVM2_member', label: null });
    machine.signatures.set('sda2', { type: 'crypto_LUKS', label: null });
    machine.signatures.set('sdb', { type: 'zfs_member', label: 'tank' });
    const topology = known(await probed(machine));
    const notices = ['sda', 'sdb'].flatMap((name) => noticesOf(nodeIn(topology, name), topology));
    expect(notices.map(({ code, en }) => [code, en.split(' ', 1)[0]])).toEqual([
      ['inactive-member', 'sda1'],
      ['encrypted', 'sda2'],
      ['inactive-member', 'sdb'],
    ]);
    expect(notices[2]?.fr).toContain('tank');
    expect(useIn(topology, 'sdb').assemblies).toEqual([]);
  });

  const blkid = 'blkid -p -o udev /dev/sda';
  it.each([
    [
      'blkid says',
      { exitCode: 0, stdout: 'ID_FS_LABEL=REBOND\nID_FS_TYPE=vfat\n', stderr: '' },
      'read',
      'REBOND',
    ],
    ['blkid knows of nothing', { exitCode: 2, stdout: '', stderr: '' }, 'read', null],
    [
      'blkid could not read',
      { exitCode: 2, stdout: '', stderr: 'error: /dev/sda: Input/output error' },
      'unknown',
    ],
    ['blkid cannot decide', { exitCode: 8, stdout: '', stderr: '' }, 'unknown'],
    ['there is no blkid', { kind: 'missing' as const }, 'unknown'],
  ])('is what %s where udev did not look', async (_, answer, kind, label?: string | null) => {
    const topology = await probed(machineWith('sata'), ({ files, runs }) => {
      files['/run/udev/data/b8:0'] = null;
      runs[blkid] = answer;
    });
    expect(nodeIn(topology, 'sda').content).toMatchObject(label === undefined ? { kind } : { kind, label });
  });
});

describe('drives that no system sees', () => {
  const pci =
    (facts: Record<string, string>, entries: string[] = []) =>
    ({ lists, files }: Recording): void => {
      lists['/sys/bus/pci/devices'] = ['0000:00:17.0'];
      lists['/sys/bus/pci/devices/0000:00:17.0'] = [...Object.keys(facts), ...entries];
      for (const [name, value] of Object.entries(facts))
        files[`/sys/bus/pci/devices/0000:00:17.0/${name}`] = `${value}\n`;
    };
  const vmd = { vendor: '0x8086', device: '0x9a0b' };
  it.each<[string, (recording: Recording) => void, string[]]>([
    ['AHCI', pci({ vendor: '0x8086', device: '0xa282', remapped_nvme: '0' }, ['driver']), []],
    [
      'RST in RAID mode',
      pci({ vendor: '0x8086', device: '0x2822', remapped_nvme: '1' }, ['driver']),
      ['remapped-nvme'],
    ],
    ['VMD with its driver', pci(vmd, ['driver']), []],
    ['VMD without', pci(vmd), ['vmd-without-driver']],
    ['another without driver', pci({ vendor: '0x10de', device: '0x9a0b' }), []],
  ])('are looked for behind %s', async (_, change, codes) => {
    const reasons = againstWholeMachine(await probed(machineWith('sata'), change));
    expect(reasons.map(({ code }) => code)).toEqual(codes);
  });

  it('may be there where the bus cannot be read', async () => {
    const topology = await probed(machineWith('sata'), ({ lists }) => {
      lists['/sys/bus/pci/devices'] = { refused: 'EIO' };
    });
    expect(againstWholeMachine(topology).map(({ code }) => code)).toEqual(['hidden-drives-unknown']);
  });
});

describe('the topology as a whole', () => {
  it.each<[string, (recording: Recording) => void]>([
    ['a table of mounts is nonsense', ({ files }) => (files['/proc/self/mountinfo'] = 'nonsense\n')],
    ['the mounts of the first process are', ({ files }) => (files['/proc/1/mountinfo'] = 'nonsense\n')],
    ['the table of swaps is', ({ files }) => (files['/proc/swaps'] = 'nonsense\n')],
    ['there is no table of swaps', ({ files }) => (files['/proc/swaps'] = null)],
    ['there are no block devices to list', ({ lists }) => (lists['/sys/block'] = null)],
    ['holders are not listed', ({ lists }) => (lists['/sys/block/sda/holders'] = null)],
    ['a number is none', ({ files }) => (files['/sys/block/sda/dev'] = 'eight\n')],
    ['write protection is neither on nor off', ({ files }) => (files['/sys/block/sda/ro'] = '\n')],
    [
      'a btrfs is mounted whose devices are not told',
      ({ files }) =>
        (files['/proc/1/mountinfo'] =
          '1 1 0:2 / / rw - rootfs rootfs rw\n2 1 0:9 / /m rw - btrfs /dev/sda rw\n'),
    ],
  ])('is unknown when %s', async (_, change) => {
    expect((await probed(machineWith('sata'), change)).kind).toBe('unknown');
  });

  it('is read again when a drive comes or goes meanwhile, and unknown when that does not end', async () => {
    const { recording, claim } = render(machineWith('sata', 'sata'));
    const { run, files } = replay(recording);
    let listed = 0;
    const leaving = (times: number): typeof files => ({
      ...files,
      list: (path) => {
        if (path !== '/sys/block') return files.list(path);
        listed += 1;
        const gone = listed % 2 === 0 && listed <= 2 * times;
        return gone ? Promise.resolve({ kind: 'read', value: ['sda'] }) : files.list(path);
      },
    });
    expect((await probeTopology({ run, files: leaving(2), claim })).kind).toBe('known');
    listed = 0;
    expect((await probeTopology({ run, files: leaving(99), claim })).kind).toBe('unknown');
  });
});
