import { z } from 'zod';
import { Extent, PassSeen, Pattern, ReadBackSeen, Sampling, ScanSeen } from './overwrite.ts';
import { Bytes, Line, Milliseconds, Sha256, Uuid } from './text.ts';

/** Techniques by their IEEE 2883 names. */
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

const HiddenName = z.enum(['hpa', 'dco', 'ama']);

/**
 * The pass of an earlier session that a power cut broke off, and how far the drive had flushed it for sure: it is taken
 * up there, with its key. What was written before is proved by reading all of it back now, and by nothing else.
 */
const Resume = z.strictObject({ sessionId: Uuid, planId: Uuid, fromBytes: Bytes });

/** One thing that is done to a drive, with every number that its doing needs. Nothing is chosen afterwards. */
export const PlanStep = z.discriminatedUnion('kind', [
  /**
   * A SANITIZE runs on the drive already: it lost its power in the middle, and went on. It is waited for, and what it comes
   * to counts for nothing.
   */
  z.strictObject({
    kind: z.literal('await-sanitize'),
    /** After this long, and after as long a standstill, the drive is given up. */
    patienceMs: Milliseconds,
    stallMs: Milliseconds,
  }),
  /** A frozen ATA drive is freed by a suspend of the machine (its firmware freezes it at power-on). */
  z.strictObject({ kind: z.literal('unfreeze') }),
  /** Takes our own published password off a drive that an interrupted erase left locked. */
  z.strictObject({ kind: z.literal('unlock') }),
  /** Gives back the addresses that the drive hides; its size is `realBytes` from then on. */
  z.strictObject({ kind: z.literal('reveal'), area: HiddenName, realBytes: Bytes }),
  /** Reads places of the drive and keeps their digests in memory, to be compared after the technique. */
  z.strictObject({
    kind: z.literal('remember'),
    sampling: Sampling,
    /** Other namespaces that an NVMe technique goes to as well: the same sampling in each. */
    others: z
      .array(z.strictObject({ nsid: z.int().positive(), sizeBytes: Bytes }))
      .min(1)
      .max(64)
      .optional(),
  }),
  z.strictObject({
    kind: z.literal('firmware'),
    technique: Technique,
    /** What the drive expects; null where it says nothing. */
    expectedMs: Milliseconds.nullable(),
    /** After this long it is given up as unknown: the drive may go on for ever. */
    patienceMs: Milliseconds,
    /** As long may its progress stand still. */
    stallMs: Milliseconds,
  }),
  /** Reads the remembered places again: none may still hold what it held. */
  z.strictObject({ kind: z.literal('compare') }),
  /** Reads the whole drive. `blank`: the technique promises sectors of one byte repeated, and data would stand out. */
  z.strictObject({ kind: z.literal('scan'), expect: z.enum(['blank', 'anything']) }),
  z.strictObject({
    kind: z.literal('overwrite'),
    pattern: Pattern,
    /** Left out where it begins at 0. */
    resume: Resume.optional(),
  }),
  z.strictObject({ kind: z.literal('read-back'), pattern: Pattern, extent: Extent }),
]);
export type PlanStep = z.infer<typeof PlanStep>;

/** A command given to a drive: what was called, how it ended, and the digest of what it printed. */
export const Command = z.strictObject({
  argv: z.array(Line).min(1).max(32),
  status: Line,
  durationMs: Milliseconds,
  outputSha256: Sha256,
});
export type Command = z.infer<typeof Command>;

/** What was seen of one step; the kinds are those of the plan. */
export const StepSeen = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('await-sanitize'),
    /** Null: the drive no longer said. */
    runningAfter: z.boolean().nullable(),
    stateBefore: Line,
    stateAfter: Line.nullable(),
    lastPercent: z.number().min(0).max(100).nullable(),
    durationMs: Milliseconds,
  }),
  z.strictObject({
    kind: z.literal('unfreeze'),
    /** Null: the state could not be read. */
    frozenAfter: z.boolean().nullable(),
  }),
  z.strictObject({ kind: z.literal('unlock'), lockedAfter: z.boolean().nullable() }),
  z.strictObject({
    kind: z.literal('reveal'),
    /** The size read again afterwards; null where the drive did not answer. */
    sizeAfter: Bytes.nullable(),
  }),
  z.strictObject({
    kind: z.literal('remember'),
    places: z.int().nonnegative(),
    unreadable: z.int().nonnegative(),
  }),
  z.strictObject({
    kind: z.literal('firmware'),
    /** `refused`: the drive did not begin. `unknown`: whether it began could not be told. */
    accepted: z.enum(['accepted', 'refused', 'unknown']),
    /** What the drive's own state, read again afterwards, says of the end. An exit status says nothing. */
    ended: z.enum(['succeeded', 'failed', 'unknown']),
    stateBefore: Line,
    stateAfter: Line.nullable(),
    lastPercent: z.number().min(0).max(100).nullable(),
    durationMs: Milliseconds,
  }),
  z.strictObject({
    kind: z.literal('compare'),
    places: z.int().nonnegative(),
    unreadable: z.int().nonnegative(),
    /** Places whose content is still what it was, without those that were blank (one byte repeated) already. */
    unchanged: z.int().nonnegative(),
    /** Byte offsets of the first thousand of them. */
    unchangedOffsets: z.array(Bytes).max(1000),
    /** Places that were blank before: no change could show on them. */
    blankBefore: z.int().nonnegative(),
    direct: z.boolean(),
  }),
  ScanSeen,
  PassSeen,
  ReadBackSeen,
]);
export type StepSeen = z.infer<typeof StepSeen>;
