import {
  checkChain,
  checkSignature,
  type Envelope,
  type IMAGE_OFFER_TYPE,
  type JOURNAL_RECEIPT_TYPE,
  openAs,
  type Payload,
  ProtocolError,
  type RECEIPT_TYPE,
  type SHELL_GRANT_TYPE,
} from '@rebond/protocol';

/** What a server signs with its key. */
type ServerWord =
  | typeof RECEIPT_TYPE
  | typeof JOURNAL_RECEIPT_TYPE
  | typeof IMAGE_OFFER_TYPE
  | typeof SHELL_GRANT_TYPE;

/** The workshop that is believed: its key and its name. */
export type Trust = { anchor: string; workshopId: string };

/**
 * Opens what a server says: believed only when a server key of the trusted workshop signed it, for that workshop.
 * @param said the document, and the chain of the key that signed it
 * @throws ProtocolError
 */
export async function openServerWord<T extends ServerWord>(
  type: T,
  said: { envelope: Envelope; chain: Envelope[] },
  trust: Trust,
): Promise<Payload<T>> {
  const { leaf, anchor } = await checkChain(said.chain);
  if (anchor !== trust.anchor) throw new ProtocolError('unknown-key');
  if (leaf.subject.role !== 'server') throw new ProtocolError('wrong-key', leaf.subject.role);
  await checkSignature(said.envelope, leaf.subject.publicKey);
  const { payload } = openAs(type, said.envelope);
  if (leaf.workshop.id !== trust.workshopId || payload.audience !== trust.workshopId) {
    throw new ProtocolError('wrong-audience', payload.audience);
  }
  return payload;
}
