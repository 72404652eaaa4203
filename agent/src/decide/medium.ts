import type { Medium, Transport } from '@rebond/protocol';

/** What the kernel tells of how a drive is attached; null where it does not. */
export type Attachment = {
  /** The block device's name, e.g. `nvme0n1`. */
  name: string;
  /** Where /sys/block/NAME leads: the chain of buses. */
  devicePath: string | null;
  vendor: string | null;
  model: string | null;
  rotational: boolean | null;
  removable: boolean | null;
  /** `transport` of an NVMe controller: pcie, tcp, rdma, fc, loop. */
  nvmeTransport: string | null;
  /** `type` of an MMC card: MMC is soldered eMMC, SD a card. */
  mmcType: string | null;
  /** IDENTIFY word 76 says serial ATA. */
  sata: boolean | null;
};

/** How the kernel reaches the drive. The node's name alone proves little: `sda` is SATA, USB, SAS or iSCSI. */
export function transportOf(attachment: Attachment): Transport {
  const { name, devicePath, sata } = attachment;
  const path = devicePath ?? '';
  if (name.startsWith('nvme')) return nvmeTransport(attachment);
  if (name.startsWith('mmcblk')) return 'mmc';
  if (name.startsWith('vd')) return 'virtio';
  if (!name.startsWith('sd') || devicePath === null) return 'unknown';
  if (/\/usb\d+\//.test(path)) return 'usb';
  if (/\/ata\d+\//.test(path)) return sata === true ? 'sata' : 'ata';
  if (/\/(?:session\d+|rport-[\d:-]+)\//.test(path)) return 'network';
  if (/\/(?:end_device-|port-\d+:)/.test(path)) return 'sas';
  return 'scsi';
}

function nvmeTransport({ devicePath, nvmeTransport }: Attachment): Transport {
  if (nvmeTransport === 'pcie' || nvmeTransport === 'apple-nvme') return 'nvme';
  if (nvmeTransport !== null) return 'network';
  if (devicePath?.includes('/nvme-fabrics/')) return 'network';
  return devicePath?.includes('/pci') ? 'nvme' : 'unknown';
}

/** Disks that a hypervisor or an array makes up answer SCSI commands as if they had a platter. */
const VIRTUAL = /^(?:QEMU|VMware|VBOX|Msft|Xen|Google|LIO-ORG|IET|Linux)\b/i;
const ARRAY = /logical volume|virtual (?:disk|drive)|\bperc\b|megaraid|serveraid|smart array|\braid\b/i;

/**
 * What a sanitization technique would meet. Anything not recognized is `unknown`, for which no technique has a level:
 * so is what lies behind a network or a RAID controller, whose drives cannot be told.
 */
export function mediumOf(attachment: Attachment, transport: Transport): Medium {
  if (transport === 'usb') return attachment.removable === true ? 'usb-flash' : 'behind-bridge';
  if (transport === 'virtio') return 'virtual';
  if (transport === 'nvme') return 'nvme';
  if (transport === 'mmc') return mmcMedium(attachment);
  const isDisk = transport === 'sata' || transport === 'ata' || transport === 'sas' || transport === 'scsi';
  return isDisk ? diskMedium(attachment, transport) : 'unknown';
}

function mmcMedium({ mmcType }: Attachment): Medium {
  if (mmcType === 'MMC') return 'emmc';
  return mmcType === 'SD' ? 'sd-card' : 'unknown';
}

/** A SAT layer (SAS controller, ATA behind SCSI) names the vendor `ATA` (SAT-4 §10.3.2). */
function diskMedium({ vendor, model, rotational }: Attachment, transport: Transport): Medium {
  const name = `${vendor ?? ''} ${model ?? ''}`.trim();
  const isAta = transport === 'sata' || transport === 'ata' || vendor === 'ATA';
  if (!isAta && VIRTUAL.test(name)) return 'virtual';
  if (rotational === null || ARRAY.test(name)) return 'unknown';
  if (isAta) return rotational ? 'ata-hdd' : 'ata-ssd';
  return rotational ? 'scsi-hdd' : 'scsi-ssd';
}
