// What the engine and its process say to each other, and what it saw: the steps make the protocol's words of it.
import { Bytes, DriveError, Line, Milliseconds, Paragraph, Sha256 } from '@rebond/protocol';
import { z } from 'zod';

/** What one pass writes to every byte of the drive. */
export const OverwritePattern = z.discriminatedUnion('kind', [
  /** AES-256-CTR over zeros, counter = offset / 16: any part can be made again from the key alone. */
  z.strictObject({ kind: z.literal('keyed'), algorithm: z.literal('aes-256-ctr'), keyHex: Sha256 }),
  z.strictObject({ kind: z.literal('zero') }),
  /** One byte or several, repeated from the first byte of the drive on: byte n is that at n modulo the length. */
  z.strictObject({ kind: z.literal('bytes'), hex: z.string().regex(/^(?:[0-9a-f]{2}){1,64}$/) }),
]);
export type OverwritePattern = z.infer<typeof OverwritePattern>;

/** Logical sectors that could not be written, or read: the first 1000 by offset, and how many there were. */
export const BadSectors = z.strictObject({
  count: z.int().nonnegative(),
  listed: z.array(DriveError).max(1000),
});
export type BadSectors = z.infer<typeof BadSectors>;

/** One pass over the drive, as it was seen. `bytes` and `skipped.count` sectors together are what it went over. */
export const OverwritePass = z.strictObject({
  pattern: OverwritePattern,
  /** Bytes that the drive took; with `resumedFrom`, those before it included. */
  bytes: Bytes,
  /** Sectors that stayed bad when they were retried one by one; they hold what they held before. */
  skipped: BadSectors,
  /** Requests that failed once and were retried in small parts. */
  retried: z.int().nonnegative(),
  /** Without the time that it was paused, and without what came before a power cut. */
  durationMs: Milliseconds,
  /** True only after the device acknowledged a flush that followed the last write of this pass. */
  flushed: z.boolean(),
  flushError: Line.nullable(),
  /** Where it went on after a power cut: everything before had been flushed; null when it began at 0. */
  resumedFrom: Bytes.nullable(),
});
export type OverwritePass = z.infer<typeof OverwritePass>;

/** How much is read back. A sample is made again from its seed, the size and the sector size (`rebond.sample/1`). */
export const ReadBackExtent = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('full') }),
  z.strictObject({
    kind: z.literal('sample'),
    algorithm: z.literal('rebond.sample/1'),
    seedHex: Sha256,
    /** NIST SP 800-88r1 §4.7: at least 1000 subsections, at least 2 samples in each of at least 5 % of it. */
    subsections: z.int().min(1000).max(100_000),
    samplesEach: z.int().min(2).max(4),
    percentEach: z.int().min(5).max(10),
  }),
]);
export type ReadBackExtent = z.infer<typeof ReadBackExtent>;

export const OverwriteReadBack = z.strictObject({
  extent: ReadBackExtent,
  expected: OverwritePattern,
  /** What the extent comes to on this drive. */
  wantedBytes: Bytes,
  /** Bytes that could be read. */
  bytes: Bytes,
  /** Bytes that could be read and are those expected. */
  matchedBytes: Bytes,
  /** Offsets of logical sectors that differ, the first 1000; `mismatchedSectors` counts them all. */
  mismatches: z.array(Bytes).max(1000),
  mismatchedSectors: z.int().nonnegative(),
  unreadable: BadSectors,
  /** False where the operating system would not read past its own cache. */
  direct: z.boolean(),
  /** Whether anything can be read past the size that the plan names: `nothing` is what a drive of that size answers. */
  beyondEnd: z.enum(['nothing', 'something', 'unknown']),
  durationMs: Milliseconds,
});
export type OverwriteReadBack = z.infer<typeof OverwriteReadBack>;

/** Why the engine ended before its end. */
export const OverwriteStop = z.strictObject({
  code: z.enum([
    'stopped-by-operator',
    /** ENOSPC, a write of nothing or an end before the known size: what a removed device answers. */
    'device-gone',
    /** The system refuses the request itself (EINVAL, EROFS …): trying elsewhere says nothing of the drive. */
    'request-refused',
    'flush-failed',
    'too-many-errors',
    'too-slow',
    /** The process that did the work ended without a word. */
    'engine-died',
  ]),
  fr: Paragraph,
  en: Paragraph,
});
export type OverwriteStop = z.infer<typeof OverwriteStop>;

/** What the overwrite engine saw on one drive. It says nothing of success: `judge()` does. */
export const OverwriteSeen = z.strictObject({
  passes: z.array(OverwritePass).max(64),
  readBack: OverwriteReadBack.nullable(),
  stopped: OverwriteStop.nullable(),
});
export type OverwriteSeen = z.infer<typeof OverwriteSeen>;

/**
 * What a journal keeps, so that the work can go on after a power cut: everything of pass `pass` (from 0) before `offset`
 * is written and flushed, and `passes` is what was seen so far, that pass included.
 */
export const OverwriteCheckpoint = z.strictObject({
  pass: z.int().nonnegative().max(63),
  offset: Bytes,
  passes: z.array(OverwritePass).min(1).max(64),
});
export type OverwriteCheckpoint = z.infer<typeof OverwriteCheckpoint>;
