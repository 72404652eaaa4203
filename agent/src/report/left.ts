import {
  checkChain,
  checkSignature,
  Envelope,
  JOURNAL_PART_TYPE,
  type JournalPart,
  LEFT_JOURNALS_REQUEST_TYPE,
  openAs,
  envelopeBytes,
  type Reason,
  seal,
  Uuid,
} from '@rebond/protocol';
import { z } from 'zod';
import type { Server } from '../effects/network.ts';
import { soundLines } from '../parse/journal.ts';
import { jsonOf, refusalIn } from './answers.ts';
import { type Credentials, newNonce, type Scope } from './credentials.ts';
import type { JournalRest } from './journal.ts';

/** `rests` is empty unless the server answered. `doubted`: how many of its journals held a part that is not believed. */
export type LeftOnServer =
  | { kind: 'answered'; rests: JournalRest[]; doubted: number; open: string[] }
  | { kind: 'refused'; reason: Reason; rests: [] }
  | { kind: 'unreachable'; detail: string; rests: [] };

const MOST_ASKED = 64;
const MOST_BYTES = 32 * 1024 * 1024;
const LeftAnswer = z.object({
  journals: z.array(z.object({ sessionId: Uuid, parts: z.array(Envelope).max(100_000) })).max(1000),
  open: z.array(Uuid).max(1000),
});

/**
 * Journals of this machine's cut-off sessions of which the server has no record: the stick may be another one today.
 * @param onStick sessions whose journal this stick has; `open` names those of them that the server has no record of
 */
export async function leftOnServer(
  server: Server,
  credentials: Credentials,
  scope: Scope,
  onStick: readonly string[] = [],
): Promise<LeftOnServer> {
  const request = {
    schema: 'rebond.left-journals-request/1' as const,
    audience: credentials.workshop.id,
    ...{ sessionId: scope.sessionId, machineId: scope.machineId, nonce: newNonce() },
    onStick: onStick.slice(0, MOST_ASKED),
    chain: credentials.chain,
  };
  const sealed = envelopeBytes(await seal(LEFT_JOURNALS_REQUEST_TYPE, request, credentials.key));
  const answer = await server.post('/api/journals/left', sealed, MOST_BYTES);
  if (answer.kind === 'unreachable') return { ...answer, rests: [] };
  const left = LeftAnswer.safeParse(jsonOf(answer));
  if (answer.status === 200 && left.success) {
    const others = left.data.journals.filter(({ sessionId }) => sessionId !== scope.sessionId);
    const { open } = left.data;
    return { kind: 'answered', open, ...(await soundRests(others, credentials, scope)) };
  }
  const reason = refusalIn(answer);
  return reason
    ? { kind: 'refused', reason, rests: [] }
    : { kind: 'unreachable', detail: `HTTP ${answer.status}`, rests: [] };
}

async function soundRests(
  journals: { sessionId: string; parts: Envelope[] }[],
  credentials: Credentials,
  scope: Scope,
): Promise<{ rests: JournalRest[]; doubted: number }> {
  const rests: JournalRest[] = [];
  let doubted = 0;
  for (const { sessionId, parts } of journals) {
    const believed: JournalPart[] = [];
    for (const part of parts) {
      const opened = await believedPart(part, sessionId, credentials, scope.machineId);
      if (opened) believed.push(opened);
    }
    if (believed.length < parts.length) doubted += 1;
    const text = linesOf(believed)
      .map((line) => `${line}\n`)
      .join('');
    const sound = soundLines(new TextEncoder().encode(text));
    if (sound.events.length > 0) rests.push({ sessionId, ...sound });
  }
  return { rests, doubted };
}

/** The server only carries these lines: the key of that very session signed them, on this machine, for this workshop. */
async function believedPart(
  envelope: Envelope,
  sessionId: string,
  { anchor, workshop }: Credentials,
  machineId: string,
): Promise<JournalPart | null> {
  try {
    const { payload } = openAs(JOURNAL_PART_TYPE, envelope);
    const chain = await checkChain(payload.chain);
    const { session, subject } = chain.leaf;
    const about =
      chain.anchor === anchor &&
      chain.leaf.workshop.id === workshop.id &&
      payload.audience === workshop.id &&
      subject.role === 'session' &&
      payload.sessionId === sessionId &&
      session?.sessionId === sessionId &&
      payload.machineId === machineId &&
      session.machineId === machineId;
    if (!about) return null;
    await checkSignature(envelope, subject.publicKey);
    return payload;
  } catch {
    return null; // nonsense, or altered on its way: counted by the caller
  }
}

/** Lines in order from the first; it stops at a gap, and where two parts say different things of one line. */
export function linesOf(parts: readonly Pick<JournalPart, 'from' | 'lines'>[]): string[] {
  const lines: string[] = [];
  for (const part of parts.toSorted((a, b) => a.from - b.from)) {
    if (part.from > lines.length) break;
    const overlap = lines.slice(part.from, part.from + part.lines.length);
    if (overlap.some((line, index) => line !== part.lines[index])) break;
    lines.push(...part.lines.slice(overlap.length));
  }
  return lines;
}

/** What stick and server hold of the same sessions: of each the longer sound one, of equals the stick's. */
export function mergeRests(stick: readonly JournalRest[], server: readonly JournalRest[]): JournalRest[] {
  const merged = new Map<string, JournalRest>();
  for (const rest of [...stick, ...server]) {
    const other = merged.get(rest.sessionId);
    if (!other || rest.events.length > other.events.length) merged.set(rest.sessionId, rest);
  }
  return [...merged.values()];
}
