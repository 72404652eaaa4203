import { Bytes } from '@rebond/protocol';
import { OverwriteCheckpoint, OverwritePattern, OverwriteSeen, ReadBackExtent } from './words.ts';
import { z } from 'zod';

const KIB = 1024;
const MIB = 1024 * KIB;

const Limits = z.strictObject({
  maxBadSectors: z.int().nonnegative(),
  minBytesPerSecond: z.number().nonnegative(),
  windowMs: z.int().positive(),
  graceMs: z.int().nonnegative(),
});

/** All that the engine needs to know; nothing is left to choose. */
export const OverwriteJob = z
  .strictObject({
    sizeBytes: Bytes,
    logicalSectorBytes: z
      .int()
      .min(512)
      .max(64 * KIB),
    /** Length of one request. */
    chunkBytes: z
      .int()
      .min(64 * KIB)
      .max(4 * MIB)
      .multipleOf(64 * KIB),
    /** Requests that are under way at once. */
    lanes: z.int().min(1).max(4),
    passes: z.array(OverwritePattern).max(64),
    readBack: z.strictObject({ extent: ReadBackExtent, expected: OverwritePattern }).nullable(),
    /** A flush and a checkpoint after so many bytes, or so much time, whichever comes first. */
    checkpoint: z.strictObject({ everyBytes: z.int().positive(), everyMs: z.int().positive() }),
    /** The last checkpoint that a journal kept, to go on from. */
    resume: OverwriteCheckpoint.nullable(),
    limits: Limits,
  })
  .refine(({ resume, passes }) => resume === null || isOf(resume, passes), 'a checkpoint of other passes')
  .refine(
    ({ sizeBytes, logicalSectorBytes }) => sizeBytes % logicalSectorBytes === 0,
    'the size is no multiple of the sector',
  );
export type OverwriteJob = z.infer<typeof OverwriteJob>;

/** One request is made while two are under way; and how often a journal is told. */
export const USUAL = {
  chunkBytes: 4 * MIB,
  lanes: 3,
  checkpoint: { everyBytes: 8 * 1024 * MIB, everyMs: 5 * 60_000 },
} as const;

/** A key that differs would leave two halves that no read-back can match. */
function isOf({ pass, passes: seen }: OverwriteCheckpoint, passes: readonly OverwritePattern[]): boolean {
  return (
    seen.length === pass + 1 &&
    seen.every(({ pattern }, index) => JSON.stringify(pattern) === JSON.stringify(passes[index]))
  );
}

/** What the process that works says. */
export const Report = z.discriminatedUnion('say', [
  z.strictObject({ say: z.literal('ready') }),
  z.strictObject({
    say: z.literal('progress'),
    phase: z.enum(['write', 'read-back']),
    /** From 0; of the read-back the number of passes. */
    pass: z.int().nonnegative(),
    /** Of this phase. */
    doneBytes: Bytes,
    totalBytes: Bytes,
    /** Of the whole job. */
    leftBytes: Bytes,
    /** Time spent working, pauses left out. */
    activeMs: z.number().nonnegative(),
    paused: z.boolean(),
    badSectors: z.int().nonnegative(),
  }),
  z.strictObject({ say: z.literal('checkpoint'), checkpoint: OverwriteCheckpoint }),
  z.strictObject({ say: z.literal('seen'), seen: OverwriteSeen }),
]);
export type Report = z.infer<typeof Report>;
export type EngineProgress = Omit<Extract<Report, { say: 'progress' }>, 'say'>;

/** What it is told. The job comes once, and first. */
export const Order = z.discriminatedUnion('tell', [
  z.strictObject({ tell: z.literal('begin'), parent: z.int().positive(), job: OverwriteJob }),
  z.strictObject({ tell: z.literal('pause') }),
  z.strictObject({ tell: z.literal('resume') }),
  z.strictObject({ tell: z.literal('stop') }),
]);
export type Order = z.infer<typeof Order>;
