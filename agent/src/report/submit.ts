import {
  checkChain,
  checkSignature,
  Envelope,
  type MachineRecord,
  openAs,
  KEY_CERTIFICATE_TYPE,
  RECEIPT_TYPE,
  Reason,
} from '@rebond/protocol';
import { z } from 'zod';
import type { Server } from '../effects/network.ts';
import { listSpool, type Spool, type Spooled } from './spool.ts';

/** What became of one record of the spool. */
export type Sent =
  | { kind: 'acknowledged'; digest: string; confirmed: boolean }
  /** Stays in the spool and is tried again. */
  | { kind: 'kept'; digest: string; why: string }
  /** The server read it and will not have it. It stays, for a refusal is not signed and may be mended (a restored copy). */
  | { kind: 'refused'; digest: string; reason: Reason }
  | { kind: 'damaged'; name: string };

const Acknowledgement = z.object({ receipt: Envelope, chain: z.array(Envelope).min(1).max(4) });
const RefusedAnswer = z.object({ error: Reason });
/** Refusals of this very record, said as such. Any other answer is a passing state of the server. */
const REFUSING = [400, 409, 413, 422];

/** What the server says of itself; nothing is believed of it but to whom a record is not sent. */
const About = z.object({ workshop: z.object({ id: z.string() }) });

/** Sends all that waits, oldest name first. A record leaves the waiting folder only on a receipt that verifies. */
export async function sendSpool(spool: Spool, server: Server): Promise<Sent[]> {
  const waiting = await listSpool(spool.waiting);
  if (waiting.length === 0) return [];
  const about = await workshopOf(server);
  const results: Sent[] = [];
  for (const spooled of waiting) results.push(await sendOne(spool, server, about, spooled));
  return results;
}

async function workshopOf(server: Server): Promise<{ id: string } | { why: string }> {
  const answer = await server.get('/api/workshop');
  if (answer.kind === 'unreachable') return { why: answer.detail };
  const about = About.safeParse(parseJson(answer.body));
  return about.success ? about.data.workshop : { why: `HTTP ${answer.status}` };
}

async function sendOne(
  spool: Spool,
  server: Server,
  about: Awaited<ReturnType<typeof workshopOf>>,
  spooled: Spooled,
): Promise<Sent> {
  if (spooled.kind === 'damaged') return spooled;
  const { digest, bytes, record } = spooled;
  if ('why' in about) return { kind: 'kept', digest, why: about.why };
  if (about.id !== record.audience)
    return { kind: 'kept', digest, why: `for ${record.audience}, not ${about.id}` };
  const answer = await server.post('/api/records', bytes);
  if (answer.kind === 'unreachable') return { kind: 'kept', digest, why: answer.detail };
  const body = parseJson(answer.body);
  if (answer.status === 200 || answer.status === 201) return await settle(spool, digest, record, body);
  const refusal = RefusedAnswer.safeParse(body);
  return refusal.success && REFUSING.includes(answer.status)
    ? { kind: 'refused', digest, reason: refusal.data.error }
    : { kind: 'kept', digest, why: `HTTP ${answer.status}` };
}

/** Believes an acknowledgement only when a key of the record's own workshop signed it for this very record. */
async function settle(spool: Spool, digest: string, record: MachineRecord, body: unknown): Promise<Sent> {
  const answer = Acknowledgement.safeParse(body);
  if (!answer.success) return { kind: 'kept', digest, why: 'nonsense' };
  try {
    const { receipt, chain } = answer.data;
    const mine = await checkChain(record.chain);
    const theirs = await checkChain(chain);
    if (theirs.anchor !== mine.anchor || theirs.leaf.subject.role !== 'server')
      throw new Error('another workshop');
    await checkSignature(
      receipt,
      openAs(KEY_CERTIFICATE_TYPE, chain[0] ?? receipt).payload.subject.publicKey,
    );
    const { payload } = openAs(RECEIPT_TYPE, receipt);
    if (payload.recordSha256 !== digest || payload.audience !== record.audience)
      throw new Error('another record');
    await spool.sent.write(`${digest}.receipt.json`, new TextEncoder().encode(JSON.stringify(answer.data)));
    await spool.waiting.move(`${digest}.json`, spool.sent);
    return { kind: 'acknowledged', digest, confirmed: payload.confirmed };
  } catch (error) {
    return { kind: 'kept', digest, why: `receipt: ${(error as Error).message}` };
  }
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    return null; // nonsense is answered for by the caller: it fits no schema
  }
}
