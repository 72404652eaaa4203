import { z } from 'zod';

/**
 * Text as a machine or a person gave it: any Unicode, only its length is bounded.
 * It is hostile on every surface; show it through `visible()`.
 */
export const LINE_MAX = 256;
export const PARAGRAPH_MAX = 4096;

/** One hostile line, at most 256 UTF-16 units. */
export const Line = z.string().max(LINE_MAX);

/** Hostile text of several lines, at most 4096 UTF-16 units. */
export const Paragraph = z.string().max(PARAGRAPH_MAX);

/** A sentence for people, French first. */
export const Phrase = z.strictObject({ fr: Paragraph, en: Paragraph });
export type Phrase = z.infer<typeof Phrase>;

/** A sentence that scripts can tell apart by `code`. */
export const Reason = z.strictObject({
  code: z.string().regex(/^[a-z0-9-]{1,64}$/),
  fr: Paragraph,
  en: Paragraph,
});
export type Reason = z.infer<typeof Reason>;

/** Lower-case hexadecimal SHA-256, 64 characters. */
export const Sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/** A count of bytes that JSON can carry exactly. */
export const Bytes = z.int().nonnegative();

/** Milliseconds on a monotonic clock. */
export const Milliseconds = z.int().nonnegative();

/** An identifier that is safe in a file name and in a URL. */
export const Id = z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/);

/** What stands on a label of the workshop: 3 to 24 capitals without accents, digits and hyphens, no hyphen at its ends. */
export const PropertyLabel = z.string().regex(/^[A-Z0-9][A-Z0-9-]{1,22}[A-Z0-9]$/);

export const Uuid = z.uuid().regex(/^[0-9a-f-]{36}$/);

/** Where a wall-clock time comes from. A laptop with a dead CMOS battery says 2009 and `rtc-unverified`. */
export const Clock = z.strictObject({
  wall: z.iso.datetime({ precision: 3 }),
  timeSource: z.enum(['server', 'ntp', 'rtc-unverified']),
});
export type Clock = z.infer<typeof Clock>;

/** Cuts text to `max` units without leaving half a surrogate pair, and marks the cut. */
export function clip(text: string, max: number = LINE_MAX): string {
  const whole = text.toWellFormed();
  if (whole.length <= max) return whole;
  return whole.slice(0, max - 1).replace(/[\uD800-\uDBFF]$/, '') + '…';
}
