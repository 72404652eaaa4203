import { z } from 'zod';
import { Checklist } from './checklist.ts';
import { DriveIdentity } from './drive.ts';
import { ImageRef } from './image.ts';
import { Inventory } from './inventory.ts';
import { Envelope } from './keys.ts';
import { Leftovers } from './leftovers.ts';
import { Evidence, Mode, Refusal } from './sanitize.ts';
import { Clock, Id, Line, Milliseconds, Phrase, Reason, Sha256, Uuid } from './text.ts';

export const Letter = z.enum(['A', 'B', 'C', 'D']);
export type Letter = z.infer<typeof Letter>;

/** One line of the grade: what was judged, the letter it allows at best, and why. */
export const GradeReason = z.strictObject({
  rule: Id,
  letter: Letter.nullable(),
  fr: z.string().max(1024),
  en: z.string().max(1024),
});
export type GradeReason = z.infer<typeof GradeReason>;

/** A letter is given only where nothing that the rubric asks for is unknown; `atBest` is the ceiling until then. */
export const Grade = z.strictObject({
  rubric: z.strictObject({ id: Id, version: z.int().positive(), sha256: Sha256 }),
  functional: Letter.nullable(),
  cosmetic: Letter.nullable(),
  overall: Letter.nullable(),
  atBest: Letter,
  reasons: z.array(GradeReason).max(64),
});
export type Grade = z.infer<typeof Grade>;

/** How a machine is recognized: by its DMI identity, else by a network card, else not beyond this session. */
export const MachineRef = z.strictObject({ id: Id, basis: z.enum(['dmi', 'mac', 'session']) });
export type MachineRef = z.infer<typeof MachineRef>;

/** The drive of the list that the live image was started from: plugged in for the session, and no part of the laptop. */
export const BootMediumRef = z.strictObject({ path: Line, identity: DriveIdentity });
export type BootMediumRef = z.infer<typeof BootMediumRef>;

const RecordFields = z.strictObject({
  /**
   * Version 2 names the live image; version 3 has evidence step by step; version 4 names the boot medium, is graded by
   * rubric 2, and has property labels, what is left over beside the drives, and the checklist. Earlier ones stay readable.
   */
  schema: z.enum(['rebond.record/1', 'rebond.record/2', 'rebond.record/3', 'rebond.record/4']),
  recordId: Uuid,
  sessionId: Uuid,
  /** 0, 1, … within the session; a second record with the same number and other bytes is refused. */
  sequence: z.int().nonnegative().max(1000),
  /** The session this record gives account of when it was cut off before it could sign its own; else null. */
  accountOf: Uuid.nullable(),
  /** The workshop that may accept this record. */
  audience: Id,
  mode: Mode,
  /** The words REHEARSAL, which no reader can miss; null for a real session. */
  notice: Phrase.nullable(),
  machine: MachineRef,
  /** Self-reported (TRUST.md). `sha256` is that of the agent's one file; null where it runs from its sources. */
  agent: z.strictObject({ version: Line, sha256: Sha256.nullable() }),
  /** The live image the agent ran on, self-reported; null where it ran on another system. */
  image: ImageRef.nullable().optional(),
  /** Null where no drive of the list surely is it: booted by network or from a CD, pulled, another system, an account. */
  bootMedium: BootMediumRef.nullable().optional(),
  inventory: Inventory,
  refusals: z.array(Refusal).max(256),
  sanitizations: z.array(Evidence).max(256),
  /** TPM, boot entries, MOK keys; null where the session did not look. */
  leftovers: Leftovers.nullable().optional(),
  /** Null where nobody was asked: a rehearsal, or a session that was cut off. */
  checklist: Checklist.nullable().optional(),
  grade: Grade,
  remarks: z.array(Reason).max(64),
  openedAt: Clock,
  closedAt: Clock,
  durationMs: Milliseconds.nullable(),
  /** Vouches for the key that signs this record: the session key's certificate, then its issuer's, up to the workshop. */
  chain: z.array(Envelope).min(1).max(4),
});

const STEP_BY_STEP: readonly string[] = ['rebond.record/3', 'rebond.record/4'];

/** What happened to one laptop in one session. */
export const MachineRecord = RecordFields.refine(
  ({ schema, image }) => (schema !== 'rebond.record/1') === (image !== undefined),
  { path: ['image'], message: 'named from version 2 on, and only then' },
)
  .refine(
    ({ schema, sanitizations }) =>
      STEP_BY_STEP.includes(schema) || sanitizations.every((each) => each.schema === 'rebond.evidence/1'),
    { path: ['sanitizations'], message: 'step by step from version 3 on' },
  )
  .refine(
    ({ schema, leftovers, checklist }) =>
      (schema === 'rebond.record/4') === (leftovers !== undefined) &&
      (schema === 'rebond.record/4') === (checklist !== undefined),
    { path: ['leftovers'], message: 'from version 4 on, and only then' },
  )
  .refine(
    ({ schema, sanitizations, refusals }) =>
      schema === 'rebond.record/4' ||
      [...sanitizations.map(({ plan }) => plan.target), ...refusals].every(
        ({ identity }) => identity.propertyLabel === undefined,
      ),
    { path: ['sanitizations'], message: 'property labels from version 4 on' },
  )
  .refine(({ schema, bootMedium }) => (schema === 'rebond.record/4') === (bootMedium !== undefined), {
    path: ['bootMedium'],
    message: 'named from version 4 on, and only then',
  });
export type MachineRecord = z.infer<typeof MachineRecord>;

/** The server's word that a record is on its disk. */
export const Receipt = z.strictObject({
  schema: z.literal('rebond.receipt/1'),
  recordSha256: Sha256,
  audience: Id,
  receivedAt: Clock,
  confirmed: z.boolean(),
});
export type Receipt = z.infer<typeof Receipt>;
