import { Drive, type Part } from '@rebond/protocol';
import { describe, expect, it } from 'vitest';
import { replay, type Recording } from '../effects/replay.ts';
import { probeDrives } from './drives.ts';

const PCI = '/sys/devices/pci0000:00/0000:00:17.0';

/** The files of one block device: sysfs attributes by their path under its folder. */
function block(name: string, attributes: Record<string, string>, devicePath?: string): Partial<Recording> {
  const files = Object.entries(attributes).map(([path, value]) => [
    `/sys/block/${name}/${path}`,
    `${value}\n`,
  ]);
  return {
    files: Object.fromEntries(files) as Recording['files'],
    links: devicePath === undefined ? {} : { [`/sys/block/${name}`]: devicePath },
  };
}

async function probed(
  names: string[],
  ...parts: Partial<Recording>[]
): Promise<{ drives: Part<Drive[]>; remarks: string[] }> {
  const merge = <K extends keyof Recording>(key: K): Recording[K] =>
    Object.assign({}, ...parts.map((part) => part[key])) as Recording[K];
  const doors = replay({
    runs: merge('runs'),
    files: merge('files'),
    links: merge('links'),
    lists: { ...merge('lists'), '/sys/block': names },
  });
  const answer = await probeDrives(doors.run, doors.files);
  if (answer.drives.outcome === 'read') answer.drives.value.forEach((drive) => Drive.parse(drive));
  return answer;
}
const only = async (name: string, ...parts: Partial<Recording>[]): Promise<Drive> => {
  const { drives } = await probed([name], ...parts);
  if (drives.outcome !== 'read' || drives.value.length !== 1) throw new Error('not one drive');
  return drives.value[0] as Drive;
};
const smartctl = (name: string, answer: object): Partial<Recording> => ({
  runs: {
    [`smartctl --json=c -x /dev/${name}`]: {
      exitCode: 64,
      stdout: JSON.stringify({ smartctl: {}, device: {}, ...answer }),
      stderr: '',
    },
  },
});

const SATA = block(
  'sda',
  {
    size: '488397168',
    removable: '0',
    diskseq: '7',
    'queue/rotational': '0',
    'queue/logical_block_size': '512',
    'queue/physical_block_size': '4096',
    'device/vendor': 'ATA     ',
    'device/model': 'EXAMPLE SSD 250G',
    'device/rev': '01A ',
    'device/wwid': 'naa.5000000000000001',
  },
  `${PCI}/ata1/host0/target0:0:0/0:0:0:0/block/sda`,
);

