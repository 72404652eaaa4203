// What the drives of the lab can do wrong: one closed list for ATA, SCSI and NVMe, each wired in by the target whose
// drives can do it. `firmware` says what the drive does, `host` what a host can see of it.

/** Whether a drive lies about the host's writes too (it drops them, or those of zeros alone), or about erases alone. */
type LiesOn = 'erase' | 'everything';

export type Misbehaviour =
  /** `sanitizeToo`: an ATA drive whose SANITIZE feature set the firmware froze as well. */
  | { kind: 'frozen'; sanitizeToo?: boolean }
  | { kind: 'locked-by-unknown-password' }
  | { kind: 'attempts-expired' }
  | { kind: 'lies-done-erased-nothing'; on?: LiesOn }
  | { kind: 'erased-half'; on?: LiesOn }
  | { kind: 'hpa-left' }
  | { kind: 'erased-one-namespace' }
  | { kind: 'power-lost-at'; percent: number }
  | { kind: 'stuck-at'; percent: number }
  | { kind: 'endless-estimate' }
  | { kind: 'enhanced-advertised-but-unsupported' }
  | { kind: 'exit-0-with-error-sense' }
  | { kind: 'sanitize-failed-state' }
  | { kind: 'unreadable-after-success' }
  | { kind: 'capacity-changed-after'; bytes?: number }
  | { kind: 'lba-format-changed-after' }
  | { kind: 'serial-changed-after'; serial?: string }
  | { kind: 'stale-cache' }
  | { kind: 'bad-sectors'; sectors: readonly number[] }
  | { kind: 'read-errors-on-read-back-only'; sectors: readonly number[] }
  | { kind: '4Kn' }
  | { kind: 'removed-in-the-middle'; percent: number }
  | { kind: 'two-drives-with-one-serial' }
  | { kind: 'zeros-without-erasing'; on?: LiesOn }
  | { kind: 'disconnected-and-replayed'; percent: number }
  | { kind: 'hangs-at'; percent: number };

export type MisbehaviourKind = Misbehaviour['kind'];

/** How far the interface lets a host find it out, if it looks everywhere it can. */
type Visibility =
  /** A command fails, or a status, a register or an identity says it. */
  | 'said'
  /** Only reading the medium back shows it. */
  | 'by-reading-back'
  /** Nothing shows it after the erase alone; a keyed overwrite with full read-back exposes it or cures it. */
  | 'by-keyed-overwrite'
  /** It is no fault, but a kind of drive that programs get wrong. */
  | 'a-description';

type Told = { firmware: string; host: string; visibility: Visibility };

