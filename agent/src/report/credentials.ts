import {
  checkChain,
  type Clock,
  Envelope,
  importKeptKey,
  KEY_CERTIFICATE_TYPE,
  type KeyCertificate,
  openAs,
  PublicKey,
  type Reason,
  seal,
  SESSION_REQUEST_TYPE,
  type SigningKey,
  type WorkshopRef,
  WorkshopRef as WorkshopShape,
} from '@rebond/protocol';
import { z } from 'zod';
import type { DurableFolder, ReadFolder } from '../effects/durable.ts';
import type { Answer, Server } from '../effects/network.ts';
import { jsonOf, refusalIn } from './answers.ts';

/** What lets a session sign: its own key and the chain that vouches for it. */
export type Credentials = {
  key: SigningKey;
  chain: Envelope[];
  workshop: WorkshopRef;
  anchor: string;
  /** The time that the server signed into the certificate; null when the stick vouched. */
  serverTime: Clock | null;
};

/** What a stick keeps since it was paired. The key is in the clear: whoever has the stick can sign with it (TRUST.md). */
export const StickFile = z.strictObject({
  schema: z.literal('rebond.stick/1'),
  publicKey: PublicKey,
  pkcs8: z.base64().max(200),
  chain: z.array(Envelope).min(2).max(3),
  workshop: WorkshopShape,
  anchor: PublicKey,
  server: z.string().max(256),
  pin: z.string().max(64).nullable(),
});
export type StickFile = z.infer<typeof StickFile>;

export type Scope = { sessionId: string; bench: string; machineId: string };

export type SignIn =
  | { kind: 'vouched'; credentials: Credentials }
  | { kind: 'refused'; reason: Reason }
  | { kind: 'unreachable'; detail: string };

const SessionAnswer = z.object({
  chain: z.array(Envelope).min(2).max(3),
  workshop: WorkshopShape,
  anchor: PublicKey,
});
const STICK_NAME = 'stick.json';
const DAY_MS = 24 * 3600 * 1000;

/** Asks the server to vouch for a session key. The answer is believed only if it is about this key and this session. */
export async function signInAtServer(
  server: Server,
  code: string,
  key: SigningKey,
  scope: Scope,
  stick: StickFile | null,
): Promise<SignIn> {
  const nonce = newNonce();
  const request = await seal(
    SESSION_REQUEST_TYPE,
    {
      schema: 'rebond.session-request/1',
      audience: stick?.workshop.id ?? null,
      publicKey: key.publicKey,
      nonce,
      ...scope,
    },
    key,
  );
  const answer = await server.post('/api/sessions', { request, signIn: { code } });
  if (answer.kind === 'unreachable') return answer;
  const parsed = SessionAnswer.safeParse(jsonOf(answer));
  if (answer.status !== 201 || !parsed.success) return refusalOf(answer);
  const { chain, workshop, anchor } = parsed.data;
  const checked = await checkChain(chain);
  const { leaf } = checked;
  const about =
    leaf.subject.publicKey === key.publicKey &&
    leaf.session?.nonce === nonce &&
    leaf.session.sessionId === scope.sessionId &&
    leaf.session.machineId === scope.machineId &&
    leaf.workshop.id === workshop.id &&
    checked.anchor === anchor &&
    (!stick || stick.anchor === anchor);
  if (!about) return { kind: 'refused', reason: WRONG_SERVER };
  return { kind: 'vouched', credentials: { key, chain, workshop, anchor, serverTime: leaf.issuedAt } };
}

/** Without a server, the paired stick vouches; the record will be unconfirmed until a lead has looked at it. */
export async function vouchByStick(
  stick: StickFile,
  key: SigningKey,
  scope: Scope,
  now: Clock,
): Promise<Credentials> {
  const stickKey = await importKeptKey(Uint8Array.fromBase64(stick.pkcs8), stick.publicKey);
  const certificate: KeyCertificate = {
    schema: 'rebond.key-certificate/1',
    issuer: { role: 'stick', publicKey: stick.publicKey },
    subject: { role: 'session', publicKey: key.publicKey },
    workshop: stick.workshop,
    issuedAt: now,
    notAfter: new Date(Date.parse(now.wall) + DAY_MS).toISOString(),
    session: { ...scope, technician: null, nonce: newNonce() },
  };
  const chain = [await seal(KEY_CERTIFICATE_TYPE, certificate, stickKey), ...stick.chain];
  await checkChain(chain);
  return { key, chain, workshop: stick.workshop, anchor: stick.anchor, serverTime: null };
}

export class StickDamaged extends Error {
  override name = 'StickDamaged';
}

/** @throws StickDamaged */
export async function readStick(home: ReadFolder): Promise<StickFile | null> {
  const bytes = await home.read(STICK_NAME, 64 * 1024);
  if (!bytes) return null;
  try {
    return StickFile.parse(JSON.parse(new TextDecoder().decode(bytes)));
  } catch (cause) {
    throw new StickDamaged('stick.json', { cause });
  }
}

export async function writeStick(home: DurableFolder, stick: StickFile): Promise<void> {
  await home.write(
    STICK_NAME,
    new TextEncoder().encode(`${JSON.stringify(StickFile.parse(stick), null, 2)}\n`),
  );
}

const PairAnswer = z.object({
  chain: z.array(Envelope).min(2).max(3),
  workshop: WorkshopShape,
  anchor: PublicKey,
});

/** Pairs this stick with a workshop: the server vouches for the stick's key. */
export async function pairStick(
  server: Server,
  code: string,
  pin: string | null,
  made: { key: SigningKey; pkcs8: Uint8Array },
): Promise<{ kind: 'paired'; stick: StickFile } | Exclude<SignIn, { kind: 'vouched' }>> {
  const { publicKey } = made.key;
  const answer = await server.post('/api/sticks', { publicKey, code });
  if (answer.kind === 'unreachable') return answer;
  const parsed = PairAnswer.safeParse(jsonOf(answer));
  if (answer.status !== 201 || !parsed.success) return refusalOf(answer);
  const { chain, workshop, anchor } = parsed.data;
  const checked = await checkChain(chain);
  const { subject } = openAs(KEY_CERTIFICATE_TYPE, chain[0] as Envelope).payload;
  if (subject.publicKey !== publicKey || subject.role !== 'stick' || checked.anchor !== anchor) {
    return { kind: 'refused', reason: WRONG_SERVER };
  }
  const pkcs8 = made.pkcs8.toBase64();
  return {
    kind: 'paired',
    stick: {
      schema: 'rebond.stick/1',
      publicKey,
      pkcs8,
      chain,
      workshop,
      anchor,
      server: server.origin,
      pin,
    },
  };
}

const WRONG_SERVER: Reason = {
  code: 'wrong-server',
  fr: 'Le serveur n’a pas répondu pour cette session, ou ce n’est pas celui de l’atelier de cette clé USB.',
  en: 'The server did not answer for this session, or it is not that of the workshop of this stick.',
};

function refusalOf(answer: Extract<Answer, { kind: 'answered' }>): Exclude<SignIn, { kind: 'vouched' }> {
  const reason = refusalIn(answer);
  return reason ? { kind: 'refused', reason } : { kind: 'unreachable', detail: `HTTP ${answer.status}` };
}

export function newNonce(): string {
  return crypto.getRandomValues(new Uint8Array(16)).toBase64({ alphabet: 'base64url', omitPadding: true });
}
