// The stick as a disk: GRUB's first sector, a partition table with one FAT32 partition, GRUB in the gap, the partition.
import { type FileHandle, open } from 'node:fs/promises';

export const SECTOR = 512;
/** The partition begins at 1 MiB: erase blocks of sticks, and room for GRUB. */
export const GAP_SECTORS = 2048;
const FAT32_LBA = 0x0c;
const CHUNK = 1024 * 1024;

type Parts = { boot: Uint8Array; core: Uint8Array; partitionSectors: number; diskId: number };

/**
 * The first mebibyte of the disk, as `grub-bios-setup` would have written it: it needs the device, which a builder
 * without root does not have. Offsets from grub-core/boot/i386/pc/boot.S and include/grub/i386/pc/boot.h.
 */
export function diskHead({ boot, core, partitionSectors, diskId }: Parts): Buffer {
  if (boot.length !== SECTOR) throw new RangeError('boot.img is one sector');
  if (core.length > (GAP_SECTORS - 1) * SECTOR) throw new RangeError('core.img does not fit in the gap');
  const head = Buffer.alloc(GAP_SECTORS * SECTOR);
  head.set(boot, 0);
  // Where core.img begins; its own first sector finds the rest behind itself, as grub-mkimage wrote it.
  head.writeBigUInt64LE(1n, 0x5c);
  // The drive is the one that the firmware names, and a firmware that names none means the first.
  head.writeUInt8(0xff, 0x64);
  head.writeUInt16LE(0x9090, 0x66);
  head.writeUInt32LE(diskId, 0x1b8);
  head.fill(0, 0x1bc, 0x1fe);
  head.set(partitionEntry(GAP_SECTORS, partitionSectors), 0x1be);
  head.writeUInt16LE(0xaa55, 0x1fe);
  head.set(core, SECTOR);
  return head;
}

function partitionEntry(start: number, sectors: number): Buffer {
  const entry = Buffer.alloc(16);
  entry.writeUInt8(0x80, 0);
  entry.set(chs(start), 1);
  entry.writeUInt8(FAT32_LBA, 4);
  entry.set(chs(start + sectors - 1), 5);
  entry.writeUInt32LE(start, 8);
  entry.writeUInt32LE(sectors, 12);
  return entry;
}

/** Cylinder, head, sector for 255 heads and 63 sectors: old firmware still compares them. */
function chs(lba: number): [number, number, number] {
  const cylinder = Math.floor(lba / (255 * 63));
  if (cylinder > 1023) return [254, 0xff, 0xff];
  const head = Math.floor(lba / 63) % 255;
  return [head, ((cylinder >> 2) & 0xc0) | ((lba % 63) + 1), cylinder & 0xff];
}

/** Writes head and partition into one file; what is zero stays a hole. */
export async function writeDisk(path: string, head: Uint8Array, partition: string): Promise<void> {
  await using from = await open(partition);
  await using to = await open(path, 'w');
  const { size } = await from.stat();
  await to.truncate(head.length + size);
  await to.write(head, 0, head.length, 0);
  await copySparse(from, to, size, head.length);
}

async function copySparse(from: FileHandle, to: FileHandle, size: number, offset: number): Promise<void> {
  const buffer = Buffer.alloc(CHUNK);
  const zero = Buffer.alloc(CHUNK);
  for (let at = 0; at < size;) {
    const { bytesRead } = await from.read(buffer, 0, Math.min(CHUNK, size - at), at);
    if (bytesRead === 0) throw new Error(`the partition ended at ${at} of ${size}`);
    const piece = buffer.subarray(0, bytesRead);
    if (!piece.equals(zero.subarray(0, bytesRead))) await to.write(piece, 0, bytesRead, offset + at);
    at += bytesRead;
  }
}
