import { z } from 'zod';
import { Envelope } from './keys.ts';
import { Clock, Id, Sha256, Uuid } from './text.ts';

/** One line of a session's journal as the agent writes it, without its line feed. */
const JournalText = z.string().max(1024 * 1024);

/**
 * Some lines of a session's journal, signed with the session key: what the server holds of it lets the stick be
 * pulled. `from` counts lines from 0.
 */
export const JournalPart = z.strictObject({
  schema: z.literal('rebond.journal-part/1'),
  audience: Id,
  sessionId: Uuid,
  machineId: Id,
  from: z.int().nonnegative().max(100_000),
  lines: z.array(JournalText).min(1).max(64),
  chain: z.array(Envelope).min(1).max(4),
});
export type JournalPart = z.infer<typeof JournalPart>;

/** The server's word that the first `lines` lines of a journal are on its disk. */
export const JournalReceipt = z.strictObject({
  schema: z.literal('rebond.journal-receipt/1'),
  audience: Id,
  sessionId: Uuid,
  lines: z.int().positive().max(100_064),
  /** SHA-256 of those lines, each followed by a line feed. */
  sha256: Sha256,
  receivedAt: Clock,
});
export type JournalReceipt = z.infer<typeof JournalReceipt>;

/** A session asks which earlier sessions of its machine the server holds a journal of, but no record. */
export const LeftJournalsRequest = z.strictObject({
  schema: z.literal('rebond.left-journals-request/1'),
  audience: Id,
  sessionId: Uuid,
  machineId: Id,
  /** Sessions whose journal lies on the stick that this one was started from: has the server their record? */
  onStick: z.array(Uuid).max(64),
  nonce: z.string().regex(/^[A-Za-z0-9_-]{22}$/),
  chain: z.array(Envelope).min(1).max(4),
});
export type LeftJournalsRequest = z.infer<typeof LeftJournalsRequest>;
