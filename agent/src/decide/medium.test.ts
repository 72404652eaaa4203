import { achieves } from '@rebond/protocol';
import { describe, expect, it } from 'vitest';
import { mediumOf, transportOf, type Attachment } from './medium.ts';

const NOTHING: Attachment = {
  name: 'sda',
  devicePath: null,
  vendor: null,
  model: null,
  rotational: null,
  removable: null,
  nvmeTransport: null,
  mmcType: null,
  sata: null,
};
const both = (facts: Partial<Attachment>): string => {
  const attachment = { ...NOTHING, ...facts };
  const transport = transportOf(attachment);
  return `${transport} ${mediumOf(attachment, transport)}`;
};
const PCI = '/sys/devices/pci0000:00/0000:00:17.0';
const SATA = { devicePath: `${PCI}/ata1/host0/target0:0:0/0:0:0:0/block/sda`, vendor: 'ATA' };
const USB = `${PCI}/usb2/2-1/2-1:1.0/host4/target4:0:0/4:0:0:0/block/sdb`;
const SCSI = `${PCI}/virtio0/host2/target2:0:0/2:0:0:0/block/sda`;

describe('transport and medium', () => {
  it.each<[string, Partial<Attachment>]>([
    ['sata ata-ssd', { ...SATA, sata: true, rotational: false }],
    ['sata ata-hdd', { ...SATA, sata: true, rotational: true }],
    ['ata ata-hdd', { ...SATA, rotational: true }],
    ['sata unknown', { ...SATA, sata: true, rotational: null }],
    ['usb usb-flash', { devicePath: USB, removable: true, rotational: true }],
    ['usb behind-bridge', { devicePath: USB, removable: false, vendor: 'ATA', rotational: false }],
    ['usb behind-bridge', { devicePath: USB, removable: null }],
    ['nvme nvme', { name: 'nvme0n1', nvmeTransport: 'pcie' }],
    ['nvme nvme', { name: 'nvme0n1', devicePath: `${PCI}/nvme/nvme0/nvme0n1` }],
    ['network unknown', { name: 'nvme1n1', nvmeTransport: 'tcp', devicePath: `${PCI}/nvme/nvme1/nvme1n1` }],
    [
      'network unknown',
      { name: 'nvme1n1', devicePath: '/sys/devices/virtual/nvme-fabrics/ctl/nvme1/nvme1n1' },
    ],
    [
      'unknown unknown',
      { name: 'nvme1n1', devicePath: '/sys/devices/virtual/nvme-subsystem/nvme-subsys0/nvme0n1' },
    ],
    ['mmc emmc', { name: 'mmcblk0', mmcType: 'MMC' }],
    ['mmc sd-card', { name: 'mmcblk1', mmcType: 'SD' }],
    ['mmc unknown', { name: 'mmcblk2' }],
    ['virtio virtual', { name: 'vda', rotational: true }],
    ['scsi virtual', { devicePath: SCSI, vendor: 'QEMU', model: 'QEMU HARDDISK', rotational: true }],
    ['scsi ata-hdd', { devicePath: SCSI, vendor: 'ATA', model: 'EXAMPLE', rotational: true }],
    ['scsi scsi-ssd', { devicePath: SCSI, vendor: 'EXAMPLE', rotational: false }],
    ['scsi unknown', { devicePath: SCSI, vendor: 'DELL', model: 'PERC H330 Mini', rotational: true }],
    [
      'sas ata-ssd',
      {
        devicePath: `${PCI}/host0/port-0:1/end_device-0:1/target/block/sda`,
        vendor: 'ATA',
        rotational: false,
      },
    ],
    [
      'network unknown',
      { devicePath: '/sys/devices/platform/host3/session1/target3:0:0/block/sda', rotational: true },
    ],
    ['unknown unknown', { rotational: true, vendor: 'ATA' }],
    ['nvme nvme', { name: 'nvme0n1', nvmeTransport: 'apple-nvme' }],
    ['unknown unknown', { name: 'nvme0n1' }],
    ['usb behind-bridge', { devicePath: USB.replace('usb2', 'usb12') }],
    [
      'sata ata-hdd',
      { ...SATA, devicePath: SATA.devicePath.replace('ata1/', 'ata12/'), sata: true, rotational: true },
    ],
    ['network unknown', { devicePath: `${PCI}/host7/rport-7:0-12/target7:0:0/block/sda`, rotational: true }],
    ['network unknown', { devicePath: '/sys/devices/platform/host3/session12/target3:0:0/block/sda' }],
    ['scsi scsi-hdd', { devicePath: `${PCI}/host7/xrport-7:0-12/block/sda`, rotational: true }],
    ['sas scsi-hdd', { devicePath: `${PCI}/host12/port-12:0/target/block/sda`, rotational: true }],
    ['sas scsi-hdd', { devicePath: `${PCI}/host0/end_device-0:1/block/sda`, rotational: true }],
    ['scsi scsi-hdd', { devicePath: `${PCI}/host0/port-x:1/block/sda`, rotational: true }],
    ['scsi scsi-hdd', { devicePath: `${PCI}/xend_device-0/block/sda`, rotational: true }],
    ['unknown unknown', { name: 'xvda', devicePath: '/sys/devices/vbd-51712/block/xvda' }],
  ])('%s', (expected, facts) => expect(both(facts)).toBe(expected));

  const disk = (vendor: string | null, model: string | null): string =>
    mediumOf({ ...NOTHING, vendor, model, rotational: true }, 'scsi');

  it.each(['QEMU', 'VMware', 'VBOX', 'Msft', 'Xen', 'Google', 'LIO-ORG', 'IET', 'Linux', 'vmware'])(
    'a disk that %s makes up is none',
    (vendor) => {
      expect(disk(vendor, 'Virtual')).toBe('virtual');
      expect(disk(`${vendor}ish`, 'DISK')).toBe('scsi-hdd');
      expect(disk(`a${vendor}`, 'DISK')).toBe('scsi-hdd');
      // Behind a layer that says ATA there is an ATA drive, and on an ATA bus.
      expect(mediumOf({ ...NOTHING, vendor, rotational: true }, 'sata')).toBe('ata-hdd');
      expect(mediumOf({ ...NOTHING, vendor: 'ATA', model: vendor, rotational: true }, 'scsi')).toBe(
        'ata-hdd',
      );
    },
  );

  it.each([
    ...[
      'LOGICAL VOLUME',
      'Virtual Disk',
      'Virtual Drive',
      'PERC H730',
      'MegaRAID 9260',
      'ServeRAID M',
      'Smart Array',
      'MR RAID 5',
    ],
  ])('of what an array calls %s nothing is known', (model) => {
    expect(disk('VENDOR', model)).toBe('unknown');
    expect(mediumOf({ ...NOTHING, vendor: 'ATA', model, rotational: true }, 'sata')).toBe('unknown');
  });

  it.each(['SUPERC 1', 'PERCH', 'RAIDER', 'BRAID', 'VIRTUAL REALITY'])(
    'a disk named %s is a disk',
    (model) => {
      expect(disk('VENDOR', model)).toBe('scsi-hdd');
      expect(disk(null, model)).toBe('scsi-hdd');
    },
  );

  it('a disk without any name is judged by what spins', () => {
    expect([disk(null, null), disk('SEAGATE', null), disk(null, 'QEMU HARDDISK')]).toEqual([
      'scsi-hdd',
      'scsi-hdd',
      'virtual',
    ]);
    for (const transport of ['ata', 'sata'] as const)
      for (const rotational of [true, false])
        expect(mediumOf({ ...NOTHING, rotational }, transport)).toBe(rotational ? 'ata-hdd' : 'ata-ssd');
    for (const transport of ['sas', 'scsi'] as const)
      expect(mediumOf({ ...NOTHING, rotational: false }, transport)).toBe('scsi-ssd');
    for (const transport of ['network', 'loop', 'file', 'unknown'] as const)
      expect(mediumOf({ ...NOTHING, rotational: true }, transport)).toBe('unknown');
  });

  it('gives nothing that is unknown or over a network a level of sanitization', () => {
    for (const medium of ['unknown', 'virtual'] as const)
      expect(achieves('overwrite', medium).level).toBe('none');
  });
});
