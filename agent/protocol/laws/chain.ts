import type { Envelope, KeyCertificate, Role } from '../words/keys.ts';
import { ProtocolError } from './errors.ts';
import { checkSignature, KEY_CERTIFICATE_TYPE, openAs } from './envelope.ts';

/** Who may vouch for whom. A pair that is not here is refused. */
const MAY_VOUCH: Record<Role, readonly Role[]> = {
  workshop: ['server'],
  server: ['session', 'stick'],
  stick: ['session'],
  session: [],
};

export type Chain = {
  /** The certificate of the key that signed the document. */
  leaf: KeyCertificate;
  /** The public key at the top, of the workshop. Nothing says yet that it is to be believed. */
  anchor: string;
  /** True when no server saw the technician sign in: the stick key vouched for the session. */
  offline: boolean;
};

/**
 * Checks that each key of a chain is vouched for by the next, up to a workshop key, all for one workshop.
 * @param chain the leaf's certificate first
 * @throws ProtocolError chain-broken, wrong-key, bad-signature, wrong-audience, and the codes of opening
 */
export async function checkChain(chain: readonly Envelope[]): Promise<Chain> {
  const certificates = chain.map((envelope) => openAs(KEY_CERTIFICATE_TYPE, envelope).payload);
  const [leaf] = certificates;
  if (!leaf) throw new ProtocolError('chain-broken', 'empty');
  for (const [index, certificate] of certificates.entries()) {
    const { issuer, subject, workshop } = certificate;
    if (!MAY_VOUCH[issuer.role].includes(subject.role)) {
      throw new ProtocolError('chain-broken', `${issuer.role} → ${subject.role}`);
    }
    if (workshop.id !== leaf.workshop.id) throw new ProtocolError('wrong-audience', workshop.id);
    const above = certificates[index + 1];
    if (above && (above.subject.publicKey !== issuer.publicKey || above.subject.role !== issuer.role)) {
      throw new ProtocolError('chain-broken', `link ${index}`);
    }
    const envelope = chain[index];
    if (envelope) await checkSignature(envelope, issuer.publicKey);
  }
  const top = certificates.at(-1);
  if (top?.issuer.role !== 'workshop') throw new ProtocolError('chain-broken', 'no workshop key at its end');
  return {
    leaf,
    anchor: top.issuer.publicKey,
    offline: certificates.some(({ issuer }) => issuer.role === 'stick'),
  };
}
