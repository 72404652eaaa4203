import type { Level, Medium, QuarantineCause } from '@rebond/protocol';
import type { Generated, Kysely } from 'kysely';

/**
 * The columns as code sees them. Signed bytes are the truth; every other column of their row is derived from them
 * and made harmless with `visible()` before it is stored. Times are ISO 8601 in UTC, yes and no are 1 and 0.
 */
export type Schema = {
  workshops: { id: string; name: string; publicKey: string; createdAt: string };
  people: Person;
  codes: { hash: string; kind: CodeKind; personId: string; bench: string; madeAt: string; expiresAt: string };
  webSessions: { hash: string; personId: string; openedWith: 'code' | 'passphrase'; seenAt: string };
  benchSessions: {
    sessionId: string;
    publicKey: string;
    bench: string;
    technicianId: string;
    machineId: string;
    issuedAt: string;
    notAfter: string;
    certificate: Uint8Array;
    /** When a record that gives account of this session arrived first; null while it is open. */
    recordedAt: Generated<string | null>;
  };
  /** Each session that a record gave account of, also those that only a stick vouched for. */
  endedSessions: { sessionId: string; recordedAt: string };
  journals: JournalRow;
  journalParts: JournalPartRow;
  shellOpenings: Numbered<ShellOpeningRow>;
  sticks: {
    publicKey: string;
    pairedBy: string;
    pairedAt: string;
    revokedAt: string | null;
    certificate: Uint8Array;
  };
  machines: MachineRow;
  records: Numbered<RecordRow>;
  sanitizations: SanitizationRow;
  certificates: Numbered<CertificateRow>;
  refused: Numbered<RefusedRow>;
  driveSightings: SightingRow;
  drives: DriveRow;
  destructions: DestructionRow;
  tallies: { name: string; count: number };
};

/** The database gives the number. */
type Numbered<Row> = Omit<Row, 'number'> & { number: Generated<number> };

export type Db = Kysely<Schema>;
export type Role = 'technician' | 'admin';
export type CodeKind = 'sign-in' | 'bench' | 'stick' | 'shell';

export type Person = {
  id: string;
  name: string;
  /** The name folded for comparison: two people cannot differ by case or accents' encoding alone. */
  nameKey: string;
  role: Role;
  passphrase: string | null;
  createdAt: string;
  signedInAt: string | null;
  disabledAt: string | null;
};

export type MachineRow = {
  id: string;
  basis: string;
  manufacturer: string | null;
  product: string | null;
  serial: string | null;
  /** Lower-case words that the list can be searched by. */
  search: string;
  firstSeenAt: string;
  lastSeenAt: string;
  /** Order of the last word about it, greatest newest. */
  lastRecord: number;
};

export type Summary = 'none' | 'done' | 'failed' | 'unknown';

export type RecordRow = {
  /** Order of arrival. */
  number: number;
  /** SHA-256 of `bytes`. */
  digest: string;
  bytes: Uint8Array;
  recordId: string;
  sessionId: string;
  sequence: number;
  machineId: string;
  mode: string;
  unconfirmed: number;
  bench: string;
  technicianName: string | null;
  receivedAt: string;
  closedAt: string;
  overall: string | null;
  atBest: string;
  summary: Summary;
  refusals: number;
  /** What the lead said of an unconfirmed record; null until then, and always null for a confirmed one. */
  decision: 'approved' | 'rejected' | null;
  /** 1 once its drives are among the sightings. */
  sighted: Generated<number>;
};

/** What a record says of one drive; `listed` is no more than that it was in the machine, `absent` that it no longer was. */
export type Seen =
  | 'done'
  | 'failed'
  | 'unknown'
  | 'undrivable'
  | 'vanished'
  | 'untouched'
  | 'listed'
  | 'absent';

export type SightingRow = {
  recordDigest: string;
  /** Counts the drives of a record. */
  place: number;
  /** The same for what is surely the same drive: see `quarantine/identity.ts`. */
  driveKey: string;
  seen: Seen;
  /** Its place among the record's sanitizations; null where nothing was done to it. */
  drive: number | null;
  /** 1 for a drive that is built into the machine, and does not leave it by itself. */
  inside: number;
  path: string;
  medium: Medium;
  model: string | null;
  serial: string | null;
  wwid: string | null;
  propertyLabel: string | null;
  at: string;
  timeSource: 'server' | 'ntp' | 'rtc-unverified';
};

export type DriveState = 'untouched' | 'done' | 'quarantined' | 'destroyed';

/** How a drive stands: derived from its sightings, what people decided, and its destruction. */
export type DriveRow = {
  driveKey: string;
  state: DriveState;
  /** Why it is, or was, in quarantine. */
  cause: QuarantineCause | null;
  /** The sighting that it stands by. */
  recordDigest: string;
  place: number;
  machineId: string;
  since: string;
  lastRecord: number;
  /** The record that saw it, or its numbers, after it was destroyed. */
  seenAgain: string | null;
};

export type DestructionRow = {
  driveKey: string;
  id: string;
  machineId: string;
  method: string;
  level: Level;
  statedAt: string;
  /** The last record that was here when it was stated. */
  afterRecord: number;
  serial: string | null;
  wwid: string | null;
  label: string | null;
  bytes: Uint8Array;
};

export type SanitizationRow = {
  recordDigest: string;
  drive: number;
  outcome: string;
  level: string;
  path: string;
  model: string | null;
  serial: string | null;
};

export type CertificateRow = {
  id: string;
  number: number;
  recordDigest: string;
  drive: number;
  machineId: string;
  mode: string;
  outcome: string;
  decision: 'pending' | 'approved' | 'rejected';
  issuedAt: string;
  supersedes: string | null;
  supersededBy: string | null;
  label: string;
  bytes: Uint8Array;
};

export type RefusedRow = {
  id: string;
  number: number;
  digest: string;
  bytes: Uint8Array;
  size: number;
  code: string;
  detail: string;
  address: string;
  firstAt: string;
  lastAt: string;
  times: number;
  seenAt: string | null;
};

/** The journal of a session as far as this server holds it. */
export type JournalRow = {
  sessionId: string;
  /** The key that signed its first part: no other may continue it. */
  publicKey: string;
  machineId: string;
  lines: number;
  /** SHA-256 of those lines, each followed by a line feed. */
  sha256: string;
  /** Of the envelopes, together. */
  size: number;
  startedAt: string;
  lastAt: string;
};

type JournalPartRow = {
  sessionId: string;
  /** Lines held up to and with this part; its own `from` is in its bytes. */
  upTo: number;
  bytes: Uint8Array;
};

export type ShellOpeningRow = {
  number: number;
  sessionId: string;
  machineId: string;
  bench: string;
  leadId: string;
  address: string;
  grantedAt: string;
  nonce: string;
  /** The laptop's signed request. */
  request: Uint8Array;
};
