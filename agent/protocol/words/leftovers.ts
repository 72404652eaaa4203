import { z } from 'zod';
import { part, ProbeFailure } from './drive.ts';
import { Line, Reason } from './text.ts';

/** Why something was not done, or could not be. */
const NOT_DONE = [
  /** A person said no. */
  z.strictObject({ state: z.literal('declined') }),
  /** Nothing here calls for it. */
  z.strictObject({ state: z.literal('not-needed') }),
  /** It cannot be asked for on this machine. */
  z.strictObject({ state: z.literal('unavailable'), reason: Reason }),
  /** It was tried, and what was read afterwards is not what was asked for. */
  z.strictObject({ state: z.literal('failed'), reason: Reason }),
] as const;

const Operation = z.int().nonnegative().max(255);

/**
 * A clear of the TPM is only ever asked for: the firmware carries it out at the next start, after somebody presses a key
 * (TCG PC Client Platform Physical Presence Interface 1.30 §2). So a session says what it asked for, and what the
 * firmware answered to an earlier request.
 */
export const TpmLeftover = z.strictObject({
  family: z.enum(['1.2', '2.0', 'unknown']),
  last: z.discriminatedUnion('state', [
    z.strictObject({ state: z.literal('none') }),
    z.strictObject({
      state: z.literal('answered'),
      operation: Operation,
      /** 0 is success (PPI 1.30 table 2). */
      code: z.int().nonnegative().max(0xffff_ffff),
      text: Line,
      /** `other`: the last request was not a clear. */
      meaning: z.enum(['cleared', 'refused', 'other']),
    }),
    z.strictObject({ state: z.literal('unknown'), failure: ProbeFailure }),
  ]),
  clear: z.discriminatedUnion('state', [
    z.strictObject({ state: z.literal('requested'), operation: Operation }),
    ...NOT_DONE,
  ]),
});
export type TpmLeftover = z.infer<typeof TpmLeftover>;

/** Where a boot entry leads, as far as its device path says. */
export const BootEntryPlace = z.discriminatedUnion('kind', [
  /** To a partition that lay on a drive which was sanitized in this session. */
  z.strictObject({ kind: z.literal('sanitized-drive'), path: Line }),
  /** To a partition of another drive of this machine. */
  z.strictObject({ kind: z.literal('other-drive'), path: Line }),
  /** To a partition that was on no drive when the session began. */
  z.strictObject({ kind: z.literal('no-drive') }),
  z.strictObject({ kind: z.literal('removable') }),
  z.strictObject({ kind: z.literal('network') }),
  /** Of the firmware itself: its setup, its own choice of a drive, an application in its flash memory. */
  z.strictObject({ kind: z.literal('firmware') }),
  z.strictObject({ kind: z.literal('unknown') }),
]);
export type BootEntryPlace = z.infer<typeof BootEntryPlace>;

export const BootEntry = z.strictObject({
  /** `Boot0003` (UEFI 2.10 §3.1.3). */
  name: z.string().regex(/^Boot[0-9A-F]{4}$/),
  description: Line,
  place: BootEntryPlace,
  deed: z.discriminatedUnion('state', [
    z.strictObject({ state: z.literal('kept') }),
    z.strictObject({ state: z.literal('removed') }),
    ...NOT_DONE,
  ]),
});
export type BootEntry = z.infer<typeof BootEntry>;

/** Keys that somebody enrolled for Secure Boot beside the firmware's own; their removal is asked for, as with the TPM. */
export const MokLeftover = z.strictObject({
  keys: z.int().nonnegative().max(1024),
  reset: z.discriminatedUnion('state', [z.strictObject({ state: z.literal('requested') }), ...NOT_DONE]),
});
export type MokLeftover = z.infer<typeof MokLeftover>;

/** What a machine keeps of its past beside its drives: looked at, and cleared as far as somebody agreed. */
export const Leftovers = z.strictObject({
  tpm: part(TpmLeftover),
  bootEntries: part(z.array(BootEntry).max(256)),
  mok: part(MokLeftover),
});
export type Leftovers = z.infer<typeof Leftovers>;
