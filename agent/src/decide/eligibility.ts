import type { Drive, Reason } from '@rebond/protocol';
import { type BootMedium, bootMediumReasons } from './boot-medium.ts';

/** What the running system does with one whole disk, its partitions and what is stacked on them. */
export type DiskUse = {
  mountPoints: string[];
  swap: boolean;
  /** Kernel names of device-mapper, md, bcache … devices on the disk or on one of its partitions. */
  holders: string[];
  readOnly: boolean;
  /** Labels of file systems on the disk and its partitions, as udev read them. */
  labels: string[];
  /** The kernel's word on an exclusive opening: it also knows of mounts that this process cannot see. */
  claim: 'free' | 'busy' | 'unknown';
};

/** The uses of all disks by kernel name; `unknown` when one of the places to look could not be read. */
export type Topology =
  | { kind: 'known'; disks: Record<string, DiskUse> }
  | { kind: 'unknown'; detail: string };

/** By what right a real drive may be touched. */
export type Authority = {
  onLiveImage: boolean;
  /** The operator passed `--i-am-not-a-rehearsal`. */
  notARehearsal: boolean;
  /** What the operator typed when asked for the end of the serial; null before being asked. */
  typedEnding: string | null;
  /** What the running system was booted from. */
  boot: BootMedium;
};

/** The label of the one partition of our sticks: its records and keys are nobody's to wipe. */
const STICK_LABEL = 'REBOND';

/** At least this many characters of the serial must be typed, or all of it where it is shorter. */
export const ENDING_LENGTH = 4;

const SYSTEM_PLACES = [
  '/',
  '/boot',
  '/boot/efi',
  '/usr',
  '/run/live/medium',
  '/lib/live/mount/medium',
  '/cdrom',
];

/** Why this drive must not be overwritten; empty only when every interlock is satisfied. Unknown is never safe. */
export function refusals(
  drive: Drive,
  all: readonly Drive[],
  topology: Topology,
  authority: Authority,
): Reason[] {
  const reasons = [
    ...bootMediumReasons(drive, authority.boot),
    ...identityReasons(drive, all),
    ...useReasons(drive, topology),
  ];
  if (!authority.onLiveImage && !authority.notARehearsal) reasons.push(REASONS.notLive);
  if (!endingMatches(drive.identity.serial, authority.typedEnding)) reasons.push(REASONS.notConfirmed);
  return reasons;
}

/** True when the drive could be wiped if only its serial's ending were typed. */
export function awaitsOnlyConfirmation(reasons: readonly Reason[]): boolean {
  return reasons.length === 1 && reasons[0]?.code === REASONS.notConfirmed.code;
}

export function endingMatches(serial: string | null, typed: string | null): boolean {
  const whole = serial?.trim().toUpperCase() ?? '';
  const ending = typed?.trim().toUpperCase() ?? '';
  return whole.length > 0 && ending.length >= Math.min(ENDING_LENGTH, whole.length) && whole.endsWith(ending);
}

function* identityReasons(drive: Drive, all: readonly Drive[]): Generator<Reason> {
  const { serial, wwid, transport } = drive.identity;
  if (!serial?.trim()) yield REASONS.unidentified;
  if (!drive.sizeBytes || !drive.logicalSectorBytes) yield REASONS.sizeUnknown;
  if (transport === 'network') yield REASONS.network;
  const twin = all.some(
    (other) =>
      other.path !== drive.path &&
      ((serial !== null && other.identity.serial === serial) ||
        (wwid !== null && other.identity.wwid === wwid)),
  );
  if (twin) yield REASONS.duplicate;
}

function* useReasons(drive: Drive, topology: Topology): Generator<Reason> {
  const use = topology.kind === 'known' ? topology.disks[drive.path.replace(/^\/dev\//, '')] : undefined;
  if (!use) {
    yield REASONS.useUnknown;
    return;
  }
  if (use.mountPoints.some((place) => SYSTEM_PLACES.includes(place))) yield REASONS.boot;
  if (use.mountPoints.length > 0) yield REASONS.mounted;
  if (use.swap) yield REASONS.swap;
  if (use.holders.length > 0) yield REASONS.held;
  if (use.readOnly) yield REASONS.readOnly;
  if (use.labels.includes(STICK_LABEL)) yield REASONS.stick;
  if (use.claim === 'busy') yield REASONS.inUse;
  if (use.claim === 'unknown') yield REASONS.useUnknown;
}

const REASONS = {
  notLive: {
    code: 'not-live',
    fr: 'Ce système n’est pas l’image Rebond : un vrai disque n’y est touché qu’avec --i-am-not-a-rehearsal.',
    en: 'This system is not the Rebond image: a real drive is touched here only with --i-am-not-a-rehearsal.',
  },
  notConfirmed: {
    code: 'not-confirmed',
    fr: 'Personne n’a confirmé ce disque en tapant la fin de son numéro de série.',
    en: 'Nobody confirmed this drive by typing the end of its serial number.',
  },
  unidentified: {
    code: 'unidentified',
    fr: 'Le disque n’a pas de numéro de série lisible : on ne peut pas être sûr de ce qu’on effacerait.',
    en: 'The drive has no readable serial number: one cannot be sure of what would be wiped.',
  },
  sizeUnknown: {
    code: 'size-unknown',
    fr: 'La taille du disque ou de ses secteurs n’est pas connue.',
    en: 'The size of the drive or of its sectors is not known.',
  },
  network: {
    code: 'network',
    fr: 'Ce disque est atteint par le réseau : il n’est pas dans cette machine.',
    en: 'This drive is reached through the network: it is not in this machine.',
  },
  duplicate: {
    code: 'duplicate-serial',
    fr: 'Deux disques portent le même numéro : débranchez l’un des deux.',
    en: 'Two drives bear the same number: unplug one of them.',
  },
  useUnknown: {
    code: 'use-unknown',
    fr: 'On n’a pas pu savoir si ce disque est utilisé par le système.',
    en: 'Whether this drive is in use by the system could not be found out.',
  },
  boot: {
    code: 'boot',
    fr: 'Ce disque porte le système qui tourne en ce moment.',
    en: 'This drive carries the system that is running now.',
  },
  mounted: {
    code: 'mounted',
    fr: 'Ce disque est monté : le système lit ou écrit dessus.',
    en: 'This drive is mounted: the system reads or writes on it.',
  },
  swap: {
    code: 'swap',
    fr: 'Ce disque sert de mémoire d’échange au système.',
    en: 'This drive serves the system as swap.',
  },
  held: {
    code: 'held',
    fr: 'Ce disque est tenu par un assemblage (LVM, RAID, chiffrement…).',
    en: 'This drive is held by an assembly (LVM, RAID, encryption…).',
  },
  inUse: {
    code: 'in-use',
    fr: 'Le noyau dit que ce disque est déjà utilisé.',
    en: 'The kernel says that this drive is already in use.',
  },
  stick: {
    code: 'rebond-stick',
    fr: 'C’est une clé Rebond : elle porte peut-être des fiches qui ne sont nulle part ailleurs.',
    en: 'This is a Rebond stick: it may carry records that are nowhere else.',
  },
  readOnly: {
    code: 'read-only',
    fr: 'Ce disque est protégé en écriture.',
    en: 'This drive is write-protected.',
  },
} as const satisfies Record<string, Reason>;

/** In a rehearsal every real drive is refused, whatever else may be said of it. */
export const REHEARSAL_REFUSAL: Reason = {
  code: 'rehearsal',
  fr: 'Répétition : aucun vrai disque n’est touché.',
  en: 'Rehearsal: no real drive is touched.',
};
