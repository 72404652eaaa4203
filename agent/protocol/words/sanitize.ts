import { z } from 'zod';
import { DriveIdentity, Medium } from './drive.ts';
import { Bytes, Clock, Line, Milliseconds, Paragraph, Phrase, Reason, Sha256, Uuid } from './text.ts';

/** NIST SP 800-88r2 levels, and `none` for "nothing may be claimed". */
export const Level = z.enum(['none', 'clear', 'purge', 'destroy']);
export type Level = z.infer<typeof Level>;

/** Techniques by their IEEE 2883 names. This version of the agent performs `overwrite`. */
export const Technique = z.enum([
  'overwrite',
  'ata-security-erase',
  'ata-security-erase-enhanced',
  'ata-sanitize-block',
  'ata-sanitize-crypto',
  'ata-sanitize-overwrite',
  'scsi-format-unit',
  'scsi-sanitize-block',
  'scsi-sanitize-crypto',
  'scsi-sanitize-overwrite',
  'nvme-format-0',
  'nvme-format-1',
  'nvme-format-2',
  'nvme-sanitize-block',
  'nvme-sanitize-crypto',
  'nvme-sanitize-overwrite',
  'emmc-erase-sanitize',
  'tcg-psid-revert',
  'discard',
]);
export type Technique = z.infer<typeof Technique>;

export const Mode = z.enum(['rehearsal', 'real']);
export type Mode = z.infer<typeof Mode>;

/** The one drive that will be touched, as it was when the operator confirmed it. */
export const Target = z.strictObject({
  path: Line,
  identity: DriveIdentity,
  medium: Medium,
  sizeBytes: Bytes,
  logicalSectorBytes: Bytes,
  diskseq: z
    .string()
    .regex(/^\d{1,20}$/)
    .nullable(),
});
export type Target = z.infer<typeof Target>;

/** Everything is decided here, before anything is done. */
export const SanitizePlan = z.strictObject({
  schema: z.literal('rebond.plan/1'),
  sessionId: Uuid,
  mode: Mode,
  target: Target,
  technique: Technique,
  verification: z.literal('full-read-back'),
  levelRequested: Level,
  levelExpected: Level,
  clause: Paragraph,
  notCovered: z.array(Phrase).max(16),
  reasons: z.array(Reason).max(16),
});
export type SanitizePlan = z.infer<typeof SanitizePlan>;

export const Outcome = z.enum(['done', 'failed', 'unknown']);
export type Outcome = z.infer<typeof Outcome>;

/** An error of the drive at a byte offset from its beginning. */
export const DriveError = z.strictObject({ offset: Bytes, code: Line });
export type DriveError = z.infer<typeof DriveError>;

/** What was seen while one drive was sanitized. `judge()` makes the outcome of it, on both ends. */
export const Observations = z.strictObject({
  written: z
    .strictObject({ bytes: Bytes, durationMs: Milliseconds, errors: z.array(DriveError).max(1000) })
    .nullable(),
  /** True only after the device acknowledged a flush that followed the last write. */
  flushed: z.boolean(),
  readBack: z
    .strictObject({
      bytes: Bytes,
      matchedBytes: Bytes,
      durationMs: Milliseconds,
      /** Offsets of logical sectors that differ, the first 1000; `mismatchedSectors` counts them all. */
      mismatches: z.array(Bytes).max(1000),
      mismatchedSectors: z.int().nonnegative(),
      errors: z.array(DriveError).max(1000),
      /** False where the operating system would not read past its own cache. */
      direct: z.boolean(),
    })
    .nullable(),
  /** Identity and size read again after the last step; null when the drive no longer answered. */
  after: z.strictObject({ identity: DriveIdentity, sizeBytes: Bytes }).nullable(),
  /** Set where the work stopped before its end. */
  stopped: Reason.nullable(),
});
export type Observations = z.infer<typeof Observations>;

/** The verification evidence of one drive: the plan, what was seen, and what follows from it. */
export const Evidence = z.strictObject({
  schema: z.literal('rebond.evidence/1'),
  plan: SanitizePlan,
  observations: Observations,
  outcome: Outcome,
  levelAchieved: Level,
  reasons: z.array(Reason).max(16),
  tool: z.strictObject({ name: Line, version: Line }),
  /** The key of the pseudorandom stream, so that anyone can check a sample: AES-256-CTR over zeros, counter = offset / 16. */
  stream: z.strictObject({ algorithm: z.literal('aes-256-ctr'), keyHex: Sha256 }).nullable(),
  startedAt: Clock,
  durationMs: Milliseconds.nullable(),
  /** SHA-256 of the session's journal as it stood when this evidence was made. */
  journalSha256: Sha256,
});
export type Evidence = z.infer<typeof Evidence>;

/** A drive that was not touched, and why. */
export const Refusal = z.strictObject({
  path: Line,
  identity: DriveIdentity,
  sizeBytes: Bytes.nullable(),
  reasons: z.array(Reason).min(1).max(16),
});
export type Refusal = z.infer<typeof Refusal>;
