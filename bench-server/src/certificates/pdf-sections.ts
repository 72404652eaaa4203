import type { Certificate, DriveIdentity, Phrase } from '@rebond/protocol';
import { evidenceRows, lineTexts } from './pdf-evidence.ts';
import {
  type Area,
  beside,
  column,
  INK,
  LEFT,
  type Piece,
  RIGHT,
  type Row,
  section,
  stacked,
  table,
  WHOLE,
} from './pdf-layout.ts';
import { MACHINE_BASES, MEDIA, TECHNIQUES } from './pdf-names.ts';
import type { Pen } from './pdf-pen.ts';
import { code, fact, say, told } from './pdf-values.ts';
import { amount } from './pdf-words.ts';
import { type StepWords, stepWords } from './step-words.ts';

/** The drive and its machine on the left; what was done and seen on the right. */
export function workSection(pen: Pen, certificate: Certificate): Piece {
  const part = (fr: string, en: string, area: Area, rows: readonly Row[]) =>
    section(pen, { fr, en }, area, table(pen, rows, area));
  const left = [
    part('Le disque', 'The drive', LEFT, driveRows(pen, certificate)),
    part('La machine', 'The machine', LEFT, machineRows(pen, certificate)),
  ];
  const right = [
    part('La méthode', 'The method', RIGHT, methodRows(pen, certificate)),
    part('La vérification', 'The verification', RIGHT, evidenceRows(pen, certificate)),
  ];
  return beside(stacked(left, 7), stacked(right, 7));
}

const STEPS_SHOWN = 40;
const MORE_STEPS: StepWords = {
  name: { fr: '…', en: '…' },
  lines: [{ fr: 'la suite des étapes est dans le JSON', en: 'the other steps are in the JSON' }],
};

/** What was done, step by step; a certificate of version 1 says it among its verification. */
export function stepPieces(pen: Pen, certificate: Certificate): Piece[] {
  if (certificate.schema === 'rebond.certificate/1') return [];
  const { plan, observations } = certificate.verification;
  const all = stepWords(plan, observations.steps);
  const shown = all.length > STEPS_SHOWN ? [...all.slice(0, STEPS_SHOWN), MORE_STEPS] : all;
  const [first, ...others] = shown.map(({ name, lines }, index) => {
    const label = name === MORE_STEPS.name ? name : numbered(index + 1, name);
    return { ...table(pen, [{ label, value: lineTexts(pen, lines) }], WHOLE, STEP_SHARE), gap: 0 };
  });
  const title = { fr: 'Ce qui a été fait, étape par étape', en: 'What was done, step by step' };
  return first ? [section(pen, title, WHOLE, first), ...others] : [];
}

const STEP_SHARE = 0.34;
const numbered = (place: number, { fr, en }: Phrase): Phrase => ({ fr: `${place}. ${fr}`, en });

function driveRows(pen: Pen, { media }: Certificate): Row[] {
  const { model, serial, wwid, transport } = media.identity;
  return [
    { label: { fr: 'Marque, modèle', en: 'Maker, model' }, value: fact(pen, model) },
    { label: { fr: 'N° de série', en: 'Serial no.' }, value: fact(pen, serial) },
    ...labelRows(pen, media.identity),
    { label: { fr: 'WWID', en: 'Worldwide id' }, value: fact(pen, wwid, 5) },
    { label: { fr: 'Taille', en: 'Size' }, value: say(amount(media.sizeBytes)) },
    { label: { fr: 'Support', en: 'Medium' }, value: say(MEDIA[media.medium]) },
    { label: { fr: 'Lien, chemin', en: 'Link, path' }, value: fact(pen, `${transport}, ${media.path}`, 3) },
  ];
}

/** Only where there is one: what tells the drive is then a label that somebody stuck on it, not its own number. */
export function labelRows(pen: Pen, { propertyLabel }: DriveIdentity): Row[] {
  if (propertyLabel === undefined) return [];
  const label = { fr: 'Étiquette de l’atelier', en: 'Property label' };
  return [{ label, value: [...fact(pen, propertyLabel), ...say(NOT_ITS_OWN)] }];
}

const NOT_ITS_OWN: Phrase = {
  fr: 'collée par l’atelier ; le disque ne la connaît pas',
  en: 'stuck on by the workshop; the drive does not know it',
};

export function machineRows(pen: Pen, { machine }: Pick<Certificate, 'machine'>): Row[] {
  const { manufacturer, product, serial, ref } = machine;
  const kind = [...fact(pen, manufacturer, 2), ...fact(pen, product, 2)];
  return [
    { label: { fr: 'Marque, modèle', en: 'Maker, model' }, value: kind },
    { label: { fr: 'N° de série', en: 'Serial no.' }, value: fact(pen, serial, 3) },
    {
      label: { fr: 'Identifiant', en: 'Identifier' },
      value: [code(ref.id), ...say(MACHINE_BASES[ref.basis])],
    },
  ];
}

function methodRows(pen: Pen, { method, verification }: Certificate): Row[] {
  const { technique, tool } = method;
  const policy = 'plan' in verification ? verification.plan.policy : null;
  return [
    {
      label: { fr: 'Technique', en: 'Technique' },
      value: [code(technique), ...say(TECHNIQUES[technique])],
    },
    {
      label: { fr: 'Outil, version', en: 'Tool, version' },
      value: fact(pen, `${tool.name} ${tool.version}`),
    },
    ...(policy
      ? [
          {
            label: { fr: 'Politique', en: 'Policy' },
            value: [code(`${policy.id} (version ${policy.version})`)],
          },
        ]
      : []),
  ];
}

/** Why the outcome is not "done". */
export function reasonPieces(pen: Pen, { reasons }: Certificate): Piece[] {
  return sentences(pen, { fr: 'Pourquoi', en: 'Why' }, reasons, '!');
}

/** What the work did not reach; said even where the list is empty. */
export function notCoveredPieces(pen: Pen, { notCovered }: Certificate): Piece[] {
  const title = { fr: 'Ce qui n’est PAS couvert', en: 'What is NOT covered' };
  const none = { fr: 'Aucune zone n’est déclarée non couverte.', en: 'No area is stated as not covered.' };
  return sentences(pen, title, notCovered.length > 0 ? notCovered : [none], '–');
}

/** Sentences under a title; the title stays with the first of them. */
export function sentences(pen: Pen, title: Phrase, phrases: readonly Phrase[], bullet: string): Piece[] {
  const area = { x: WHOLE.x + 11, width: WHOLE.width - 11 };
  const items = phrases.map((phrase): Piece => {
    const body = column(pen, told(pen, phrase), area);
    return {
      height: body.height,
      gap: 3,
      draw(y) {
        pen.decorate(() => pen.stamp(bullet, WHOLE.x + 1, y, { face: 'bold', size: 7.8, colour: INK }));
        body.draw(y);
      },
    };
  });
  const [first, ...others] = items;
  return first ? [section(pen, title, WHOLE, first), ...others] : [];
}
