import { z } from 'zod';
import { DriveIdentity, Medium } from './drive.ts';
import { PersonRef, PublicKey, WorkshopRef } from './keys.ts';
import { MachineRef } from './record.ts';
import { Level, Mode, Observations, Outcome, Technique } from './sanitize.ts';
import { Bytes, Clock, Id, Line, Paragraph, Phrase, Reason, Sha256, Uuid } from './text.ts';

/** A person's decision on the tool's evidence (NIST SP 800-88r2 §4.5 "validation"). */
export const Validation = z.discriminatedUnion('decision', [
  z.strictObject({ decision: z.literal('pending') }),
  z.strictObject({ decision: z.literal('approved'), person: PersonRef, at: Clock }),
  z.strictObject({ decision: z.literal('rejected'), person: PersonRef, at: Clock, why: Paragraph }),
]);
export type Validation = z.infer<typeof Validation>;

/** One drive, one certificate: fields of NIST SP 800-88r2 §4.6 that are known, and what was not covered. */
export const Certificate = z.strictObject({
  schema: z.literal('rebond.certificate/1'),
  certificateId: Uuid,
  /** The certificate that this one replaces, if any. */
  supersedes: Uuid.nullable(),
  mode: Mode,
  notice: Phrase.nullable(),
  outcome: Outcome,
  issuedAt: Clock,
  issuer: z.strictObject({ workshop: WorkshopRef, publicKey: PublicKey }),
  machine: z.strictObject({
    ref: MachineRef,
    manufacturer: Line.nullable(),
    product: Line.nullable(),
    serial: Line.nullable(),
  }),
  media: z.strictObject({ identity: DriveIdentity, medium: Medium, sizeBytes: Bytes, path: Line }),
  method: z.strictObject({
    technique: Technique,
    levelRequested: Level,
    levelAchieved: Level,
    clause: Paragraph,
    tool: z.strictObject({ name: Line, version: Line }),
  }),
  verification: z.strictObject({ kind: z.literal('full-read-back'), observations: Observations }),
  reasons: z.array(Reason).max(16),
  notCovered: z.array(Phrase).max(16),
  performedAt: Clock,
  bench: Line,
  performer: PersonRef.nullable(),
  validation: Validation,
  record: z.strictObject({
    recordId: Uuid,
    sha256: Sha256,
    sessionId: Uuid,
    journalSha256: Sha256,
    drive: z.int().nonnegative(),
  }),
});
export type Certificate = z.infer<typeof Certificate>;

/** `rebond-` and the certificate's id: the name of its files. */
export function certificateFileName(id: string): string {
  return `rebond-${Id.parse(id)}`;
}
