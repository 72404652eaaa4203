import type { z } from 'zod';
import { Certificate } from '../words/certificate.ts';
import { DestructionCertificate } from '../words/destruction.ts';
import { ImageOffer } from '../words/image.ts';
import { JournalPart, JournalReceipt, LeftJournalsRequest } from '../words/journal.ts';
import { Envelope, ENVELOPE_MAX, KeyCertificate, SessionRequest } from '../words/keys.ts';
import { MachineRecord, Receipt } from '../words/record.ts';
import { ShellGrant, ShellRequest } from '../words/shell.ts';
import { canonicalBytes, parseCanonical } from './canonical.ts';
import { ProtocolError } from './errors.ts';
import { keyIdOf, type SigningKey, verifySignature } from './signing.ts';

/** Each signed document by its DSSE payload type. Old versions are added here and stay. */
const SHAPES = {
  'application/vnd.rebond.record+json': MachineRecord,
  'application/vnd.rebond.certificate+json': Certificate,
  'application/vnd.rebond.destruction+json': DestructionCertificate,
  'application/vnd.rebond.key-certificate+json': KeyCertificate,
  'application/vnd.rebond.session-request+json': SessionRequest,
  'application/vnd.rebond.receipt+json': Receipt,
  'application/vnd.rebond.journal-part+json': JournalPart,
  'application/vnd.rebond.journal-receipt+json': JournalReceipt,
  'application/vnd.rebond.left-journals-request+json': LeftJournalsRequest,
  'application/vnd.rebond.image-offer+json': ImageOffer,
  'application/vnd.rebond.shell-request+json': ShellRequest,
  'application/vnd.rebond.shell-grant+json': ShellGrant,
} as const;
export type PayloadType = keyof typeof SHAPES;
export type Payload<T extends PayloadType> = z.infer<(typeof SHAPES)[T]>;

export const RECORD_TYPE = 'application/vnd.rebond.record+json';
export const CERTIFICATE_TYPE = 'application/vnd.rebond.certificate+json';
export const DESTRUCTION_TYPE = 'application/vnd.rebond.destruction+json';
export const KEY_CERTIFICATE_TYPE = 'application/vnd.rebond.key-certificate+json';
export const SESSION_REQUEST_TYPE = 'application/vnd.rebond.session-request+json';
export const RECEIPT_TYPE = 'application/vnd.rebond.receipt+json';
export const JOURNAL_PART_TYPE = 'application/vnd.rebond.journal-part+json';
export const JOURNAL_RECEIPT_TYPE = 'application/vnd.rebond.journal-receipt+json';
export const LEFT_JOURNALS_REQUEST_TYPE = 'application/vnd.rebond.left-journals-request+json';
export const IMAGE_OFFER_TYPE = 'application/vnd.rebond.image-offer+json';
export const SHELL_REQUEST_TYPE = 'application/vnd.rebond.shell-request+json';
export const SHELL_GRANT_TYPE = 'application/vnd.rebond.shell-grant+json';

/** An envelope whose shape and payload are sound; its signature is not checked yet. */
export type Opened<T extends PayloadType = PayloadType> = {
  type: T;
  envelope: Envelope;
  payload: Payload<T>;
};

/** DSSE v1 pre-authentication encoding: `DSSEv1 <len> <type> <len> <payload>`. */
export function preAuthenticationEncoding(type: string, payload: Uint8Array): Uint8Array {
  const head = new TextEncoder().encode(
    `DSSEv1 ${new TextEncoder().encode(type).length} ${type} ${payload.length} `,
  );
  const whole = new Uint8Array(head.length + payload.length);
  whole.set(head);
  whole.set(payload, head.length);
  return whole;
}

/** Signs a document. What is signed is checked against its own shape and size first, so that nobody signs nonsense. @throws ProtocolError */
export async function seal<T extends PayloadType>(
  type: T,
  payload: Payload<T>,
  key: SigningKey,
): Promise<Envelope> {
  const bytes = canonicalBytes(payload);
  parseCanonical(bytes, SHAPES[type] as z.ZodType, ENVELOPE_MAX);
  const signature = await key.sign(preAuthenticationEncoding(type, bytes));
  const envelope: Envelope = {
    payload: bytes.toBase64(),
    payloadType: type,
    signatures: [{ keyid: key.keyId, sig: signature.toBase64() }],
  };
  // Base64 makes it a third longer: what nobody could open again is not signed.
  const { length } = envelopeBytes(envelope);
  if (length > ENVELOPE_MAX) throw new ProtocolError('too-large', `${length} > ${ENVELOPE_MAX}`);
  return envelope;
}

/** The bytes of an envelope as they are stored and sent. */
export function envelopeBytes(envelope: Envelope): Uint8Array<ArrayBuffer> {
  return canonicalBytes(envelope);
}

/**
 * Reads an envelope from its bytes: both layers must be canonical and of a known shape.
 * @throws ProtocolError
 */
export function openBytes(bytes: Uint8Array): Opened {
  return openEnvelope(parseCanonical(bytes, Envelope, ENVELOPE_MAX));
}

/** Reads the payload of an envelope. @throws ProtocolError */
export function openEnvelope(envelope: Envelope): Opened {
  const type = envelope.payloadType as PayloadType;
  if (!Object.hasOwn(SHAPES, type)) throw new ProtocolError('unknown-type', envelope.payloadType);
  const payload = parseCanonical(
    payloadBytes(envelope),
    SHAPES[type] as z.ZodType<Payload<PayloadType>>,
    ENVELOPE_MAX,
  );
  return { type, envelope, payload };
}

/** As `openEnvelope`, for one expected type. @throws ProtocolError unknown-type when it is another */
export function openAs<T extends PayloadType>(type: T, envelope: Envelope): Opened<T> {
  const opened = openEnvelope(envelope);
  if (!isOpened(opened, type)) throw new ProtocolError('unknown-type', `${opened.type}, not ${type}`);
  return opened;
}

export function isOpened<T extends PayloadType>(opened: Opened, type: T): opened is Opened<T> {
  return opened.type === type;
}

/** The document's bytes inside an envelope. Base64 with stray bits does not come back the same and is refused. */
export function payloadBytes(envelope: Envelope): Uint8Array {
  let bytes: Uint8Array;
  try {
    bytes = Uint8Array.fromBase64(envelope.payload, { lastChunkHandling: 'strict' });
  } catch (cause) {
    throw new ProtocolError('not-canonical', 'base64', { cause });
  }
  return bytes;
}

/** @throws ProtocolError wrong-key when the envelope names another key, bad-signature when the bytes were altered */
export async function checkSignature(envelope: Envelope, publicKey: string): Promise<void> {
  const [signature] = envelope.signatures;
  if (signature?.keyid !== (await keyIdOf(publicKey))) throw new ProtocolError('wrong-key', signature?.keyid);
  let bytes: Uint8Array;
  try {
    bytes = Uint8Array.fromBase64(signature.sig, { lastChunkHandling: 'strict' });
  } catch (cause) {
    throw new ProtocolError('bad-signature', 'base64', { cause });
  }
  const signed = preAuthenticationEncoding(envelope.payloadType, payloadBytes(envelope));
  if (!(await verifySignature(publicKey, bytes, signed))) throw new ProtocolError('bad-signature');
}
