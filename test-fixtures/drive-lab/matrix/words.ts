// What the test and the driver in the guest say to each other, one line of JSON each.
import type { EvidenceV2, SanitizePolicy, Technique } from '@rebond/protocol';

export type Where =
  /** The N of H:0:N:0. */
  | { bus: 'scsi'; address: number }
  /** `connect` is a line for nvme-cli. */
  | { bus: 'nvme'; nqn: string; connect: string };

export type Order = {
  id: number;
  where: Where;
  sessionId: string;
  technique: Technique;
  policy: SanitizePolicy;
  /** In place of hours that a bench would wait. */
  patienceMs: number;
  /** Whether all other drives are looked at first, as a session does before it lets one be confirmed. */
  interlocks: boolean;
  /** The drive stays where it is for a second session. */
  stays: boolean;
};

/** Another program, as it would be called by hand: the device and a log file are put behind its words. */
export type WipeOrder = { id: number; where: Where; argv: readonly string[]; timeoutMs: number };

export type Told = { id: number } & (
  | { kind: 'evidence'; evidence: EvidenceV2 }
  /** The drive does not offer the technique, or the policy passes it over. */
  | { kind: 'not-offered'; why: { code: string; en: string } | null }
  /** An interlock stands against it. */
  | { kind: 'refused'; codes: string[] }
  /** What another program left; `status` is null where it did not end. */
  | { kind: 'wiped'; status: number | null; log: string }
  | { kind: 'no-drive' }
  /** The driver itself broke: never what a drive may lead to. */
  | { kind: 'broke'; text: string }
);
