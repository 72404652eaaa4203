import { createHash } from 'node:crypto';
import {
  Bytes,
  Clock,
  DriveCapabilities,
  DriveIdentity,
  Evidence,
  Inventory,
  MachineRef,
  Mode,
  part,
  SanitizePlan,
  Sha256,
  Uuid,
} from '@rebond/protocol';
import { z } from 'zod';

/** An overwrite that was cut off, with all that is needed to go on with it on the same drive. */
export const Resumable = z.strictObject({
  sessionId: Uuid,
  planId: Uuid,
  identity: DriveIdentity,
  /** Of the drive, with the areas that the plan had revealed. */
  sizeBytes: Bytes,
  logicalSectorBytes: Bytes,
  keyHex: Sha256,
  /** The drive confirmed that all before this was flushed. */
  bytes: Bytes,
  /** When that overwrite was planned. */
  at: Clock,
});
export type Resumable = z.infer<typeof Resumable>;

/** What a session writes down before and after each step that matters, so that a power cut leaves the truth behind. */
export const JournalEvent = z.discriminatedUnion('event', [
  z.strictObject({
    event: z.literal('opened'),
    sessionId: Uuid,
    mode: Mode,
    machine: MachineRef,
    inventory: Inventory,
    at: Clock,
  }),
  /** On the disk before the target is touched. What the drive said of its means is there from plans of version 2 on. */
  z.strictObject({
    event: z.literal('planned'),
    plan: SanitizePlan,
    capabilities: part(DriveCapabilities).optional(),
    keyHex: Sha256,
    at: Clock,
  }),
  /** How far a pass of that plan is on the drive for sure: where it may be taken up again after a power cut. */
  z.strictObject({
    event: z.literal('flushed'),
    planId: Uuid,
    step: z.int().nonnegative(),
    bytes: z.int().nonnegative(),
    /** Sectors before it that the drive did not take; left out where there are none. */
    skipped: z.int().positive().optional(),
  }),
  /** An earlier session's overwrite that may still be taken up: that session's own journal goes once this is kept. */
  z.strictObject({ event: z.literal('left'), resumable: Resumable }),
  z.strictObject({ event: z.literal('judged'), evidence: Evidence }),
  z.strictObject({ event: z.literal('recorded'), digest: Sha256 }),
]);
export type JournalEvent = z.infer<typeof JournalEvent>;

/** A power cut tears the last line; whatever follows a line that is not sound is not believed. */
export function soundLines(bytes: Uint8Array): { events: JournalEvent[]; digest: string } {
  const events: JournalEvent[] = [];
  const hash = createHash('sha256');
  const lines = new TextDecoder().decode(bytes).split('\n');
  for (const line of lines) {
    const event = readLine(line);
    if (!event) break;
    events.push(event);
    hash.update(`${line}\n`);
  }
  return { events, digest: hash.digest('hex') };
}

/** One line of the journal: 16 hexadecimal digits of checksum, a blank, JSON. */
export function journalLine(event: JournalEvent): string {
  const json = JSON.stringify(event);
  return `${checksum(json)} ${json}`;
}

function readLine(line: string): JournalEvent | null {
  const json = line.slice(17);
  if (line.slice(0, 17) !== `${checksum(json)} `) return null;
  try {
    return JournalEvent.parse(JSON.parse(json));
  } catch {
    return null; // a line of a later version, or damage that kept its checksum: as good as torn
  }
}

function checksum(json: string): string {
  return createHash('sha256').update(json).digest('hex').slice(0, 16);
}
