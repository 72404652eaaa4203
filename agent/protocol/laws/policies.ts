import type { Pattern } from '../words/overwrite.ts';
import type { LegacySequence, SanitizePolicy } from '../words/policy.ts';
import type { Phrase } from '../words/text.ts';

const bytes = (hex: string): Pattern => ({ kind: 'bytes', hex });
const RANDOM: Pattern = { kind: 'keyed' };
const ZEROS = bytes('00');
const ONES = bytes('ff');

/**
 * Sequences that users still ask for, each labelled as no better than one pass. Where a standard says "a character and
 * its complement", 55 and AA are taken. Source of the sequences: the documents named.
 */
export const LEGACY_SEQUENCES: readonly LegacySequence[] = [
  {
    id: 'dod-3',
    name: { fr: 'DoD 5220.22-M, 3 passes', en: 'DoD 5220.22-M, 3 passes' },
    source: 'DoD 5220.22-M clearing and sanitization matrix (1995)',
    passes: [bytes('55'), bytes('aa'), RANDOM],
  },
  {
    id: 'dod-7',
    name: { fr: 'DoD 5220.22-M ECE, 7 passes', en: 'DoD 5220.22-M ECE, 7 passes' },
    source: 'DoD 5220.22-M ECE',
    passes: [bytes('55'), bytes('aa'), RANDOM, bytes('96'), bytes('55'), bytes('aa'), RANDOM],
  },
  {
    id: 'hmg-is5-baseline',
    name: { fr: 'HMG IS5 de base', en: 'HMG IS5 baseline' },
    source: 'HMG Information Assurance Standard 5',
    passes: [ZEROS],
  },
  {
    id: 'hmg-is5-enhanced',
    name: { fr: 'HMG IS5 renforcé', en: 'HMG IS5 enhanced' },
    source: 'HMG Information Assurance Standard 5',
    passes: [ONES, ZEROS, RANDOM],
  },
  {
    id: 'bsi-gse',
    name: { fr: 'BSI-GSE', en: 'BSI-GSE' },
    source: 'BSI TL-03423',
    passes: [RANDOM, RANDOM],
  },
  {
    id: 'vsitr',
    name: { fr: 'VSITR', en: 'VSITR' },
    source: 'Verschlusssachen-IT-Richtlinien',
    passes: [ZEROS, ONES, ZEROS, ONES, ZEROS, ONES, bytes('aa')],
  },
  {
    id: 'rcmp-tssit-ops-ii',
    name: { fr: 'RCMP TSSIT OPS-II', en: 'RCMP TSSIT OPS-II' },
    source: 'RCMP TSSIT OPS-II; the last pass is keyed, so that reading it back proves it',
    passes: [ZEROS, ONES, ZEROS, ONES, ZEROS, ONES, RANDOM],
  },
  {
    id: 'schneier',
    name: { fr: 'Schneier, 7 passes', en: 'Schneier, 7 passes' },
    source: 'B. Schneier, Applied Cryptography (1996)',
    passes: [ONES, ZEROS, RANDOM, RANDOM, RANDOM, RANDOM, RANDOM],
  },
  {
    id: 'gutmann',
    name: { fr: 'Gutmann, 35 passes', en: 'Gutmann, 35 passes' },
    source: 'P. Gutmann, Secure Deletion of Data from Magnetic and Solid-State Memory (1996), table 1',
    passes: [
      ...Array.from({ length: 4 }, () => RANDOM),
      ...['55', 'aa', '924924', '492492', '249249'].map(bytes),
      ...Array.from({ length: 16 }, (_, digit) => bytes(digit.toString(16).repeat(2))),
      ...['924924', '492492', '249249', '6db6db', 'b6db6d', 'db6db6'].map(bytes),
      ...Array.from({ length: 4 }, () => RANDOM),
    ],
  },
];

/** Said wherever a legacy sequence is named (NIST SP 800-88r2 §3.1: one pass is enough). */
export const LEGACY_LABEL: Phrase = {
  fr: 'séquence héritée, pas meilleure qu’une seule passe',
  en: 'legacy sequence, no better than one pass',
};

function legacyPolicy({ id, name }: LegacySequence): SanitizePolicy {
  return {
    schema: 'rebond.policy/1',
    id: `legacy-${id}`,
    version: 1,
    name: { fr: `${name.fr} — ${LEGACY_LABEL.fr}`, en: `${name.en} — ${LEGACY_LABEL.en}` },
    level: 'clear',
    firmware: false,
    budgetMinutes: null,
    stallMinutes: 60,
    fallback: 'none',
    afterFirmware: 'samples',
    readBack: 'full',
    sequence: id,
  };
}

/** What workshops begin with; theirs may be another. */
export const POLICIES: readonly SanitizePolicy[] = [
  {
    schema: 'rebond.policy/1',
    id: 'best',
    version: 1,
    name: {
      fr: 'Le meilleur que le disque sait faire, vérifié',
      en: 'The best that the drive can do, verified',
    },
    level: 'purge',
    firmware: true,
    budgetMinutes: 12 * 60,
    stallMinutes: 60,
    fallback: 'lower-when-confirmed',
    afterFirmware: 'scan',
    readBack: 'full',
    sequence: null,
  },
  {
    schema: 'rebond.policy/1',
    id: 'best-and-overwrite',
    version: 1,
    name: {
      fr: 'Effacement par le disque, puis réécriture à clé relue en entier',
      en: 'Erase by the drive, then a keyed overwrite read back in full',
    },
    level: 'purge',
    firmware: true,
    budgetMinutes: null,
    stallMinutes: 60,
    fallback: 'lower-when-confirmed',
    afterFirmware: 'overwrite-and-read-back',
    readBack: 'full',
    sequence: null,
  },
  {
    schema: 'rebond.policy/1',
    id: 'overwrite',
    version: 1,
    name: { fr: 'Réécriture à clé relue en entier', en: 'Keyed overwrite read back in full' },
    level: 'clear',
    firmware: false,
    budgetMinutes: null,
    stallMinutes: 60,
    fallback: 'none',
    afterFirmware: 'samples',
    readBack: 'full',
    sequence: null,
  },
  ...LEGACY_SEQUENCES.map(legacyPolicy),
];
