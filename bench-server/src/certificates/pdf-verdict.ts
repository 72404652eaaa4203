import { type Certificate, type Outcome, type Phrase, REHEARSAL_NOTICE } from '@rebond/protocol';
import { OUTCOMES } from './pdf-names.ts';

type Kind = Certificate['verification']['kind'];

/** What a document says first: that the lead rejected it, else what the tool found. */
export type Verdict = 'rejected' | Outcome;

export function verdictOf({ outcome, validation }: Pick<Certificate, 'outcome' | 'validation'>): Verdict {
  return validation.decision === 'rejected' ? 'rejected' : outcome;
}

/** What kind of document this is to the eye: a rejected one before all else, then a rehearsal. */
export type Mood = 'rehearsal' | Verdict;

export function moodOf(certificate: Certificate): Mood {
  const verdict = verdictOf(certificate);
  return verdict !== 'rejected' && isRehearsal(certificate) ? 'rehearsal' : verdict;
}

/** A notice where there should be none is believed: nobody may take an exercise for the real thing. */
function isRehearsal({ mode, notice }: Pick<Certificate, 'mode' | 'notice'>): boolean {
  return mode === 'rehearsal' || notice !== null;
}

const REJECTED: Phrase = { fr: 'REJETÉ PAR LE RESPONSABLE', en: 'REJECTED BY THE LEAD' };

const NO_PROOF: Phrase = {
  fr: 'Ce document ne prouve pas un effacement : ce disque est à traiter comme NON EFFACÉ.',
  en: 'This document does not prove a sanitization: treat this drive as NOT SANITIZED.',
};

const FAULTS: Readonly<Record<Exclude<Verdict, 'done'>, Phrase>> = {
  rejected: {
    fr: 'REJETÉ PAR LE RESPONSABLE — ce disque est à traiter comme NON EFFACÉ : ce document ne le prouve pas.',
    en: 'REJECTED BY THE LEAD — treat this drive as NOT SANITIZED: this document does not prove that it is.',
  },
  failed: {
    fr: 'ÉCHEC — ce disque est à traiter comme NON EFFACÉ : il peut encore contenir des données.',
    en: 'FAILED — treat this drive as NOT SANITIZED: it may still hold data.',
  },
  unknown: {
    fr: 'INCONNU — ce disque est à traiter comme NON EFFACÉ : ce qui a été vu ne suffit pas pour conclure.',
    en: 'UNKNOWN — treat this drive as NOT SANITIZED: what was seen is not enough to conclude.',
  },
};

/** The band at the top and the bottom of every page; a real, done document that nobody rejected has none. */
export function bandOf(certificate: Certificate): Phrase | null {
  const verdict = verdictOf(certificate);
  if (isRehearsal(certificate)) {
    const { fr, en } = REHEARSAL_NOTICE;
    return verdict === 'rejected' ? { fr: `REJETÉ — ${fr}`, en: `REJECTED — ${en}` } : REHEARSAL_NOTICE;
  }
  return verdict === 'done' ? null : FAULTS[verdict];
}

/** The large word across every page, where there is a band. */
export function watermarkOf(certificate: Certificate): Phrase | null {
  const rehearsal = isRehearsal(certificate);
  switch (verdictOf(certificate)) {
    case 'rejected':
      return rehearsal
        ? { fr: 'RÉPÉTITION REJETÉE', en: 'REHEARSAL REJECTED' }
        : { fr: 'REJETÉ', en: 'REJECTED' };
    case 'done':
      return rehearsal ? REHEARSAL : null;
    case 'failed':
      return rehearsal ? REHEARSAL : { fr: 'ÉCHEC', en: 'FAILED' };
    case 'unknown':
      return rehearsal ? REHEARSAL : { fr: 'INCONNU', en: 'UNKNOWN' };
  }
}

const REHEARSAL: Phrase = { fr: 'RÉPÉTITION', en: 'REHEARSAL' };
/** A rehearsal that went well sanitized nothing: it does not use the word. */
const EXERCISE: Phrase = { fr: 'EXERCICE RÉUSSI', en: 'EXERCISE DONE' };

/** The headline. A rehearsal says so in the same breath, so that a cropped picture says it too. */
export function verdictWords(certificate: Certificate): Phrase {
  const verdict = verdictOf(certificate);
  const rehearsal = isRehearsal(certificate);
  const words =
    verdict === 'rejected'
      ? REJECTED
      : rehearsal && verdict === 'done'
        ? EXERCISE
        : outcomeWords(verdict, certificate.verification.kind);
  if (!rehearsal) return words;
  return { fr: `${REHEARSAL.fr} : ${words.fr}`, en: `${REHEARSAL.en}: ${words.en}` };
}

/** One sentence under the headline. */
export function verdictMeaning(certificate: Certificate): Phrase {
  if (isRehearsal(certificate)) return REHEARSAL_NOTICE;
  const verdict = verdictOf(certificate);
  if (verdict === 'rejected') return NO_PROOF;
  if (verdict !== 'done') return FAULTS[verdict];
  return MEANINGS[certificate.verification.kind];
}

const MEANINGS: Readonly<Record<Kind, Phrase>> = {
  'full-read-back': {
    fr: 'Technique menée à son terme ; relecture complète conforme.',
    en: 'The technique ran to completion; the full read-back matches.',
  },
  'sampled-read-back': {
    fr: 'Technique menée à son terme ; relecture d’un échantillon conforme, le reste n’a pas été relu.',
    en: 'The technique ran to completion; a sample read back matches, the rest was not read back.',
  },
  'drive-reported': {
    fr: 'Le disque déclare l’effacement réussi ; rien de ce qui a été relu ne le contredit.',
    en: 'The drive reports that the erase succeeded; nothing that was read contradicts it.',
  },
};

/** Nobody but the drive vouches for all of it: then the headline says so, and does not say "verified". */
function outcomeWords(outcome: Outcome, kind: Kind): Phrase {
  return outcome === 'done' && kind === 'drive-reported' ? REPORTED : OUTCOMES[outcome];
}

const REPORTED: Phrase = {
  fr: 'EFFACÉ — DÉCLARÉ PAR LE DISQUE',
  en: 'SANITIZED — REPORTED BY THE DRIVE',
};

/** What the tool found, for where it comes second to what a person decided. */
export function findingWords(outcome: Outcome, kind: Kind = 'full-read-back'): Phrase {
  const { fr, en } = outcomeWords(outcome, kind);
  return { fr: `Constat de l’outil : ${fr.toLowerCase()}`, en: `Finding of the tool: ${en.toLowerCase()}` };
}

const NOT_VALIDATED: Phrase = {
  fr: 'Constat de l’outil, pas encore validé par une personne',
  en: 'Finding of the tool, not yet validated by a person',
};

/** What stands directly under a success that nobody has looked at yet. */
export function caveatOf({ outcome, validation }: Certificate): Phrase | null {
  return outcome === 'done' && validation.decision === 'pending' ? NOT_VALIDATED : null;
}

/** The title in the document's metadata; it says first what a window's title bar must not hide. */
export function documentTitle(certificate: Certificate): string {
  const { fr, en } = verdictWords(certificate);
  const [french, english] = ['Certificat d’effacement', 'Certificate of sanitization'];
  const title =
    moodOf(certificate) === 'done' ? `${french} / ${english}` : `${fr} — ${french} / ${en} — ${english}`;
  return `${title} ${certificate.certificateId}`;
}
