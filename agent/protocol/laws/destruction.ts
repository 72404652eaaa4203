import { type DestructionCertificate, DESTRUCTION_NOTICE } from '../words/destruction.ts';
import type { DestructionMethod, FragmentClass } from '../words/destruction.ts';
import type { Medium } from '../words/drive.ts';
import type { Achievement } from './achieves.ts';
import { ProtocolError } from './errors.ts';
import { labelLawful } from './property-label.ts';

const MAGNETIC: readonly Medium[] = ['ata-hdd', 'scsi-hdd'];
const FLASH: readonly Medium[] = ['ata-ssd', 'scsi-ssd', 'nvme', 'emmc', 'usb-flash', 'sd-card'];

const TABLES = 'NIST SP 800-88r1 §2.5 and tables A-5, A-6 and A-8, destroy';
const NOT_SEEN = 'as stated; the fragments were not seen by the tool';

/** Below these the largest fragment may hold a whole memory chip or a readable track (DIN 66399 table 1). */
const WHOLE_CHIPS: readonly FragmentClass[] = ['E-1', 'E-2'];
const WHOLE_PLATTERS: readonly FragmentClass[] = ['H-1', 'H-2', 'H-3'];

/**
 * The level that a destruction reaches if all was as it is stated. `none` for what reaches nothing on this medium: a
 * magnetic field does nothing to flash memory, and what a drive is made of must be known before a degausser counts.
 */
export function destroys(
  method: DestructionMethod,
  fragments: FragmentClass | null,
  medium: Medium,
): Achievement {
  if (method === 'degauss') return degausses(medium);
  // Appendix A names no melting; its table of methods does.
  if (method === 'incinerate' || method === 'melt') {
    const source = method === 'melt' ? 'NIST SP 800-88r1 table 5-1, destroy' : TABLES;
    return { level: 'destroy', clause: `${source} (${method}); as stated, not seen by the tool` };
  }
  if (fragments !== null && !fits(fragments, medium)) {
    return { level: 'none', clause: `the fragment class ${fragments} is not one for this medium` };
  }
  if (fragments !== null && [...WHOLE_CHIPS, ...WHOLE_PLATTERS].includes(fragments)) {
    return { level: 'none', clause: `DIN 66399 ${fragments} leaves pieces large enough to be read` };
  }
  const size = fragments === null ? 'no fragment class stated' : `DIN 66399 ${fragments}`;
  return { level: 'destroy', clause: `${TABLES} (${method}); ${size}; ${NOT_SEEN}` };
}

function degausses(medium: Medium): Achievement {
  if (MAGNETIC.includes(medium)) {
    return {
      level: 'purge',
      clause:
        'NIST SP 800-88r1 tables A-5 and A-6, purge by degaussing, no more; whether the field suited the drive was not seen by the tool',
    };
  }
  if (FLASH.includes(medium)) {
    return {
      level: 'none',
      clause: 'a magnetic field does not erase flash memory (NIST SP 800-88r1 table A-8)',
    };
  }
  return { level: 'none', clause: 'whether this medium is magnetic is not known: degaussing claims nothing' };
}

/** A hard disk has H classes, electronic media E; of a drive behind a bridge, or unknown, either may be stated. */
function fits(fragments: FragmentClass, medium: Medium): boolean {
  if (MAGNETIC.includes(medium)) return fragments.startsWith('H-');
  return !FLASH.includes(medium) || fragments.startsWith('E-');
}

const DAY_MS = 24 * 3600 * 1000;

/**
 * Refuses a certificate of destruction whose level does not follow from what was stated, that hides that nobody but
 * persons vouch for it, or that speaks of a day to come.
 * @throws ProtocolError laws-disagree, impossible
 */
export function checkDestruction({ notice, media, destruction, issuedAt }: DestructionCertificate): void {
  const { method, fragments, level, clause, on, statedAt, place, witness, slip } = destruction;
  const due = destroys(method, fragments, media.medium);
  const said = notice.fr === DESTRUCTION_NOTICE.fr && notice.en === DESTRUCTION_NOTICE.en;
  if (!said) throw new ProtocolError('laws-disagree', 'notice');
  if (due.level !== level || due.clause !== clause) throw new ProtocolError('laws-disagree', 'level');
  if (level === 'none') throw new ProtocolError('laws-disagree', 'nothing-destroyed');
  if ([place, witness, slip].some((text) => text.trim() === '')) {
    throw new ProtocolError('laws-disagree', 'blank');
  }
  // A calendar day has no time zone: the earliest ends 14 hours before it does in Greenwich.
  const begins = Date.parse(`${on}T00:00:00.000Z`);
  if (begins > Date.parse(statedAt.wall) + DAY_MS) throw new ProtocolError('impossible', 'on');
  if (statedAt.wall > issuedAt.wall) throw new ProtocolError('impossible', 'statedAt');
  if (!labelLawful({ identity: media.identity, diskseq: '' })) throw new ProtocolError('impossible', 'label');
}
