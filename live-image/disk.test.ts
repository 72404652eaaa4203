import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { GAP_SECTORS, SECTOR, diskHead, writeDisk } from './disk.ts';

const PARTS = {
  boot: Buffer.alloc(SECTOR, 0x11),
  core: Buffer.alloc(3 * SECTOR, 0x22),
  partitionSectors: 1_628_160,
  diskId: 0xcafe_f00d,
};

describe('the stick as a disk', () => {
  const head = diskHead(PARTS);

  it('begins with GRUB, which knows where its core is and asks the firmware for the drive', () => {
    expect(head.readBigUInt64LE(0x5c)).toBe(1n);
    expect(head[0x64]).toBe(0xff);
    expect(head.subarray(SECTOR, 4 * SECTOR)).toEqual(PARTS.core);
  });

  it('has one active FAT32 partition from 1 MiB on', () => {
    expect(head.readUInt32LE(0x1b8)).toBe(PARTS.diskId);
    const entry = head.subarray(0x1be, 0x1ce);
    expect([entry[0], entry[4]]).toEqual([0x80, 0x0c]);
    expect([entry.readUInt32LE(8), entry.readUInt32LE(12)]).toEqual([GAP_SECTORS, PARTS.partitionSectors]);
    // Sector 2048 is cylinder 0, head 32, sector 33; sector 1630207 is cylinder 101, head 121, sector 20.
    expect([...entry.subarray(1, 4)]).toEqual([32, 33, 0]);
    expect([...entry.subarray(5, 8)]).toEqual([121, 20, 101]);
    expect(head.subarray(0x1ce, 0x1fe).every((byte) => byte === 0)).toBe(true);
    expect(head.readUInt16LE(0x1fe)).toBe(0xaa55);
  });

  it('refuses a GRUB that does not fit in the gap', () => {
    const core = Buffer.alloc(GAP_SECTORS * SECTOR);
    expect(() => diskHead({ ...PARTS, core })).toThrow(RangeError);
  });

  it('is written with holes where the partition is zero', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'rebond-disk-'));
    try {
      const content = Buffer.concat([Buffer.alloc(8 * 1024 * 1024), Buffer.from('end')]);
      writeFileSync(join(folder, 'fat'), content);
      await writeDisk(join(folder, 'img'), head, join(folder, 'fat'));
      const written = readFileSync(join(folder, 'img'));
      expect(written.equals(Buffer.concat([head, content]))).toBe(true);
      expect(statSync(join(folder, 'img')).blocks * 512).toBeLessThan(4 * 1024 * 1024);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
