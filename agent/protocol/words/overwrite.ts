import { z } from 'zod';
import { Bytes, Line, Milliseconds, Sha256 } from './text.ts';

/** What one pass writes everywhere: a keyed stream that no drive can make up, or bytes that repeat. */
export const Pattern = z.discriminatedUnion('kind', [
  /** AES-256-CTR over zeros, counter = offset / 16; the key is the evidence's `stream`. */
  z.strictObject({ kind: z.literal('keyed') }),
  /** 1 to 16 bytes in hexadecimal, from offset 0 on again and again. */
  z.strictObject({ kind: z.literal('bytes'), hex: z.string().regex(/^(?:[0-9a-f]{2}){1,16}$/) }),
]);
export type Pattern = z.infer<typeof Pattern>;

/**
 * Pseudorandom places in equal sections of a drive, made again from the seed alone: the first and the last addressable
 * bytes, and in each section places that do not overlap (NIST SP 800-88r1 §4.7.2: at least 1,000 sections, two places in
 * each, each at least 5 % of its section).
 */
export const Sampling = z.strictObject({
  seedHex: Sha256,
  sections: z.int().positive().max(1_000_000),
  placesPerSection: z.int().positive().max(16),
  /** Of each place, rounded up to whole sectors. */
  placeBytes: z.int().positive(),
});
export type Sampling = z.infer<typeof Sampling>;

/** How much of a drive is read: all of it, or a sample. */
export const Extent = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('full') }),
  z.strictObject({ kind: z.literal('sample'), sampling: Sampling }),
]);
export type Extent = z.infer<typeof Extent>;

/** Sectors that stayed bad after small retries: how many, and where the first thousand are (byte offsets). */
export const BadSectors = z.strictObject({
  count: z.int().nonnegative(),
  offsets: z.array(Bytes).max(1000),
  /** The error of the first. */
  code: Line.nullable(),
});
export type BadSectors = z.infer<typeof BadSectors>;

/** How warm a drive became while it was written or read, and the pauses that this cost. It bears on no outcome. */
export const Heat = z.strictObject({
  /** Degrees Celsius, as the drive says. */
  highest: z.int().min(-60).max(200),
  /** At this the work was paused, and why at this: the drive's own word or a default. */
  limit: z.int().min(0).max(200),
  limitSource: Line,
  pauses: z.int().nonnegative(),
  pausedMs: Milliseconds,
});
export type Heat = z.infer<typeof Heat>;

/** One overwrite pass as it was seen. */
export const PassSeen = z.strictObject({
  kind: z.literal('overwrite'),
  /** Bytes that the drive took, with those that it took before a power cut. */
  bytes: Bytes,
  bad: BadSectors,
  /** True only after the device acknowledged a flush that followed the last write. */
  flushed: z.boolean(),
  /** Where a pass that a power cut broke off was taken up again, at a flush that the journal knew of; else null. */
  resumedFrom: Bytes.nullable(),
  /** Without the time that it was paused. */
  durationMs: Milliseconds,
  /** Left out where the drive tells no temperature. */
  heat: Heat.optional(),
});
export type PassSeen = z.infer<typeof PassSeen>;

/** A read-back as it was seen: what should be there, compared with what is. */
export const ReadBackSeen = z.strictObject({
  kind: z.literal('read-back'),
  /** Bytes that were to be read: the size, or what the sample comes to. */
  dueBytes: Bytes,
  bytes: Bytes,
  matchedBytes: Bytes,
  /** Offsets of logical sectors that differ, the first 1000; `mismatchedSectors` counts them all. */
  mismatches: z.array(Bytes).max(1000),
  mismatchedSectors: z.int().nonnegative(),
  unreadable: BadSectors,
  /** False where the operating system would not read past its own cache. */
  direct: z.boolean(),
  /** Without the time that it was paused. */
  durationMs: Milliseconds,
  /** Left out where the drive tells no temperature. */
  heat: Heat.optional(),
});
export type ReadBackSeen = z.infer<typeof ReadBackSeen>;

/** All of a drive read after a firmware technique: readable everywhere, and blank where the technique leaves blanks. */
export const ScanSeen = z.strictObject({
  kind: z.literal('scan'),
  bytes: Bytes,
  /** In sectors that hold one byte again and again. */
  blankBytes: Bytes,
  /** Offsets of the first thousand other sectors, where the technique leaves blanks; else none are listed. */
  otherOffsets: z.array(Bytes).max(1000),
  unreadable: BadSectors,
  /** False where the operating system would not read past its own cache. */
  direct: z.boolean(),
  /** Without the time that it was paused. */
  durationMs: Milliseconds,
  /** Left out where the drive tells no temperature. */
  heat: Heat.optional(),
});
export type ScanSeen = z.infer<typeof ScanSeen>;
