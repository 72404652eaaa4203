import { z } from 'zod';
import { DriveCapabilities } from './capabilities.ts';
import { DriveIdentity, Medium, part } from './drive.ts';
import { Command, PlanStep, StepSeen, Technique } from './steps.ts';
import { Bytes, Clock, Id, Line, Milliseconds, Paragraph, Phrase, Reason, Sha256, Uuid } from './text.ts';

/** NIST SP 800-88r2 levels, and `none` for "nothing may be claimed". */
export const Level = z.enum(['none', 'clear', 'purge', 'destroy']);
export type Level = z.infer<typeof Level>;

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

const PlanFields = {
  sessionId: Uuid,
  mode: Mode,
  target: Target,
  /** The one that the level rests on. */
  technique: Technique,
  levelRequested: Level,
  levelExpected: Level,
  clause: Paragraph,
  notCovered: z.array(Phrase).max(16),
  reasons: z.array(Reason).max(16),
};

/** Version 1 knew one technique: a keyed overwrite with a full read-back. It stays readable. */
export const PlanV1 = z.strictObject({
  schema: z.literal('rebond.plan/1'),
  ...PlanFields,
  verification: z.literal('full-read-back'),
});
export type PlanV1 = z.infer<typeof PlanV1>;

/** How far one need not take the drive's word: see `verificationOf`. */
export const Verification = z.enum(['full-read-back', 'sampled-read-back', 'drive-reported']);
export type Verification = z.infer<typeof Verification>;

/** Everything is decided here, before anything is done. */
export const PlanV2 = z.strictObject({
  schema: z.literal('rebond.plan/2'),
  /** The journal's and the evidence's name for this plan. */
  planId: Uuid,
  ...PlanFields,
  policy: z.strictObject({ id: Id, version: z.int().positive() }),
  verification: Verification,
  /** In this order; the first that does not come to its end ends the plan. */
  steps: z.array(PlanStep).min(1).max(96),
});
export type PlanV2 = z.infer<typeof PlanV2>;

export const SanitizePlan = z.discriminatedUnion('schema', [PlanV1, PlanV2]);
export type SanitizePlan = z.infer<typeof SanitizePlan>;

export const Outcome = z.enum(['done', 'failed', 'unknown']);
export type Outcome = z.infer<typeof Outcome>;

/** An error of the drive at a byte offset from its beginning. */
export const DriveError = z.strictObject({ offset: Bytes, code: Line });
export type DriveError = z.infer<typeof DriveError>;

/** What was seen while one drive was sanitized by a plan of version 1. `judge()` makes the outcome of it, on both ends. */
export const ObservationsV1 = z.strictObject({
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
export type ObservationsV1 = z.infer<typeof ObservationsV1>;

/** The same for a plan of version 2: what was seen of each step that was begun, in the plan's order. */
export const ObservationsV2 = z.strictObject({
  steps: z.array(StepSeen).max(96),
  /** Identity and size read again after the last step; null when the drive no longer answered. */
  after: z.strictObject({ identity: DriveIdentity, sizeBytes: Bytes }).nullable(),
  /** Set where the work stopped before its end. */
  stopped: Reason.nullable(),
});
export type ObservationsV2 = z.infer<typeof ObservationsV2>;

/** The key of the pseudorandom stream, so that anyone can check a sample: AES-256-CTR over zeros, counter = offset / 16. */
const Stream = z.strictObject({ algorithm: z.literal('aes-256-ctr'), keyHex: Sha256 });

const EvidenceFields = {
  outcome: Outcome,
  levelAchieved: Level,
  reasons: z.array(Reason).max(16),
  tool: z.strictObject({ name: Line, version: Line }),
  stream: Stream.nullable(),
  startedAt: Clock,
  durationMs: Milliseconds.nullable(),
  /** SHA-256 of the session's journal as it stood when this evidence was made. */
  journalSha256: Sha256,
};

export const EvidenceV1 = z.strictObject({
  schema: z.literal('rebond.evidence/1'),
  plan: PlanV1,
  observations: ObservationsV1,
  ...EvidenceFields,
});
export type EvidenceV1 = z.infer<typeof EvidenceV1>;

export const EvidenceV2 = z.strictObject({
  schema: z.literal('rebond.evidence/2'),
  plan: PlanV2,
  /** What the drive said of its own means before the plan was made. */
  capabilities: part(DriveCapabilities),
  observations: ObservationsV2,
  /** Every command given to the drive, in order; `total` counts those beyond the list too. */
  commands: z.strictObject({ total: z.int().nonnegative(), list: z.array(Command).max(256) }),
  ...EvidenceFields,
});
export type EvidenceV2 = z.infer<typeof EvidenceV2>;

/** The verification evidence of one drive: the plan, what was seen, and what follows from it. */
export const Evidence = z.discriminatedUnion('schema', [EvidenceV1, EvidenceV2]);
export type Evidence = z.infer<typeof Evidence>;

/** A drive that was not touched, and why. */
export const Refusal = z.strictObject({
  path: Line,
  identity: DriveIdentity,
  sizeBytes: Bytes.nullable(),
  reasons: z.array(Reason).min(1).max(16),
});
export type Refusal = z.infer<typeof Refusal>;