export const MISBEHAVIOURS: Record<MisbehaviourKind, Told> = {
  frozen: {
    firmware:
      'Comes up frozen, as a BIOS leaves it, until its power is cycled; for NVMe, refuses Sanitize and Format.',
    host: 'Its state says frozen and destructive commands are aborted; only a power cycle or a suspend changes that.',
    visibility: 'said',
  },
  'locked-by-unknown-password': {
    firmware: 'Has a user password that nobody knows, and is locked after each power-on.',
    host: 'Its state says locked; reads and writes are aborted; unlocking and erasing with another password fail.',
    visibility: 'said',
  },
  'attempts-expired': {
    firmware: 'Is locked, and has counted five wrong passwords already.',
    host: 'Its state says expired; even the right password is refused until its power is cycled.',
    visibility: 'said',
  },
  'lies-done-erased-nothing': {
    firmware: 'Takes its time over an erase, reports success, and leaves all data where it is.',
    host: 'The status says done; any read gives the data from before.',
    visibility: 'by-reading-back',
  },
  'erased-half': {
    firmware: 'Erases the first half of what a host can address, nothing else, and reports success.',
    host: 'The status says done; reads of the second half give the data from before.',
    visibility: 'by-reading-back',
  },
  'hpa-left': {
    firmware: 'Erases what is addressable at the moment, and neither the hidden nor the unallocated area.',
    host: 'Seen only if the hidden area is found and opened, before the erase or after it.',
    visibility: 'by-reading-back',
  },
  'erased-one-namespace': {
    firmware: 'Erases its first namespace only, whatever it was asked, and reports success.',
    host: 'The status says done; reads of the other namespaces give the data from before, if they are attached.',
    visibility: 'by-reading-back',
  },
  'power-lost-at': {
    firmware:
      'Loses its power at that percentage of an erase, and comes back: a sanitize goes on, other erases stopped.',
    host: 'The command never ends or the link drops; after a security erase the drive is locked by the erase’s password.',
    visibility: 'said',
  },
  'stuck-at': {
    firmware: 'Reaches that percentage and stays there for ever, still answering.',
    host: 'The progress does not move; the erase never reports an end.',
    visibility: 'said',
  },
  'endless-estimate': {
    firmware: 'Estimates 90 days for an erase, and means it.',
    host: 'The estimate in its identification, or the rate of its progress, is beyond any bench’s patience.',
    visibility: 'said',
  },
  'enhanced-advertised-but-unsupported': {
    firmware:
      'Advertises its best technique (enhanced erase, sanitize, format with secure erase) and aborts it.',
    host: 'The command fails at once and the state stays what it was, with a password set if one was.',
    visibility: 'said',
  },
  'exit-0-with-error-sense': {
    firmware:
      'Sits behind a bridge that turns descriptor sense into fixed sense and drops the ATA registers.',
    host: 'Programs say “bad/missing sense data” on a refused command and exit 0; only the state tells the truth.',
    visibility: 'said',
  },
  'sanitize-failed-state': {
    firmware: 'Fails at the middle of an erase and says so; a sanitize leaves it in the failed state.',
    host: 'The status says failed, and reads and writes are refused until a sanitize succeeds or the failure is left.',
    visibility: 'said',
  },
  'unreadable-after-success': {
    firmware: 'Erases truly, reports success, and cannot read a sector any more.',
    host: 'The status says done; every read is an error, so that nothing can be verified.',
    visibility: 'by-reading-back',
  },
  'capacity-changed-after': {
    firmware: 'Erases truly, and comes back with another capacity.',
    host: 'Its capacity is not the one from before, so that it may not be the same drive, or hides something.',
    visibility: 'said',
  },
  'lba-format-changed-after': {
    firmware: 'Erases truly, and comes back formatted with another size of logical blocks.',
    host: 'Its logical block size is not the one from before: offsets and lists made earlier no longer fit.',
    visibility: 'said',
  },
  'serial-changed-after': {
    firmware: 'Erases truly, and comes back with another serial number.',
    host: 'Its serial number is not the one from before, so that nothing proves it is the same drive.',
    visibility: 'said',
  },
  'stale-cache': {
    firmware: 'Erases truly, and answers reads of its first MiB from its cache, with the data from before.',
    host: 'The status says done; reads of the first MiB give the data from before, until written or power-cycled.',
    visibility: 'by-reading-back',
  },
  'bad-sectors': {
    firmware: 'Cannot read or write some sectors, and keeps the owner’s data in them whatever is asked.',
    host: 'Reading and writing those sectors fail; an erase says nothing about them.',
    visibility: 'by-reading-back',
  },
  'read-errors-on-read-back-only': {
    firmware: 'Reads well until it was erased or written, and then cannot read some sectors.',
    host: 'The status says done and writes succeed; reading those sectors back fails.',
    visibility: 'by-reading-back',
  },
  '4Kn': {
    firmware: 'Has logical sectors of 4096 bytes.',
    host: 'Its description says so; requests of 512 bytes are refused.',
    visibility: 'a-description',
  },
  'removed-in-the-middle': {
    firmware: 'Is pulled out at that percentage of an erase, and does not come back.',
    host: 'The device is gone; nothing says how far the erase came.',
    visibility: 'said',
  },
  'two-drives-with-one-serial': {
    firmware: 'Has the serial number of another drive on the same bench.',
    host: 'Two devices show one identity, so that neither can be chosen by it.',
    visibility: 'a-description',
  },
  'zeros-without-erasing': {
    firmware: 'Reports success, keeps all data, and answers reads with zeros until a sector is written.',
    host: 'Nothing shows it: status and reads are those of an honest drive. Overwriting and reading back replaces the data.',
    visibility: 'by-keyed-overwrite',
  },
  'disconnected-and-replayed': {
    firmware:
      'Drops its connection at that percentage of an erase, finishes it, and is asked the same again by the initiator.',
    host: 'The replayed command fails (an erase without its PREPARE) though the erase is done; the state tells.',
    visibility: 'said',
  },
  'hangs-at': {
    firmware: 'Hangs at that percentage of an erase, and answers nothing any more until its power is cycled.',
    host: 'Every program that asks it anything waits, where no signal reaches; nothing says how far the erase came.',
    visibility: 'said',
  },
};

/** The one of a kind that a drive was given. */
export function misbehaviourOf<K extends MisbehaviourKind>(
  all: readonly Misbehaviour[],
  kind: K,
): Extract<Misbehaviour, { kind: K }> | null {
  return (all.find((each) => each.kind === kind) as Extract<Misbehaviour, { kind: K }> | undefined) ?? null;
}
