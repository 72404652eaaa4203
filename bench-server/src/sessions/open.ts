import {
  checkSignature,
  type Envelope,
  envelopeBytes,
  openAs,
  ProtocolError,
  SESSION_REQUEST_TYPE,
  type SessionRequest,
  type SigningKey,
  visible,
} from '@rebond/protocol';
import type { Codes } from '../auth/codes.ts';
import type { Db } from '../db/schema.ts';
import { certifySession } from '../keys/certify.ts';
import { ServerError } from '../refusals.ts';
import type { Workshop } from '../workshops/open.ts';
import { saveSession } from './queries.ts';

/**
 * Certifies a laptop's session key for the person whose code was typed on it.
 * @throws ProtocolError, ServerError bad-code, session-conflict
 */
export async function openSession(
  db: Db,
  codes: Codes,
  serverKey: SigningKey,
  workshop: Workshop,
  asked: { request: Envelope; code: string },
  now: Date,
): Promise<{ chain: Envelope[] }> {
  const { envelope, payload } = openAs(SESSION_REQUEST_TYPE, asked.request);
  await checkSignature(envelope, payload.publicKey);
  if (payload.audience !== null && payload.audience !== workshop.ref.id) {
    throw new ProtocolError('wrong-audience', payload.audience);
  }
  const certificate = await db.transaction().execute(async (step) => {
    const signIn = await codes.redeem('bench', asked.code, step);
    if (!signIn) throw new ServerError('bad-code');
    const { id, name } = signIn.person;
    const request = { ...payload, bench: payload.bench || signIn.bench };
    const made = await certifySession(serverKey, workshop.ref, request, { id, name }, now);
    await saveSession(step, row(request, id, made, now));
    return made;
  });
  return { chain: [certificate, ...workshop.serverChain] };
}

function row(request: SessionRequest, technicianId: string, certificate: Envelope, now: Date) {
  const { sessionId, publicKey, machineId, bench } = request;
  return {
    sessionId,
    publicKey,
    machineId,
    technicianId,
    bench: visible(bench),
    issuedAt: now.toISOString(),
    notAfter: new Date(now.getTime() + 24 * 3_600_000).toISOString(),
    certificate: envelopeBytes(certificate),
  };
}
