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
    ['unknown unknown', { name: 'xvda', devicePath: '/sys/devices/vbd-51712/block/xvda' }],
  ])('%s', (expected, facts) => expect(both(facts)).toBe(expected));

  it('gives nothing that is unknown or over a network a level of sanitization', () => {
    for (const medium of ['unknown', 'virtual'] as const)
      expect(achieves('overwrite', medium).level).toBe('none');
  });
});
