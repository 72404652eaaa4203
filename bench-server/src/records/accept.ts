import {
  checkRecord,
  type Chain,
  isOpened,
  openBytes,
  ProtocolError,
  RECORD_TYPE,
  sha256Hex,
  type MachineRecord,
} from '@rebond/protocol';
import { ServerError } from '../refusals.ts';

/** A record that this server believes, and the exact bytes it came in. */
export type Accepted = {
  bytes: Uint8Array;
  digest: string;
  record: MachineRecord;
  chain: Chain;
  /** False where a lead must look first: the protocol's `WholeRecord` says when. */
  confirmed: boolean;
};

/** What accepting asks about this server: who it is and whom it vouched for. */
export type Standing = {
  workshopId: string;
  anchor: string;
  serverKey: string;
  sessionKnown(sessionId: string, publicKey: string): Promise<boolean>;
  stick(publicKey: string): Promise<'paired' | 'revoked' | 'unknown'>;
};

/**
 * Verifies a submitted record: whole by the protocol's laws, for this workshop, by a key that this server knows.
 * @throws ProtocolError, ServerError unknown-session, unknown-stick, revoked-stick
 */
export async function acceptRecord(bytes: Uint8Array, standing: Standing): Promise<Accepted> {
  const opened = openBytes(bytes);
  if (!isOpened(opened, RECORD_TYPE)) throw new ProtocolError('unknown-type', opened.type);
  const { record, chain, confirmed } = await checkRecord(opened);
  if (record.audience !== standing.workshopId) throw new ProtocolError('wrong-audience', record.audience);
  if (chain.anchor !== standing.anchor) throw new ProtocolError('unknown-key', chain.anchor);
  await checkIssuer(record, chain, standing);
  return { bytes, digest: await sha256Hex(bytes), record, chain, confirmed };
}

async function checkIssuer(record: MachineRecord, { leaf }: Chain, standing: Standing): Promise<void> {
  const { role, publicKey } = leaf.issuer;
  if (role === 'stick') {
    const state = await standing.stick(publicKey);
    if (state === 'unknown') throw new ServerError('unknown-stick', publicKey);
    if (state === 'revoked') throw new ServerError('revoked-stick', publicKey);
    return;
  }
  if (publicKey !== standing.serverKey) throw new ProtocolError('unknown-key', publicKey);
  if (!(await standing.sessionKnown(record.sessionId, leaf.subject.publicKey))) {
    throw new ServerError('unknown-session', record.sessionId);
  }
}
