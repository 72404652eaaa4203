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
import { checkIssuer, type Standing } from '../sessions/standing.ts';

/** A record that this server believes, and the exact bytes it came in. */
export type Accepted = {
  bytes: Uint8Array;
  digest: string;
  record: MachineRecord;
  chain: Chain;
  /** False where a lead must look first: the protocol's `WholeRecord` says when. */
  confirmed: boolean;
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
  await checkIssuer(record.sessionId, chain, standing);
  return { bytes, digest: await sha256Hex(bytes), record, chain, confirmed };
}
