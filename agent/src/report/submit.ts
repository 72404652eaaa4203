import { checkChain, Envelope, type MachineRecord, RECEIPT_TYPE, type Reason } from '@rebond/protocol';
import { z } from 'zod';
import type { Server } from '../effects/network.ts';
import { jsonOf, refusalIn } from './answers.ts';
import { openServerWord } from './server-word.ts';
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
/** Refusals of this very record, said as such. Any other answer is a passing state of the server. */
const REFUSING = [400, 409, 413, 422];

/** What the server says of itself; nothing is believed of it but to whom a record is not sent. */
const About = z.object({ workshop: z.object({ id: z.string() }) });

/** Sends all that waits, oldest name first. A record leaves the waiting folder only on a receipt that verifies. */
export async function sendSpool(spool: Spool, server: Server): Promise<Sent[]> {
  return await sendSpooled(await listSpool(spool.waiting), [spool], server);
}

/** Sends these records; one that is acknowledged leaves the waiting folder of each place. */
export async function sendSpooled(
  waiting: Spooled[],
  places: readonly Spool[],
  server: Server,
): Promise<Sent[]> {
  if (waiting.length === 0) return [];
  const about = await workshopOf(server);
  const results: Sent[] = [];
  for (const spooled of waiting) results.push(await sendOne(places, server, about, spooled));
  return results;
}

async function workshopOf(server: Server): Promise<{ id: string } | { why: string }> {
  const answer = await server.get('/api/workshop');
  if (answer.kind === 'unreachable') return { why: answer.detail };
  const about = About.safeParse(jsonOf(answer));
  return about.success ? about.data.workshop : { why: `HTTP ${answer.status}` };
}

async function sendOne(
  places: readonly Spool[],
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
  if (answer.status === 200 || answer.status === 201)
    return await settle(places, { digest, bytes }, record, jsonOf(answer));
  const reason = refusalIn(answer);
  return reason && REFUSING.includes(answer.status)
    ? { kind: 'refused', digest, reason }
    : { kind: 'kept', digest, why: `HTTP ${answer.status}` };
}

/** Believes an acknowledgement only when a key of the record's own workshop signed it for this very record. */
async function settle(
  places: readonly Spool[],
  { digest, bytes }: { digest: string; bytes: Uint8Array },
  record: MachineRecord,
  body: unknown,
): Promise<Sent> {
  const answer = Acknowledgement.safeParse(body);
  if (!answer.success) return { kind: 'kept', digest, why: 'nonsense' };
  let confirmed: boolean;
  try {
    const { anchor } = await checkChain(record.chain);
    const said = { envelope: answer.data.receipt, chain: answer.data.chain };
    const receipt = await openServerWord(RECEIPT_TYPE, said, { anchor, workshopId: record.audience });
    if (receipt.recordSha256 !== digest) throw new Error('another record');
    ({ confirmed } = receipt);
  } catch (error) {
    return { kind: 'kept', digest, why: `receipt: ${(error as Error).message}` };
  }
  const receipt = new TextEncoder().encode(JSON.stringify(answer.data));
  for (const place of places) await fileAsSent(place, { digest, bytes, receipt });
  return { kind: 'acknowledged', digest, confirmed };
}

/** The copy under `sent/` is on the disk before the waiting one goes: a cut at any moment leaves one of them. */
async function fileAsSent(
  { waiting, sent }: Spool,
  { digest, bytes, receipt }: { digest: string; bytes: Uint8Array; receipt: Uint8Array },
): Promise<void> {
  const name = `${digest}.json`;
  try {
    if (!(await waiting.names()).includes(name)) return;
    await sent.put(name, bytes);
    await sent.put(`${digest}.receipt.json`, receipt);
    await waiting.remove(name);
  } catch {
    // A stick that no longer accepts writes: the record still waits there, and the next start sends it again.
  }
}
