import { z } from 'zod';
import { ProbeFailure } from './drive.ts';
import { Bytes, Line } from './text.ts';

/**
 * Addresses that the drive keeps from its user: a Host Protected Area, a Device Configuration Overlay, an Accessible
 * Max Address. `realBytes` is the size with them.
 */
export const HiddenArea = z.discriminatedUnion('state', [
  z.strictObject({ state: z.literal('none') }),
  z.strictObject({ state: z.literal('hidden'), realBytes: Bytes }),
  z.strictObject({ state: z.literal('not-supported') }),
  z.strictObject({ state: z.literal('unknown'), failure: ProbeFailure }),
]);
export type HiddenArea = z.infer<typeof HiddenArea>;

const Minutes = z.int().nonnegative().nullable();

/** ATA Security as IDENTIFY DEVICE word 128 tells it, by the standard's own states (ACS-4 §4.18). SEC0 and SEC3 are powered off. */
export const AtaSecurity = z.strictObject({
  /** SEC1 disabled, SEC2 disabled and frozen, SEC4 locked, SEC5 unlocked, SEC6 unlocked and frozen. */
  state: z.enum(['SEC1', 'SEC2', 'SEC4', 'SEC5', 'SEC6']),
  attemptsExpired: z.boolean(),
  enhanced: z.boolean(),
  /** As the drive estimates; null where it says nothing, 508 for "508 or more". */
  eraseMinutes: Minutes,
  enhancedMinutes: Minutes,
});
export type AtaSecurity = z.infer<typeof AtaSecurity>;

export const AtaSanitize = z.strictObject({
  crypto: z.boolean(),
  block: z.boolean(),
  overwrite: z.boolean(),
  /** SD0 idle, SD1 frozen, SD2 in process, SD3 failed (ACS-4 §4.17). */
  state: z.enum(['SD0', 'SD1', 'SD2', 'SD3', 'unknown']),
});
export type AtaSanitize = z.infer<typeof AtaSanitize>;

export const NvmeNamespace = z.strictObject({
  nsid: z.int().positive(),
  attached: z.boolean(),
  sizeBytes: Bytes.nullable(),
});

/** How a drive may be sanitized, in its own words. What it lacks is null; what it did not answer fails the whole part. */
export const DriveCapabilities = z.discriminatedUnion('interface', [
  z.strictObject({
    interface: z.literal('ata'),
    security: AtaSecurity.nullable(),
    sanitize: AtaSanitize.nullable(),
    hpa: HiddenArea,
    dco: HiddenArea,
    ama: HiddenArea,
  }),
  z.strictObject({
    interface: z.literal('nvme'),
    /** The controller's node, e.g. `/dev/nvme0`. */
    controller: Line,
    /** Of the namespace that is the target: never derived from its node's name. */
    nsid: z.int().positive(),
    lbaFormat: z.int().nonnegative().max(63),
    sanitize: z
      .strictObject({
        crypto: z.boolean(),
        block: z.boolean(),
        overwrite: z.boolean(),
        /** SSTAT bits 2:0 of the sanitize log (NVM Express 1.4 §5.14.1.16). */
        state: z.enum(['never', 'succeeded', 'running', 'failed', 'succeeded-no-deallocation', 'unknown']),
        /** Seconds, as the drive estimates; null where it says nothing. */
        estimates: z.strictObject({
          crypto: z.int().nonnegative().nullable(),
          block: z.int().nonnegative().nullable(),
          overwrite: z.int().nonnegative().nullable(),
        }),
      })
      .nullable(),
    format: z
      .strictObject({ allNamespaces: z.boolean(), eraseAllNamespaces: z.boolean(), crypto: z.boolean() })
      .nullable(),
    namespaces: z.array(NvmeNamespace).max(1024),
    /** Capacity that no namespace has; null where the drive does not say. */
    unallocatedBytes: Bytes.nullable(),
  }),
  z.strictObject({
    interface: z.literal('scsi'),
    sanitize: z
      .strictObject({
        ...{ crypto: z.boolean(), block: z.boolean(), overwrite: z.boolean() },
        /** One runs right now, by the drive's sense; left out where none is told. */
        running: z.boolean().optional(),
      })
      .nullable(),
  }),
  /** Nothing but reading and writing: USB bridges, cards, virtual disks, rehearsal media. */
  z.strictObject({ interface: z.literal('plain') }),
]);
export type DriveCapabilities = z.infer<typeof DriveCapabilities>;
