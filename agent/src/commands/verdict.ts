import {
  type Certificate,
  lastAttempts,
  type Level,
  type Outcome,
  type Phrase,
  type Verdict,
  type Verification,
  VERIFICATION_NAMES,
  visible,
} from '@rebond/protocol';
import { destructionFacts, destructionRows, STATED_LINES } from './destruction-verdict.ts';

/** What `rebond verify` says of a document that is intact: as JSON for programs, in two languages for people. */

type Decision = Certificate['validation']['decision'];
type Row = readonly [label: string, value: string];

const OUTCOMES: Readonly<Record<Outcome, Phrase>> = {
  done: { fr: 'effacé et vérifié', en: 'sanitized and verified' },
  failed: { fr: 'ÉCHEC', en: 'FAILED' },
  unknown: { fr: 'INCONNU, à traiter comme non effacé', en: 'UNKNOWN, treat as not sanitized' },
};

/** Where only the drive vouches for all of it, nothing says "verified". */
const REPORTED: Phrase = { fr: 'effacé, déclaré par le disque', en: 'sanitized, reported by the drive' };

type Finding = { outcome: Outcome; kind: Verification };

function findingWords({ outcome, kind }: Finding): Phrase {
  return outcome === 'done' && kind === 'drive-reported' ? REPORTED : OUTCOMES[outcome];
}

const DECISIONS: Readonly<Record<Decision, Phrase>> = {
  pending: { fr: 'pas encore validé par une personne', en: 'not yet validated by a person' },
  approved: { fr: 'validé par le responsable', en: 'validated by the lead' },
  rejected: { fr: 'REJETÉ par le responsable', en: 'REJECTED by the lead' },
};

const LEVELS: Readonly<Record<Level, Phrase>> = {
  none: { fr: 'aucun', en: 'none' },
  clear: { fr: 'Clear', en: 'Clear' },
  purge: { fr: 'Purge', en: 'Purge' },
  destroy: { fr: 'Destroy', en: 'Destroy' },
};

/** The facts that a program reads; `decision` is a person's, `outcome` the tool's. */
export function factsOf(verdict: Verdict) {
  switch (verdict.kind) {
    case 'record': {
      const { record } = verdict;
      const outcomes = findingsOf(verdict)
        .map(({ outcome }) => outcome)
        .join(', ');
      return {
        rehearsal: record.mode === 'rehearsal',
        id: record.recordId,
        workshop: record.audience,
        machine: record.machine.id,
        outcome: outcomes || 'none',
        grade: record.grade.overall ?? `at best ${record.grade.atBest}`,
      };
    }
    case 'certificate': {
      const { certificate } = verdict;
      const { validation } = certificate;
      return {
        decision: validation.decision,
        ...(validation.decision === 'rejected' ? { why: validation.why } : {}),
        rehearsal: certificate.mode === 'rehearsal',
        id: certificate.certificateId,
        workshop: certificate.issuer.workshop.name,
        serial: certificate.media.identity.serial ?? '—',
        ...labelFact(certificate),
        outcome: certificate.outcome,
        level: certificate.method.levelAchieved,
        verification: certificate.verification.kind,
      };
    }
    case 'destruction':
      return destructionFacts(verdict.certificate);
  }
}

/** Only where there is one: a label is not the drive's own number. */
function labelFact({ media: { identity } }: Certificate): { label?: string } {
  return identity.propertyLabel === undefined ? {} : { label: identity.propertyLabel };
}

/** Lines for a person. What must not be missed comes first: a rejection, a failure, a rehearsal. */
export function verdictLines(verdict: Verdict, fingerprint: string): string[] {
  const rows = [...rowsOf(verdict), ['Clé / Key', fingerprint] as const];
  const width = Math.max(...rows.map(([label]) => label.length));
  return [
    ...rejectionLines(verdict),
    ...outcomeLines(verdict),
    ...(verdict.kind === 'destruction' ? STATED_LINES : []),
    ...(factsOf(verdict).rehearsal ? ['!! RÉPÉTITION / REHEARSAL !!'] : []),
    ...(verdict.trusted ? VALID : INTACT),
    ...rows.map(([label, value]) => `  ${label.padEnd(width)}  ${visible(value, 300)}`),
  ];
}

