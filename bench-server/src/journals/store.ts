import { type Applied, groupCommits } from '../db/groups.ts';
import type { Db, JournalRow } from '../db/schema.ts';
import { ServerError } from '../refusals.ts';
import type { AcceptedPart } from './accept.ts';
import { hexOf, journalDigests } from './digests.ts';
import { appendPart, findJournal, heldLines } from './queries.ts';

/** What is held of a journal, once it is on the disk. */
export type Held = { lines: number; sha256: string };

const MOST_BYTES = 64 * 1024 * 1024;

/**
 * Keeps parts of journals: only ever appended to, and answered after COMMIT. The same lines again change nothing;
 * other lines in their place, or lines that leave a gap, are refused.
 */
export function journalStore(db: Db): (accepted: AcceptedPart, now: Date) => Promise<Held> {
  const digests = journalDigests();
  type Done = Held & { remember: () => void };

  async function apply(step: Db, { accepted, at }: Task): Promise<Applied<Done>> {
    const { sessionId, from, lines } = accepted.part;
    const held = await findJournal(step, sessionId);
    const refused = await objection(step, accepted, held);
    if (refused) return { refused };
    const fresh = lines.slice((held?.lines ?? 0) - from);
    if (held && fresh.length === 0) {
      return { done: { lines: held.lines, sha256: held.sha256, remember: () => {} } };
    }
    const state = await digests.extended(sessionId, held?.lines ?? 0, fresh, () =>
      heldLines(step, sessionId, 0),
    );
    const row = grown(held, accepted, { lines: state.lines, sha256: hexOf(state) }, at);
    await appendPart(step, row, accepted.bytes);
    const remember = (): void => digests.keep(sessionId, state);
    return { done: { lines: row.lines, sha256: row.sha256, remember } };
  }

  const store = groupCommits(db, apply);
  return async (accepted, now) => {
    const { lines, sha256, remember } = await store({ accepted, at: now.toISOString() });
    remember();
    return { lines, sha256 };
  };
}

type Task = { accepted: AcceptedPart; at: string };

/** Why a part cannot be put behind what is held; null when it can. */
async function objection(
  db: Db,
  { part, publicKey, bytes }: AcceptedPart,
  held: JournalRow | null,
): Promise<ServerError | null> {
  const { sessionId, from, lines } = part;
  if (held && (held.publicKey !== publicKey || held.machineId !== part.machineId)) {
    return new ServerError('session-conflict', sessionId);
  }
  const known = held?.lines ?? 0;
  if (from > known) return new ServerError('journal-gap', `${from} > ${known}`);
  if (from < known && (await differs(db, sessionId, from, lines))) {
    return new ServerError('journal-conflict', `from ${from}`);
  }
  if (from + lines.length > known && (held?.size ?? 0) + bytes.length > MOST_BYTES) {
    return new ServerError('journal-full', sessionId);
  }
  return null;
}

async function differs(db: Db, sessionId: string, from: number, lines: readonly string[]): Promise<boolean> {
  let index = 0;
  for await (const piece of heldLines(db, sessionId, from)) {
    for (const line of piece) {
      if (index === lines.length) return false;
      if (lines[index++] !== line) return true;
    }
  }
  return false;
}

function grown(
  held: JournalRow | null,
  { part, publicKey, bytes }: AcceptedPart,
  now: Held,
  at: string,
): JournalRow {
  return {
    sessionId: part.sessionId,
    publicKey,
    machineId: part.machineId,
    ...now,
    size: (held?.size ?? 0) + bytes.length,
    startedAt: held?.startedAt ?? at,
    lastAt: at,
  };
}
