import {
  type Clock,
  type Envelope,
  generateSessionKey,
  KEY_CERTIFICATE_TYPE,
  type KeyCertificate,
  seal,
  SESSION_REQUEST_TYPE,
  type SigningKey,
} from '@rebond/protocol';

export const AT: Clock = { wall: '2026-11-20T09:30:00.000Z', timeSource: 'ntp' };

/** A laptop of the tests: its key, its session, and the chain that vouches for it. */
export type Laptop = {
  key: SigningKey;
  sessionId: string;
  machineId: string;
  audience: string;
  chain: Envelope[];
};

export function newNonce(): string {
  return crypto.getRandomValues(new Uint8Array(16)).toBase64({ alphabet: 'base64url', omitPadding: true });
}

/** A session request signed by the session key itself. */
export async function sessionRequest(
  key: SigningKey,
  about: {
    sessionId: string;
    machineId: string;
    bench?: string;
    audience?: string | null;
    publicKey?: string;
  },
): Promise<Envelope> {
  return await seal(
    SESSION_REQUEST_TYPE,
    {
      schema: 'rebond.session-request/1',
      audience: about.audience ?? null,
      publicKey: about.publicKey ?? key.publicKey,
      sessionId: about.sessionId,
      bench: about.bench ?? 'Table 1',
      machineId: about.machineId,
      nonce: newNonce(),
    },
    key,
  );
}

/** Opens a session on a running server with a bench code. */
export async function openLaptop(url: string, code: string, machineId = newMachineId()): Promise<Laptop> {
  const key = await generateSessionKey();
  const sessionId = crypto.randomUUID();
  const request = await sessionRequest(key, { sessionId, machineId });
  const response = await fetch(`${url}/api/sessions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ request, signIn: { code } }),
  });
  if (response.status !== 201)
    throw new Error(`session refused: ${response.status} ${await response.text()}`);
  const { chain, workshop } = (await response.json()) as { chain: Envelope[]; workshop: { id: string } };
  return { key, sessionId, machineId, audience: workshop.id, chain };
}

/** A certificate of one key for another, with nothing checked: tests make unlawful ones too. */
export async function keyCertificate(
  issuer: { role: KeyCertificate['issuer']['role']; key: SigningKey },
  subject: KeyCertificate['subject'],
  workshopId: string,
  session: KeyCertificate['session'] = null,
): Promise<Envelope> {
  const notAfter = '2036-01-01T00:00:00.000Z';
  const certificate: KeyCertificate = {
    schema: 'rebond.key-certificate/1',
    issuer: { role: issuer.role, publicKey: issuer.key.publicKey },
    subject,
    workshop: { id: workshopId, name: 'Atelier' },
    issuedAt: AT,
    notAfter,
    session,
  };
  return await seal(KEY_CERTIFICATE_TYPE, certificate, issuer.key);
}

/** A laptop without network: its stick vouches for it. */
export async function offlineLaptop(
  stick: SigningKey,
  stickChain: Envelope[],
  audience: string,
): Promise<Laptop> {
  const key = await generateSessionKey();
  const [sessionId, machineId] = [crypto.randomUUID() as string, newMachineId()];
  const session = { sessionId, bench: 'Table 2', technician: null, machineId, nonce: newNonce() };
  const subject = { role: 'session', publicKey: key.publicKey } as const;
  const leaf = await keyCertificate({ role: 'stick', key: stick }, subject, audience, session);
  return { key, sessionId, machineId, audience, chain: [leaf, ...stickChain] };
}

export function newMachineId(): string {
  return `m-${crypto.randomUUID().slice(0, 18)}`;
}
