import {
  type DestructionCertificate,
  DESTRUCTION_METHODS,
  DESTRUCTION_NOTICE,
  type Level,
  printedNumber,
} from '@rebond/protocol';

/** What `rebond verify` says of a certificate of destruction: that persons stated it, before anything else. */

export function destructionFacts({ certificateId, issuer, media, destruction }: DestructionCertificate) {
  const { method, level, on, statedBy } = destruction;
  return {
    decision: 'approved',
    rehearsal: false,
    id: certificateId,
    workshop: issuer.workshop.name,
    serial: media.identity.serial ?? '—',
    label: media.identity.propertyLabel ?? media.label ?? '—',
    outcome: 'stated',
    level,
    verification: 'stated-by-persons',
    method,
    on,
    statedBy: statedBy.name,
  };
}

/** Above the key and the trust, as a failure would stand. */
export const STATED_LINES: readonly string[] = [`! ${DESTRUCTION_NOTICE.fr}`, `  ${DESTRUCTION_NOTICE.en}`];

export function destructionRows(
  { certificateId, issuer, media, destruction }: DestructionCertificate,
  levelWords: (level: Level) => string,
): (readonly [label: string, value: string])[] {
  const { method, fragments, level, on, place, witness, slip, statedBy } = destruction;
  const { fr, en } = DESTRUCTION_METHODS[method];
  return [
    ['Document', 'certificat de destruction / certificate of destruction'],
    ['Constat / Finding', 'déclaré par des personnes, non vu / stated by persons, not seen'],
    ['Méthode / Method', `${fr} / ${en}${fragments ? ` (DIN 66399 ${fragments})` : ''}`],
    ['Niveau déclaré / Stated level', levelWords(level)],
    ['Le / On', on],
    ['Lieu, entreprise / Place', place],
    ['Témoin / Witness', witness],
    ['Bordereau / Slip', slip],
    ['Déclaré par / Stated by', statedBy.name],
    ['Disque / Drive', printedNumber(media.identity) ?? media.label ?? 'sans numéro / no number'],
    ['Atelier / Workshop', issuer.workshop.name],
    ['Numéro / Number', certificateId],
  ];
}