describe('probeDrives', () => {
  it('reads a SATA drive, and from smartctl what sysfs cuts or lacks', async () => {
    const told = smartctl('sda', {
      model_name: 'EXAMPLE SSD 250GB EVO',
      serial_number: 'EX-42',
      sata_version: {},
      smart_status: { passed: true },
    });
    expect(await only('sda', SATA, told)).toEqual({
      path: '/dev/sda',
      identity: {
        transport: 'sata',
        model: 'EXAMPLE SSD 250GB EVO',
        serial: 'EX-42',
        wwid: 'naa.5000000000000001',
      },
      medium: 'ata-ssd',
      firmware: '01A',
      sizeBytes: 250_059_350_016,
      logicalSectorBytes: 512,
      physicalSectorBytes: 4096,
      rotational: false,
      removable: false,
      diskseq: '7',
      health: expect.objectContaining({ outcome: 'read' }),
    });
  });

  it('is complete without smartctl but for health, and finds the serial in page 80h or udev', async () => {
    const bare = await only('sda', SATA);
    expect(bare).toMatchObject({
      identity: { model: 'EXAMPLE SSD 250G', serial: null },
      health: { outcome: 'failed', failure: { code: 'tool-missing', source: 'smartctl' } },
    });
    const page = { files: { '/sys/block/sda/device/vpd_pg80': { base64: 'AIAABSBFWC03' } } };
    expect((await only('sda', SATA, page)).identity.serial).toBe('EX-7');
    const udev = {
      files: { '/sys/block/sda/dev': '8:0\n', '/run/udev/data/b8:0': 'E:ID_SERIAL_SHORT=EX-8\n' },
    };
    expect((await only('sda', SATA, udev)).identity.serial).toBe('EX-8');
  });

  it('believes another name of smartctl less than the kernel’s', async () => {
    const bridge = smartctl('sda', { model_name: 'DISK INSIDE', serial_number: 'IN-1' });
    expect((await only('sda', SATA, bridge)).identity).toMatchObject({
      model: 'EXAMPLE SSD 250G',
      serial: 'IN-1',
    });
  });

  it('reads NVMe, its transport from the subsystem’s controllers where the namespace has none', async () => {
    const nvme = block('nvme0n1', {
      size: '8',
      'device/model': 'EXAMPLE NVME',
      'device/serial': 'N1',
      'device/firmware_rev': 'F1',
      wwid: 'eui.01',
    });
    const local = {
      lists: { '/sys/block/nvme0n1/device': ['nvme0'] },
      files: { '/sys/block/nvme0n1/device/nvme0/transport': 'pcie\n' },
    };
    expect(await only('nvme0n1', nvme, local)).toMatchObject({
      identity: { transport: 'nvme', model: 'EXAMPLE NVME', serial: 'N1', wwid: 'eui.01' },
      medium: 'nvme',
      firmware: 'F1',
      sizeBytes: 4096,
    });
    const mixed = {
      lists: { '/sys/block/nvme0n1/device': ['nvme0', 'nvme1'] },
      files: {
        '/sys/block/nvme0n1/device/nvme0/transport': 'pcie\n',
        '/sys/block/nvme0n1/device/nvme1/transport': 'tcp\n',
      },
    };
    expect(await only('nvme0n1', nvme, mixed)).toMatchObject({
      identity: { transport: 'network' },
      medium: 'unknown',
    });
  });

  it('reads eMMC by its own files', async () => {
    const emmc = block('mmcblk0', {
      size: '61071360',
      'device/name': 'EX32G',
      'device/serial': '0x1a2b3c4d',
      'device/type': 'MMC',
      'device/cid': '150100deadbeef',
    });
    expect(await only('mmcblk0', emmc)).toMatchObject({
      identity: { transport: 'mmc', model: 'EX32G', serial: '0x1a2b3c4d', wwid: '150100deadbeef' },
      medium: 'emmc',
    });
  });

  it('tells a USB stick from a disk behind a bridge by the removable flag', async () => {
    const usb = (removable: string): Partial<Recording> =>
      block(
        'sdb',
        { size: '100', removable, 'device/vendor': 'Example ', 'device/model': 'Stick' },
        `${PCI}/usb1/1-1/1-1:1.0/host4/target4:0:0/4:0:0:0/block/sdb`,
      );
    expect(await only('sdb', usb('1'))).toMatchObject({
      identity: { transport: 'usb', model: 'Example Stick' },
      medium: 'usb-flash',
    });
    expect(await only('sdb', usb('0'))).toMatchObject({ medium: 'behind-bridge' });
  });

  it('leaves out what is no drive, and remarks on an empty card reader', async () => {
    const names = [
      'loop0',
      'ram0',
      'zram0',
      'sr0',
      'dm-0',
      'md127',
      'nbd0',
      'fd0',
      'bcache0',
      'mmcblk0boot0',
      'mmcblk0rpmb',
      'nvme0c0n1',
      'sdc',
      'sdd',
    ];
    const reader = block('sdc', { size: '0', removable: '1', 'device/model': 'CardReader' });
    const dead = block('sdd', { size: '0', removable: '0' });
    const path = block('nvme0c0n1', { hidden: '1', size: '8' });
    const { drives, remarks } = await probed(names, reader, dead, path);
    expect(drives).toMatchObject({ outcome: 'read', value: [{ path: '/dev/sdd', sizeBytes: 0 }] });
    expect(remarks).toEqual([expect.stringContaining('sdc: a reader without a medium')]);
  });

  it('keeps one drive’s failure to itself', async () => {
    const { drives } = await probed(
      ['sda', 'sde'],
      SATA,
      block('sde', { size: 'garbage' }),
      smartctl('sda', { smart_status: { passed: false } }),
      {
        runs: { 'smartctl --json=c -x /dev/sde': { kind: 'timed-out', stdout: '', stderr: '' } },
      },
    );
    expect(drives).toMatchObject({
      value: [{}, { sizeBytes: null, medium: 'unknown', health: { failure: { code: 'timed-out' } } }],
    });
  });

  it('cuts hostile names and refuses sizes that JSON cannot carry', async () => {
    const hostile = block('sda', {
      size: '9007199254740991',
      'device/model': 'M'.repeat(200) + 'x'.repeat(400),
      diskseq: '1\u0000',
    });
    const drive = await only('sda', hostile);
    expect(drive.identity.model).toHaveLength(256);
    expect(drive).toMatchObject({ sizeBytes: null, diskseq: null });
  });

  it('does not know without /sys/block, and knows that there is none in an empty one', async () => {
    const doors = replay({});
    expect((await probeDrives(doors.run, doors.files)).drives).toMatchObject({
      failure: { source: '/sys/block' },
    });
    expect((await probed([])).drives).toEqual({ outcome: 'absent', sources: ['/sys/block'] });
  });
});
