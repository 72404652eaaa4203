import { Envelope, envelopeBytes, JOURNAL_PART_TYPE, JOURNAL_RECEIPT_TYPE, seal } from '@rebond/protocol';
import { z } from 'zod';
import type { Server } from '../effects/network.ts';
import { jsonOf, refusalIn } from './answers.ts';
import type { Credentials, Scope } from './credentials.ts';
import { openServerWord } from './server-word.ts';

export type Where = { server: Server; credentials: Credentials; scope: Scope };

/** What the server said of a journal: how many lines it holds, that some before these are missing, no, or nothing. */
export type Said = { kind: 'holds'; lines: number } | { kind: 'gap' | 'silent' | 'refuses' };

const MOST_LINES = 64;
/** Base64 makes a part a third longer, and its envelope may have 2 MiB. */
const MOST_BYTES = 1024 * 1024;

/** The next lines to send from `from` on: as many as one part holds, and at least one. */
export function batchOf(lines: readonly string[], from: number): string[] {
  let bytes = 0;
  const batch: string[] = [];
  for (const line of lines.slice(from, from + MOST_LINES)) {
    bytes += Buffer.byteLength(JSON.stringify(line));
    if (batch.length > 0 && bytes > MOST_BYTES) break;
    batch.push(line);
  }
  return batch;
}

const Acknowledgement = z.object({ receipt: Envelope, chain: z.array(Envelope).min(1).max(4) });
/** Refusals of these very lines. Any other answer is a passing state of the server. */
const REFUSING = [400, 401, 403, 409, 413, 422];

/** Sends the next lines, and says what the server holds afterwards. Never rejects. */
export async function sendPart(
  where: Where,
  lines: readonly string[],
  digests: readonly string[],
  from: number,
): Promise<Said> {
  let body: Uint8Array;
  try {
    body = await sealedPart(where, batchOf(lines, from), from);
  } catch {
    return { kind: 'refuses' }; // a line too long for any part: no server can hold it
  }
  const answer = await where.server.post('/api/journals', body);
  if (answer.kind === 'unreachable') return { kind: 'silent' };
  if (answer.status === 200) return await believed(where, jsonOf(answer), digests, from);
  const reason = refusalIn(answer);
  if (reason?.code === 'journal-gap' && from > 0) return { kind: 'gap' };
  return { kind: reason && REFUSING.includes(answer.status) ? 'refuses' : 'silent' };
}

async function sealedPart({ credentials, scope }: Where, lines: string[], from: number): Promise<Uint8Array> {
  const { sessionId, machineId } = scope;
  const part = {
    schema: 'rebond.journal-part/1' as const,
    audience: credentials.workshop.id,
    ...{ sessionId, machineId, from, lines },
    chain: credentials.chain,
  };
  return envelopeBytes(await seal(JOURNAL_PART_TYPE, part, credentials.key));
}

/** A receipt counts only for this session's lines as they are here, and only for more than was asked to follow. */
async function believed(
  { credentials, scope }: Where,
  body: unknown,
  digests: readonly string[],
  from: number,
): Promise<Said> {
  const answer = Acknowledgement.safeParse(body);
  if (!answer.success) return { kind: 'silent' };
  try {
    const said = { envelope: answer.data.receipt, chain: answer.data.chain };
    const trust = { anchor: credentials.anchor, workshopId: credentials.workshop.id };
    const receipt = await openServerWord(JOURNAL_RECEIPT_TYPE, said, trust);
    const mine = receipt.sessionId === scope.sessionId && receipt.sha256 === digests[receipt.lines - 1];
    return mine && receipt.lines > from ? { kind: 'holds', lines: receipt.lines } : { kind: 'silent' };
  } catch {
    return { kind: 'silent' }; // not signed by the workshop's server: as good as no answer
  }
}