const VALID = [
  '✓ Valide : intact, et signé par une clé de votre fichier de confiance.',
  '  Valid: intact, and signed by a key of your trust file.',
];
const INTACT = [
  '~ Intact, émetteur inconnu : rien ne dit que cette clé soit celle de l’atelier.',
  '  Intact, issuer unknown: nothing says that this key is the workshop’s.',
];

function rejectionLines(verdict: Verdict): string[] {
  if (verdict.kind !== 'certificate') return [];
  const { validation } = verdict.certificate;
  if (validation.decision !== 'rejected') return [];
  const why = visible(validation.why.replaceAll('\n', ' ¶ '), 600);
  return ['✗ Rejeté par le responsable', '  Rejected by the lead', `  Motif / Reason  ${why}`];
}

/** A valid document may say that the drive is not sanitized. */
function outcomeLines(verdict: Verdict): string[] {
  const bad = findingsOf(verdict).filter(({ outcome }) => outcome !== 'done');
  if (bad.length === 0) return [];
  const { fr, en } = listed(bad);
  const [state, same] = verdict.trusted ? ['valide', 'valid'] : ['intact', 'intact'];
  return [`✗ Le document est ${state} ; il dit : ${fr}`, `  The document is ${same}; it says: ${en}`];
}

/** How each drive was left. */
function findingsOf(verdict: Verdict): Finding[] {
  if (verdict.kind === 'destruction') return [];
  if (verdict.kind === 'certificate') {
    const { outcome, verification } = verdict.certificate;
    return [{ outcome, kind: verification.kind }];
  }
  return lastAttempts(verdict.record.sanitizations).map(({ evidence: { outcome, plan } }) => ({
    outcome,
    kind: plan.verification,
  }));
}

function listed(findings: readonly Finding[]): Phrase {
  const words = Array.from(new Set(findings.map(findingWords)));
  return { fr: words.map(({ fr }) => fr).join(' ; '), en: words.map(({ en }) => en).join('; ') };
}

function rowsOf(verdict: Verdict): Row[] {
  switch (verdict.kind) {
    case 'record': {
      const { record } = verdict;
      const { overall, atBest } = record.grade;
      const findings = findingsOf(verdict);
      return [
        ['Document', 'fiche / record'],
        ['Numéro / Number', record.recordId],
        ['Atelier / Workshop', record.audience],
        ['Machine', record.machine.id],
        ['Résultat / Outcome', findings.length > 0 ? both(listed(findings)) : 'aucun effacement / no wipe'],
        ['Note / Grade', overall ?? `au mieux ${atBest} / at best ${atBest}`],
      ];
    }
    case 'certificate': {
      const { certificateId, issuer, media, outcome, method, validation, verification } = verdict.certificate;
      return [
        ['Document', 'certificat / certificate'],
        ['Décision / Decision', both(DECISIONS[validation.decision])],
        ['Constat / Finding', both(listed(findingsOf(verdict)))],
        ['Niveau / Level', both(LEVELS[method.levelAchieved])],
        [
          outcome === 'done' ? 'Vérification' : 'Vérification prévue / planned',
          both(VERIFICATION_NAMES[verification.kind]),
        ],
        ['N° de série / Serial', media.identity.serial ?? 'non lu / not read'],
        ...labelRow(media.identity.propertyLabel),
        ['Atelier / Workshop', issuer.workshop.name],
        ['Numéro / Number', certificateId],
      ];
    }
    case 'destruction':
      return destructionRows(verdict.certificate, (level) => both(LEVELS[level]));
  }
}

function labelRow(label: string | undefined): Row[] {
  return label === undefined ? [] : [['Étiquette de l’atelier / Property label', label]];
}

const both = ({ fr, en }: Phrase): string => (fr === en ? fr : `${fr} / ${en}`);
