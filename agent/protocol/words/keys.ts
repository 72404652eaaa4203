import { z } from 'zod';
import { Clock, Id, Line, Uuid } from './text.ts';

/** A raw Ed25519 public key, 32 bytes, base64url without padding (43 characters). */
export const PublicKey = z.string().regex(/^[A-Za-z0-9_-]{43}$/);

/** `sha256:` and the hexadecimal SHA-256 of the raw public key. */
export const KeyId = z.string().regex(/^sha256:[0-9a-f]{64}$/);

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
export const ENVELOPE_MAX = 2 * 1024 * 1024;

/** A DSSE envelope with exactly one signature. Its own bytes are canonical JSON too. */
export const Envelope = z.strictObject({
  payload: z.string().max(ENVELOPE_MAX).regex(BASE64),
  payloadType: z.string().regex(/^application\/vnd\.rebond\.[a-z-]{1,40}\+json$/),
  signatures: z
    .array(z.strictObject({ keyid: KeyId, sig: z.string().regex(/^[A-Za-z0-9+/]{86}==$/) }))
    .length(1),
});
export type Envelope = z.infer<typeof Envelope>;

export const WorkshopRef = z.strictObject({ id: Id, name: Line });
export type WorkshopRef = z.infer<typeof WorkshopRef>;

export const Role = z.enum(['workshop', 'server', 'stick', 'session']);
export type Role = z.infer<typeof Role>;

export const PersonRef = z.strictObject({ id: Id, name: Line });
export type PersonRef = z.infer<typeof PersonRef>;

/** One key vouches for another: workshop → server → session, or server → stick → session when offline. */
export const KeyCertificate = z.strictObject({
  schema: z.literal('rebond.key-certificate/1'),
  issuer: z.strictObject({ role: Role, publicKey: PublicKey }),
  subject: z.strictObject({ role: Role, publicKey: PublicKey }),
  workshop: WorkshopRef,
  issuedAt: Clock,
  notAfter: z.iso.datetime({ precision: 3 }),
  /** Only for a session key: what it may speak of. `technician` is null when the stick key issued it. */
  session: z
    .strictObject({
      sessionId: Uuid,
      bench: Line,
      technician: PersonRef.nullable(),
      machineId: Id,
      nonce: z.string().regex(/^[A-Za-z0-9_-]{22}$/),
    })
    .nullable(),
});
export type KeyCertificate = z.infer<typeof KeyCertificate>;

/** What a laptop asks of the server, signed with the session key to prove that it holds it. */
export const SessionRequest = z.strictObject({
  schema: z.literal('rebond.session-request/1'),
  audience: Id.nullable(),
  publicKey: PublicKey,
  sessionId: Uuid,
  bench: Line,
  machineId: Id,
  nonce: z.string().regex(/^[A-Za-z0-9_-]{22}$/),
});
export type SessionRequest = z.infer<typeof SessionRequest>;

/** The public keys one has chosen to believe, got by another way than the documents they verify. */
export const TrustFile = z.strictObject({
  schema: z.literal('rebond.trust/1'),
  anchors: z
    .array(z.strictObject({ workshop: WorkshopRef, publicKey: PublicKey }))
    .min(1)
    .max(1000),
});
export type TrustFile = z.infer<typeof TrustFile>;
