import type { Certificate, Phrase } from '@rebond/protocol';
import { beside, LEFT, type Piece, RIGHT, type Row, section, table, type Text } from './pdf-layout.ts';
import type { Pen } from './pdf-pen.ts';
import { fact, moment, named, paragraph, say, shout } from './pdf-values.ts';
import { DECISIONS } from './pdf-words.ts';

const NOBODY: Phrase = { fr: 'personne n’est nommé', en: 'nobody is named' };
const NOT_YET: Phrase = {
  fr: 'Aucune personne n’a encore validé ce résultat.',
  en: 'No person has validated this result yet.',
};

/** Who on the left, when and where on the right. */
export function peopleSection(pen: Pen, certificate: Certificate): Piece {
  const { performer, performedAt, issuedAt, issuer, bench } = certificate;
  const people: Row[] = [
    {
      label: { fr: 'Fait par', en: 'Performed by' },
      value: performer ? named(pen, performer) : shout(NOBODY),
    },
    { label: { fr: 'Validation', en: 'Validation' }, value: validationTexts(pen, certificate) },
    { label: { fr: 'Atelier', en: 'Workshop' }, value: named(pen, issuer.workshop) },
  ];
  const times: Row[] = [
    { label: { fr: 'Fait le', en: 'Performed at' }, value: moment(performedAt) },
    { label: { fr: 'Délivré le', en: 'Issued at' }, value: moment(issuedAt) },
    { label: { fr: 'Poste', en: 'Bench' }, value: fact(pen, bench, 3) },
  ];
  return beside(
    section(pen, { fr: 'Qui', en: 'Who' }, LEFT, table(pen, people, LEFT)),
    section(pen, { fr: 'Quand, où', en: 'When, where' }, RIGHT, table(pen, times, RIGHT)),
  );
}

function validationTexts(pen: Pen, { validation }: Certificate): Text[] {
  const decision = shout(DECISIONS[validation.decision]);
  if (validation.decision === 'pending') return [...decision, ...say(NOT_YET)];
  const texts = [...decision, ...named(pen, validation.person), ...moment(validation.at)];
  return validation.decision === 'rejected' ? [...texts, paragraph(pen, validation.why)] : texts;
}
