import { type Chain, checkChain, checkSignature, type Envelope, ProtocolError } from '@rebond/protocol';
import { ServerError } from '../refusals.ts';

/** What believing a session asks about this server: who it is and whom it vouched for. */
export type Standing = {
  workshopId: string;
  anchor: string;
  serverKey: string;
  sessionKnown(sessionId: string, publicKey: string): Promise<boolean>;
  stick(publicKey: string): Promise<'paired' | 'revoked' | 'unknown'>;
};

/** What every document that a session signs says of itself. */
export type Speaker = {
  audience: string;
  sessionId: string;
  machineId: string;
  chain: readonly Envelope[];
};

/**
 * Checks that a document was signed by the session and for the machine that it names, and that this workshop's server
 * or one of its sticks vouches for them: the rules that records are judged by.
 * @throws ProtocolError, ServerError unknown-session, unknown-stick, revoked-stick
 */
export async function checkSpeaker(envelope: Envelope, speaker: Speaker, standing: Standing): Promise<Chain> {
  const chain = await checkChain(speaker.chain);
  const { leaf } = chain;
  await checkSignature(envelope, leaf.subject.publicKey);
  if (leaf.subject.role !== 'session' || !leaf.session)
    throw new ProtocolError('wrong-key', leaf.subject.role);
  const ours = leaf.workshop.id === speaker.audience && speaker.audience === standing.workshopId;
  if (!ours) throw new ProtocolError('wrong-audience', speaker.audience);
  if (chain.anchor !== standing.anchor) throw new ProtocolError('unknown-key', chain.anchor);
  if (leaf.session.sessionId !== speaker.sessionId) throw new ProtocolError('wrong-session', 'sessionId');
  if (leaf.session.machineId !== speaker.machineId) throw new ProtocolError('wrong-session', 'machineId');
  await checkIssuer(speaker.sessionId, chain, standing);
  return chain;
}

/** @throws ProtocolError unknown-key, ServerError unknown-session, unknown-stick, revoked-stick */
export async function checkIssuer(sessionId: string, { leaf }: Chain, standing: Standing): Promise<void> {
  const { role, publicKey } = leaf.issuer;
  if (role === 'stick') {
    const state = await standing.stick(publicKey);
    if (state === 'unknown') throw new ServerError('unknown-stick', publicKey);
    if (state === 'revoked') throw new ServerError('revoked-stick', publicKey);
    return;
  }
  if (publicKey !== standing.serverKey) throw new ProtocolError('unknown-key', publicKey);
  if (!(await standing.sessionKnown(sessionId, leaf.subject.publicKey))) {
    throw new ServerError('unknown-session', sessionId);
  }
}

/**
 * For what a session asks now: its day is judged by this server's clock, if this server gave it. A stick's clock may
 * say 2009, so its word has no such end.
 * @throws ProtocolError key-expired
 */
export function checkStillOpen({ leaf, offline }: Chain, now: Date): void {
  if (!offline && now.toISOString() > leaf.notAfter) throw new ProtocolError('key-expired');
}
