// What a drive is, the file behind it, and QEMU's words for it.
import { closeSync, ftruncateSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { copySparse } from './copy.ts';
import { bytes, LaptopError, type Size } from './describe.ts';
import { fillWith, findMarker, type Marker } from './marker.ts';

export type DriveKind = (typeof DRIVE_KINDS)[number];
export const DRIVE_KINDS = ['nvme', 'sata', 'usb', 'sd', 'virtio'] as const;

/** A sector (of 512 bytes) that cannot be read, or written, or neither. */
export type Fault = { sector: number; on?: 'read' | 'write' | 'both' };

export type DriveDescription = {
  kind: DriveKind;
  size: Size;
  serial?: string;
  /** As far as QEMU lets it be chosen: SATA and USB. */
  model?: string;
  /** What it is full of at first; zeroes if left out. */
  fill?: Marker;
  /** A raw image that it is a copy of at first. */
  from?: string;
  faults?: readonly Fault[];
  /** 4096 for an NVMe or virtio drive of large blocks. */
  block?: 512 | 4096;
  /** Its cache forgets what was not flushed when power is pulled; the number is the seed. */
  volatile?: number;
  /** SATA: 1 is flash, others are turns a minute. */
  rotation?: number;
};

type Asked = Omit<DriveDescription, 'kind'>;

export const drive: Record<DriveKind, (asked: Asked) => DriveDescription> = {
  nvme: (asked) => ({ kind: 'nvme', ...asked }),
  sata: (asked) => ({ kind: 'sata', ...asked }),
  usb: (asked) => ({ kind: 'usb', ...asked }),
  sd: (asked) => ({ kind: 'sd', ...asked }),
  virtio: (asked) => ({ kind: 'virtio', ...asked }),
};

/** The file behind a drive, on this side of the glass. */
export type DriveFile = {
  path: string;
  size: number;
  serial: string;
  /** Whether any 16 bytes in a row of the marker are left, and where the first are. */
  holds(marker: Marker): boolean;
  findMarker(marker: Marker): number | null;
};

export function makeDriveFile(asked: DriveDescription, index: number, folder: string): DriveFile {
  const path = join(folder, `drive${index}-${asked.kind}.img`);
  const size = bytes(asked.size);
  if (asked.kind === 'sd' && (size & (size - 1)) !== 0)
    throw new LaptopError('bad-description', `an SD card’s size is a power of two: ${asked.size}`);
  if (asked.from) copySparse(asked.from, path);
  const file = openSync(path, asked.from ? 'r+' : 'w');
  ftruncateSync(file, size);
  closeSync(file);
  if (asked.fill) fillWith(path, size, asked.fill);
  return {
    path,
    size,
    serial: asked.serial ?? `VL${asked.kind.toUpperCase()}${String(index).padStart(4, '0')}`,
    holds: (marker) => findMarker(path, marker) !== null,
    findMarker: (marker) => findMarker(path, marker),
  };
}
