import { z } from 'zod';
import { Pattern } from './overwrite.ts';
import { Id, Phrase } from './text.ts';

/** Overwrite sequences that contracts still ask for. None is better than one pass (NIST SP 800-88r2 §3.1). */
export const LegacySequence = z.strictObject({
  id: Id,
  name: Phrase,
  source: z.string().max(256),
  passes: z.array(Pattern).min(1).max(40),
});
export type LegacySequence = z.infer<typeof LegacySequence>;

/** What a workshop wants done to its drives. Data, versioned: each plan names the one that it follows. */
export const SanitizePolicy = z.strictObject({
  schema: z.literal('rebond.policy/1'),
  id: Id,
  version: z.int().positive(),
  name: Phrase,
  /** The level that is aimed at. */
  level: z.enum(['clear', 'purge']),
  /** Whether drives may be asked to erase themselves; else they are overwritten. */
  firmware: z.boolean(),
  /** A technique that the drive expects to take longer is passed over; null for no limit. */
  budgetMinutes: z.number().positive().nullable(),
  /** Progress that stands still for as long is given up as unknown. */
  stallMinutes: z
    .number()
    .positive()
    .max(24 * 60),
  /** What may follow a technique that failed: nothing, another of at least the same level, or also a lower one once confirmed anew. */
  fallback: z.enum(['none', 'same-level', 'lower-when-confirmed']),
  /**
   * How a firmware technique is checked: places compared alone, the whole drive read as well, or a keyed overwrite with a
   * full read-back on top, which also catches firmware that makes its answers up.
   */
  afterFirmware: z.enum(['samples', 'scan', 'overwrite-and-read-back']),
  /** How an overwrite is read back. */
  readBack: z.enum(['full', 'sample']),
  /** A legacy sequence in place of the one keyed pass, by its id in LEGACY_SEQUENCES: no better, and labelled so. */
  sequence: Id.nullable(),
});
export type SanitizePolicy = z.infer<typeof SanitizePolicy>;
