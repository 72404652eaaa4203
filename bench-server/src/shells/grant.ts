import {
  type Envelope,
  envelopeBytes,
  openAs,
  type PersonRef,
  SHELL_REQUEST_TYPE,
  type SigningKey,
} from '@rebond/protocol';
import type { Codes } from '../auth/codes.ts';
import type { Db } from '../db/schema.ts';
import { serverClock, signShellGrant } from '../keys/certify.ts';
import { ServerError } from '../refusals.ts';
import { checkSpeaker, checkStillOpen, type Standing } from '../sessions/standing.ts';
import { saveOpening } from './queries.ts';

/**
 * Uses a lead's code up for one shell on the laptop that asks, and writes the opening down: both or neither.
 * @throws ProtocolError, ServerError bad-code and those of `checkSpeaker`
 */
export async function grantShell(
  db: Db,
  codes: Codes,
  serverKey: SigningKey,
  standing: Standing,
  asked: { request: Envelope; code: string; address: string },
  now: Date,
): Promise<{ grant: Envelope; lead: PersonRef; machineId: string }> {
  const { envelope, payload } = openAs(SHELL_REQUEST_TYPE, asked.request);
  const chain = await checkSpeaker(envelope, payload, standing);
  checkStillOpen(chain, now);
  const { audience, sessionId, machineId, nonce } = payload;
  const grantedAt = serverClock(now);
  return await db.transaction().execute(async (step) => {
    const made = await codes.redeem('shell', asked.code, step);
    if (made?.person.role !== 'admin') throw new ServerError('bad-code');
    const lead = { id: made.person.id, name: made.person.name };
    const grant = await signShellGrant(serverKey, { audience, sessionId, nonce, lead, grantedAt });
    const opening = {
      sessionId,
      machineId,
      nonce,
      bench: chain.leaf.session?.bench ?? '',
      leadId: lead.id,
      address: asked.address,
      grantedAt: grantedAt.wall,
      request: envelopeBytes(envelope),
    };
    await saveOpening(step, opening);
    return { grant, lead, machineId };
  });
}
