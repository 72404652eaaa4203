import { z } from 'zod';
import { DriveIdentity, Medium } from './drive.ts';
import { PersonRef, PublicKey, WorkshopRef } from './keys.ts';
import { MachineRef } from './record.ts';
import { Level } from './sanitize.ts';
import { Bytes, Clock, Line, Paragraph, Phrase, PropertyLabel, Reason, Sha256, Uuid } from './text.ts';

/** How media are destroyed, by the words of NIST SP 800-88r1 §2.5 and its appendix A; degaussing is not among its means to destroy. */
export const DestructionMethod = z.enum([
  'shred',
  'disintegrate',
  'pulverize',
  'incinerate',
  'melt',
  'degauss',
]);
export type DestructionMethod = z.infer<typeof DestructionMethod>;

/** Fragment classes of DIN 66399 (ISO/IEC 21964): H for hard disks, E for electronic media, with their security levels. */
export const FragmentClass = z.enum([
  ...['H-1', 'H-2', 'H-3', 'H-4', 'H-5', 'H-6', 'H-7'],
  ...['E-1', 'E-2', 'E-3', 'E-4', 'E-5', 'E-6', 'E-7'],
] as const);
export type FragmentClass = z.infer<typeof FragmentClass>;

/** Why a drive lay in quarantine. */
export const QuarantineCause = z.enum(['failed', 'unknown', 'rejected', 'undrivable', 'vanished']);
export type QuarantineCause = z.infer<typeof QuarantineCause>;

const Said = Line.min(1);

/**
 * A lead's word that one drive of the quarantine was destroyed. Nothing of it was seen by the tool: the notice says so,
 * word for word, in every such document.
 */
export const DestructionCertificate = z.strictObject({
  schema: z.literal('rebond.destruction/1'),
  certificateId: Uuid,
  mode: z.literal('real'),
  notice: Phrase,
  issuedAt: Clock,
  issuer: z.strictObject({ workshop: WorkshopRef, publicKey: PublicKey }),
  /** The machine in which the drive was seen last; it may have been taken out since. */
  machine: z.strictObject({
    ref: MachineRef,
    manufacturer: Line.nullable(),
    product: Line.nullable(),
    serial: Line.nullable(),
  }),
  media: z.strictObject({
    identity: DriveIdentity,
    medium: Medium,
    sizeBytes: Bytes.nullable(),
    path: Line,
    /** The workshop's label on the drive, as the lead read it; null where it bears none. */
    label: PropertyLabel.nullable(),
  }),
  quarantine: z.strictObject({
    cause: QuarantineCause,
    reasons: z.array(Reason).max(16),
    record: z.strictObject({ recordId: Uuid, sha256: Sha256, sessionId: Uuid }),
    /** The certificate of what was tried before, if anything was. */
    earlier: Uuid.nullable(),
  }),
  destruction: z.strictObject({
    method: DestructionMethod,
    fragments: FragmentClass.nullable(),
    level: Level,
    clause: Paragraph,
    /** The day, as it was said. */
    on: z.iso.date(),
    /** Where, or by which company. */
    place: Said,
    witness: Said,
    slip: Said,
    statedBy: PersonRef,
    statedAt: Clock,
  }),
});
export type DestructionCertificate = z.infer<typeof DestructionCertificate>;

/** What every certificate of destruction says, word for word. */
export const DESTRUCTION_NOTICE: Phrase = {
  fr: 'DÉCLARÉ PAR DES PERSONNES — l’outil n’a pas vu cette destruction. Ce document rapporte ce que le responsable a déclaré et qui en témoigne ; le bordereau en est la pièce.',
  en: 'STATED BY PERSONS — the tool did not see this destruction. This document reports what the lead stated and who witnessed it; the slip is its proof.',
};
