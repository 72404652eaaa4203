import {
  isOpened,
  JOURNAL_PART_TYPE,
  type JournalPart,
  LEFT_JOURNALS_REQUEST_TYPE,
  type LeftJournalsRequest,
  openBytes,
  ProtocolError,
} from '@rebond/protocol';
import { checkSpeaker, checkStillOpen, type Standing } from '../sessions/standing.ts';

/** A part of a journal that this server believes, with the exact bytes it came in. */
export type AcceptedPart = { bytes: Uint8Array; part: JournalPart; publicKey: string };

/**
 * Verifies a part by the rules that records are judged by. A stick may have vouched for the session, and it may be
 * over: what it wrote down is worth keeping all the same.
 * @throws ProtocolError, ServerError
 */
export async function acceptPart(bytes: Uint8Array, standing: Standing): Promise<AcceptedPart> {
  const opened = openBytes(bytes);
  if (!isOpened(opened, JOURNAL_PART_TYPE)) throw new ProtocolError('unknown-type', opened.type);
  const { envelope, payload: part } = opened;
  const { leaf } = await checkSpeaker(envelope, part, standing);
  // A line feed within a line would give two journals one digest.
  const broken = part.lines.findIndex((line) => line.includes('\n'));
  if (broken !== -1) throw new ProtocolError('wrong-shape', `lines.${broken}`);
  return { bytes, part, publicKey: leaf.subject.publicKey };
}

/** @throws ProtocolError, ServerError */
export async function acceptLeftRequest(
  bytes: Uint8Array,
  standing: Standing,
  now: Date,
): Promise<LeftJournalsRequest> {
  const opened = openBytes(bytes);
  if (!isOpened(opened, LEFT_JOURNALS_REQUEST_TYPE)) throw new ProtocolError('unknown-type', opened.type);
  checkStillOpen(await checkSpeaker(opened.envelope, opened.payload, standing), now);
  return opened.payload;
}
