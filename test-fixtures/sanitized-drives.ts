import type { Certificate, ObservationsV1 } from '@rebond/protocol';

export type Media = Certificate['media'];

export const SSD: Media = {
  identity: {
    transport: 'sata',
    model: 'TEST SSD 500G',
    serial: 'SN-TEST-0001',
    wwid: 'naa.5002538e40a1b2c3',
  },
  medium: 'ata-ssd',
  sizeBytes: 500_107_862_016,
  path: '/dev/sda',
};
export const HDD: Media = {
  identity: { transport: 'sata', model: 'TEST HDD 1T', serial: 'SN-TEST-0002', wwid: 'naa.50014ee2b5c7d8e9' },
  medium: 'ata-hdd',
  sizeBytes: 1_000_204_886_016,
  path: '/dev/sdb',
};
export const FILE: Media = {
  identity: { transport: 'file', model: 'rehearsal file', serial: 'REHEARSAL-0001', wwid: null },
  medium: 'rehearsal-file',
  sizeBytes: 67_108_864,
  path: '/run/rebond/rehearsal/drive.img',
};

/** Everything is seen as it should be, but that `after` is left to whoever knows the drive. */
export function everything(bytes: number): ObservationsV1 {
  const durationMs = Math.round(bytes / 450_000);
  return {
    written: { bytes, durationMs, errors: [] },
    flushed: true,
    readBack: {
      bytes,
      matchedBytes: bytes,
      durationMs,
      mismatches: [],
      mismatchedSectors: 0,
      errors: [],
      direct: true,
    },
    after: null,
    stopped: null,
  };
}

/** Three sectors that differ, and a read error after 912 GB. */
export function mismatching(bytes: number): ObservationsV1 {
  const whole = everything(bytes);
  const mismatches = [4096, 8_192_000, 734_003_200];
  const readBack = { bytes: bytes - 4096, matchedBytes: bytes - 4096 - 3 * 512, durationMs: 7_400_000 };
  const errors = [{ offset: 912_680_550_400, code: 'EIO' }];
  return {
    ...whole,
    readBack: { ...readBack, mismatches, mismatchedSectors: 3, errors, direct: true },
  };
}

/** Writing stopped at 412 GB. */
export function vanished(): ObservationsV1 {
  const stopped = {
    code: 'drive-gone',
    fr: 'Le disque a cessé de répondre pendant l’écrasement.',
    en: 'The drive stopped answering during the overwrite.',
  };
  const written = { bytes: 412_316_860_416, durationMs: 2_900_000, errors: [] };
  return { written, flushed: false, readBack: null, after: null, stopped };
}
