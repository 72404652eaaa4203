import { z } from 'zod';
import { Bytes, Line, Paragraph, PropertyLabel } from './text.ts';

/** What a sanitization technique meets; `achieves()` has one row for each technique and medium. */
export const Medium = z.enum([
  'ata-hdd',
  'ata-ssd',
  'scsi-hdd',
  'scsi-ssd',
  'nvme',
  'emmc',
  'usb-flash',
  'sd-card',
  'behind-bridge',
  'virtual',
  'rehearsal-file',
  'rehearsal-loop',
  'unknown',
]);
export type Medium = z.infer<typeof Medium>;

/** How the kernel reaches the drive. `file` and `loop` exist in rehearsals only. */
export const Transport = z.enum([
  'sata',
  'ata',
  'sas',
  'scsi',
  'nvme',
  'usb',
  'mmc',
  'virtio',
  'network',
  'loop',
  'file',
  'unknown',
]);
export type Transport = z.infer<typeof Transport>;

/** What stays the same over reboots. Size is apart: a planned HPA or DCO step may change it. */
export const DriveIdentity = z.strictObject({
  transport: Transport,
  model: Line.nullable(),
  serial: Line.nullable(),
  wwid: Line.nullable(),
  /**
   * The number on a label of the workshop that somebody stuck on a drive without a serial number of its own. No drive
   * says it, so it binds within one boot; from records of version 4 and certificates of version 3 on.
   */
  propertyLabel: PropertyLabel.optional(),
});
export type DriveIdentity = z.infer<typeof DriveIdentity>;

/** Why a fact could not be read. `detail` is what the tool printed, clipped: hostile text. */
export const ProbeFailure = z.strictObject({
  code: z.enum(['tool-missing', 'tool-failed', 'timed-out', 'refused', 'unreadable', 'nonsense']),
  source: Line,
  detail: Paragraph,
});
export type ProbeFailure = z.infer<typeof ProbeFailure>;

/**
 * A part of the inventory: read, truly absent, or not known. A failed probe is a value, never an exception,
 * and never the same as "absent".
 */
export function part<T extends z.ZodType>(value: T) {
  return z.discriminatedUnion('outcome', [
    z.strictObject({ outcome: z.literal('read'), sources: z.array(Line).max(8), value }),
    z.strictObject({ outcome: z.literal('absent'), sources: z.array(Line).max(8) }),
    z.strictObject({ outcome: z.literal('failed'), failure: ProbeFailure }),
  ]);
}
export type Part<T> =
  | { outcome: 'read'; sources: string[]; value: T }
  | { outcome: 'absent'; sources: string[] }
  | { outcome: 'failed'; failure: ProbeFailure };

const Count = z.int().nonnegative().nullable();

/** What the drive says of its own health. Raw counters are decimal text: some exceed 2^53. */
export const DriveHealth = z.strictObject({
  /** The drive's own word (`smart_status.passed`), null where it gives none. */
  passed: z.boolean().nullable(),
  powerOnHours: Count,
  temperatureCelsius: z.int().nullable(),
  reallocatedSectors: Count,
  pendingSectors: Count,
  uncorrectableSectors: Count,
  /** NVMe: may exceed 100. */
  percentageUsed: Count,
  availableSparePercent: Count,
  criticalWarning: Count,
  mediaErrors: z
    .string()
    .regex(/^\d{1,40}$/)
    .nullable(),
});
export type DriveHealth = z.infer<typeof DriveHealth>;

export const Drive = z.strictObject({
  /** Device node, e.g. `/dev/sda`; for a rehearsal the file or loop device. */
  path: Line,
  identity: DriveIdentity,
  medium: Medium,
  firmware: Line.nullable(),
  sizeBytes: Bytes.nullable(),
  logicalSectorBytes: Bytes.nullable(),
  physicalSectorBytes: Bytes.nullable(),
  rotational: z.boolean().nullable(),
  removable: z.boolean().nullable(),
  /** Binds within one boot (Linux 5.15 and later); null where the kernel has none. */
  diskseq: z
    .string()
    .regex(/^\d{1,20}$/)
    .nullable(),
  health: part(DriveHealth),
});
export type Drive = z.infer<typeof Drive>;
