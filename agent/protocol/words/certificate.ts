import { z } from 'zod';
import { DriveCapabilities } from './capabilities.ts';
import { DriveIdentity, Medium, part } from './drive.ts';
import { PersonRef, PublicKey, WorkshopRef } from './keys.ts';
import { MachineRef } from './record.ts';
import {
  EvidenceV2,
  Level,
  Mode,
  ObservationsV1,
  ObservationsV2,
  Outcome,
  PlanV2,
  Verification,
} from './sanitize.ts';
import { Technique } from './steps.ts';
import { Bytes, Clock, Id, Line, Paragraph, Phrase, Reason, Sha256, Uuid } from './text.ts';

/** A person's decision on the tool's evidence (NIST SP 800-88r2 §4.5 "validation"). */
export const Validation = z.discriminatedUnion('decision', [
  z.strictObject({ decision: z.literal('pending') }),
  z.strictObject({ decision: z.literal('approved'), person: PersonRef, at: Clock }),
  z.strictObject({ decision: z.literal('rejected'), person: PersonRef, at: Clock, why: Paragraph }),
]);
export type Validation = z.infer<typeof Validation>;

/** One drive, one certificate: fields of NIST SP 800-88r2 §4.6 that are known, and what was not covered. */
const CertificateFields = {
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
};

/** Of an evidence of version 1; stays readable. */
export const CertificateV1 = z.strictObject({
  schema: z.literal('rebond.certificate/1'),
  ...CertificateFields,
  verification: z.strictObject({ kind: z.literal('full-read-back'), observations: ObservationsV1 }),
});
export type CertificateV1 = z.infer<typeof CertificateV1>;

/** Version 3 is version 2 for a drive that is told by a property label. */
export const CertificateV2 = z.strictObject({
  schema: z.enum(['rebond.certificate/2', 'rebond.certificate/3']),
  ...CertificateFields,
  /** How far one need not take the drive's word, and all that the judgement rests on. */
  verification: z.strictObject({
    kind: Verification,
    plan: PlanV2,
    capabilities: part(DriveCapabilities),
    observations: ObservationsV2,
    commands: EvidenceV2.shape.commands,
    stream: EvidenceV2.shape.stream,
  }),
});
export type CertificateV2 = z.infer<typeof CertificateV2>;

export const Certificate = z
  .discriminatedUnion('schema', [CertificateV1, CertificateV2])
  .refine(
    ({ schema, media }) =>
      (schema === 'rebond.certificate/3') === (media.identity.propertyLabel !== undefined),
    { path: ['media'], message: 'a property label in version 3, and only then' },
  );
export type Certificate = z.infer<typeof Certificate>;

/** `rebond-` and the certificate's id: the name of its files. */
export function certificateFileName(id: string): string {
  return `rebond-${Id.parse(id)}`;
}
