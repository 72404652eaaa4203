import {
  type Clock,
  type Envelope,
  IMAGE_OFFER_TYPE,
  type ImageOffer,
  JOURNAL_RECEIPT_TYPE,
  type JournalReceipt,
  KEY_CERTIFICATE_TYPE,
  type KeyCertificate,
  type PersonRef,
  RECEIPT_TYPE,
  type Receipt,
  seal,
  type SessionRequest,
  SHELL_GRANT_TYPE,
  type ShellGrant,
  type SigningKey,
  type WorkshopRef,
} from '@rebond/protocol';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const SERVER_KEY_DAYS = 5 * 365;
const STICK_DAYS = 365;

export function serverClock(now: Date): Clock {
  return { wall: now.toISOString(), timeSource: 'server' };
}

/** The workshop key's word for the server key. */
export async function certifyServer(
  workshopKey: SigningKey,
  serverPublicKey: string,
  workshop: WorkshopRef,
  now: Date,
): Promise<Envelope> {
  return await vouch(workshopKey, 'workshop', {
    subject: { role: 'server', publicKey: serverPublicKey },
    workshop,
    issuedAt: serverClock(now),
    notAfter: new Date(now.getTime() + SERVER_KEY_DAYS * DAY).toISOString(),
    session: null,
  });
}

/** The server key's word for a session key, for 24 hours: who, where, which machine. */
export async function certifySession(
  serverKey: SigningKey,
  workshop: WorkshopRef,
  request: SessionRequest,
  technician: PersonRef,
  now: Date,
): Promise<Envelope> {
  const { publicKey, sessionId, bench, machineId, nonce } = request;
  return await vouch(serverKey, 'server', {
    subject: { role: 'session', publicKey },
    workshop,
    issuedAt: serverClock(now),
    notAfter: new Date(now.getTime() + DAY).toISOString(),
    session: { sessionId, bench, technician, machineId, nonce },
  });
}

/** The server key's word for a paired stick, for a year. */
export async function certifyStick(
  serverKey: SigningKey,
  workshop: WorkshopRef,
  publicKey: string,
  now: Date,
): Promise<Envelope> {
  return await vouch(serverKey, 'server', {
    subject: { role: 'stick', publicKey },
    workshop,
    issuedAt: serverClock(now),
    notAfter: new Date(now.getTime() + STICK_DAYS * DAY).toISOString(),
    session: null,
  });
}

export async function signReceipt(
  serverKey: SigningKey,
  receipt: Omit<Receipt, 'schema'>,
): Promise<Envelope> {
  return await seal(RECEIPT_TYPE, { schema: 'rebond.receipt/1', ...receipt }, serverKey);
}

/** The server's word that these lines of a journal are on its disk. */
export async function signJournalReceipt(
  serverKey: SigningKey,
  receipt: Omit<JournalReceipt, 'schema'>,
): Promise<Envelope> {
  return await seal(JOURNAL_RECEIPT_TYPE, { schema: 'rebond.journal-receipt/1', ...receipt }, serverKey);
}

/** The server's offer of an image to the sticks of its workshop. */
export async function signImageOffer(
  serverKey: SigningKey,
  offer: Omit<ImageOffer, 'schema'>,
): Promise<Envelope> {
  return await seal(IMAGE_OFFER_TYPE, { schema: 'rebond.image-offer/1', ...offer }, serverKey);
}

/** The server's word that a lead's code was used up for a shell. */
export async function signShellGrant(
  serverKey: SigningKey,
  grant: Omit<ShellGrant, 'schema'>,
): Promise<Envelope> {
  return await seal(SHELL_GRANT_TYPE, { schema: 'rebond.shell-grant/1', ...grant }, serverKey);
}

async function vouch(
  key: SigningKey,
  role: 'workshop' | 'server',
  what: Omit<KeyCertificate, 'schema' | 'issuer'>,
): Promise<Envelope> {
  const certificate: KeyCertificate = {
    schema: 'rebond.key-certificate/1',
    issuer: { role, publicKey: key.publicKey },
    ...what,
  };
  return await seal(KEY_CERTIFICATE_TYPE, certificate, key);
}
