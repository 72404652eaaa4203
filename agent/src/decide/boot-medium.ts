import {
  type BootMediumRef,
  type Drive,
  type DriveIdentity,
  isBootMedium,
  type Reason,
  type Refusal,
} from '@rebond/protocol';

/**
 * The disk that the running system was booted from. It stays protected for the whole run, also after it was
 * unmounted, pulled and plugged in again under another name and number.
 */
export type BootMedium =
  /** By network, from a CD, or not a live image at all: no drive of the list can be it. */
  | { kind: 'none' }
  /** `identity` as it was at the start; null where it could not be read. */
  | { kind: 'disk'; path: string; diskseq: string | null; identity: DriveIdentity | null }
  /** A live image that does not know where it came from: any drive may be it. */
  | { kind: 'unknown' };

/** Why this drive must not be touched for the sake of the boot medium. What cannot be ruled out is refused. */
export function bootMediumReasons(drive: Drive, boot: BootMedium): Reason[] {
  switch (boot.kind) {
    case 'none':
      return [];
    case 'unknown':
      return [UNKNOWN];
    case 'disk':
      if (isIt(drive, boot)) return [BOOT];
      return canBeRuledOut(drive, boot) ? [] : [MAYBE];
  }
}

/** The drive of the list that surely is the boot medium; null where none or more than one is. */
export function bootDrive(drives: readonly Drive[], boot: BootMedium): Drive | null {
  const found = boot.kind === 'disk' ? drives.filter((drive) => isIt(drive, boot)) : [];
  return found.length === 1 ? (found[0] ?? null) : null;
}

/** How the record names it: only what the grade's law leaves out of account, and what this session refused to touch as that. */
export function bootMediumRef(drive: Drive | null, refusals: readonly Refusal[]): BootMediumRef | null {
  if (drive === null) return null;
  const { path, identity } = drive;
  const refused = refusals.some(
    (each) => each.path === path && each.reasons.some(({ code }) => code === BOOT.code),
  );
  return refused && isBootMedium(drive, { path, identity }) ? { path, identity } : null;
}

/** What medium.json says, made into a decision. `identity` is what was read of that disk at the first start. */
export function bootMediumOf(
  medium: { kind: 'stick' | 'iso' | 'net'; disk: string | null; diskseq: string | null } | null,
  identity: DriveIdentity | null,
): BootMedium {
  if (medium === null) return { kind: 'unknown' };
  if (medium.kind === 'net') return { kind: 'none' };
  const { disk, diskseq } = medium;
  if (disk === null) return { kind: 'unknown' };
  // A CD is never in the list of drives.
  return /^\/dev\/sr\d+$/.test(disk) ? { kind: 'none' } : { kind: 'disk', path: disk, diskseq, identity };
}

type Disk = Extract<BootMedium, { kind: 'disk' }>;

function isIt(drive: Drive, boot: Disk): boolean {
  if (boot.diskseq !== null && drive.diskseq !== null) {
    // Within one boot the number is given once: equal is the same disk, different may be the same one replugged.
    if (drive.diskseq === boot.diskseq) return true;
  } else if (drive.path === boot.path) {
    return true;
  }
  if (boot.identity === null) return false;
  const { transport, model, serial } = drive.identity;
  return (
    serial !== null &&
    serial === boot.identity.serial &&
    model === boot.identity.model &&
    transport === boot.identity.transport
  );
}

/** Surely another disk: one of the three facts is known of both and differs, or it was there before and never left. */
function canBeRuledOut(drive: Drive, boot: Disk): boolean {
  if (boot.diskseq !== null && drive.diskseq !== null && BigInt(drive.diskseq) < BigInt(boot.diskseq)) {
    return true;
  }
  if (boot.identity === null) return false;
  const known = (text: string | null): string | null => (text === 'unknown' ? null : text);
  const differs = (a: string | null, b: string | null): boolean =>
    known(a) !== null && known(b) !== null && a !== b;
  const { transport, model, serial } = boot.identity;
  return (
    differs(drive.identity.transport, transport) ||
    differs(drive.identity.model, model) ||
    differs(drive.identity.serial, serial)
  );
}

const BOOT: Reason = {
  code: 'boot-medium',
  fr: 'C’est le support sur lequel ce système a démarré.',
  en: 'This is the medium that this system was started from.',
};
const MAYBE: Reason = {
  code: 'boot-medium',
  fr: 'Rien ne prouve que ce disque ne soit pas le support de démarrage, rebranché.',
  en: 'Nothing proves that this drive is not the boot medium, plugged in again.',
};
const UNKNOWN: Reason = {
  code: 'boot-medium',
  fr: 'Le support de démarrage n’est pas connu : ce disque pourrait l’être.',
  en: 'The boot medium is not known: this drive may be it.',
};
