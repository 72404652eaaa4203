import {
  type Certificate,
  type CertificateV2,
  type Phrase,
  sizeAfter,
  VERIFICATION_NAMES,
} from '@rebond/protocol';
import { commandLines } from './commands.ts';
import { hiddenWords, meansWords } from './means-words.ts';
import { afterTexts } from './pdf-after.ts';
import { evidenceRowsV1 } from './pdf-evidence-v1.ts';
import { ENGLISH, FACT, FRENCH, type Row, STRONG, type Text } from './pdf-layout.ts';
import type { Pen } from './pdf-pen.ts';
import { say, shout, told } from './pdf-values.ts';
import type { Line } from './step-text.ts';
import { verificationLabel } from './step-words.ts';

/** What the judgement rests on, in rows; the steps one by one have a section of their own. */
export function evidenceRows(pen: Pen, certificate: Certificate): Row[] {
  if (certificate.schema === 'rebond.certificate/1') return evidenceRowsV1(pen, certificate);
  const { media, outcome, verification } = certificate;
  const { kind, plan, capabilities, observations, commands } = verification;
  const { after, stopped, steps } = observations;
  const confirmed = { ...media, sizeBytes: sizeAfter(media.sizeBytes, plan.steps) };
  return [
    { label: verificationLabel(outcome), value: shout(VERIFICATION_NAMES[kind]) },
    {
      label: { fr: 'Moyens annoncés', en: 'Means announced' },
      value: lineTexts(pen, meansWords(capabilities)),
    },
    {
      label: { fr: 'Zones cachées', en: 'Hidden areas' },
      value: lineTexts(pen, hiddenWords(capabilities, plan, steps)),
    },
    { label: { fr: 'Secteurs défectueux', en: 'Bad sectors' }, value: badTexts(verification) },
    {
      label: { fr: 'Identité à la fin', en: 'Identity at the end' },
      value: afterTexts(pen, after, confirmed),
    },
    {
      label: { fr: 'Commandes', en: 'Commands' },
      value: lineTexts(pen, commandLines(commands)),
    },
    ...(stopped
      ? [{ label: { fr: 'Arrêté avant la fin', en: 'Stopped early' }, value: told(pen, stopped) }]
      : []),
  ];
}

/** Lines that may hold what a drive or a tool said. */
export function lineTexts(pen: Pen, lines: readonly Line[]): Text[] {
  return lines.map(({ fr, en, loud, code }) => ({
    text: pen.readable(fr, LINE_SHOWN),
    style: code ? FACT : loud ? STRONG : FRENCH,
    maxLines: 6,
    ...(fr === en ? {} : { english: { text: pen.readable(en, LINE_SHOWN), style: ENGLISH } }),
  }));
}

const LINE_SHOWN = 600;

/** Over all steps: sectors that could not be written, and those that could not be read. */
function badTexts({ observations: { steps } }: CertificateV2['verification']): Text[] {
  const unwritten = steps.reduce((sum, step) => sum + (step.kind === 'overwrite' ? step.bad.count : 0), 0);
  const unread = steps.reduce(
    (sum, step) => sum + (step.kind === 'read-back' ? step.unreadable.count : 0),
    0,
  );
  const met = steps.some(({ kind }) => kind === 'overwrite' || kind === 'read-back');
  if (!met) return say(both('ni écrit ni relu par l’outil', 'neither written nor read back by the tool'));
  if (unwritten + unread === 0) return say(both('aucun vu', 'none seen'));
  return shout(
    both(
      `non écrits : ${unwritten}, illisibles : ${unread}`,
      `not written: ${unwritten}, unreadable: ${unread}`,
    ),
  );
}

const both = (fr: string, en: string): Phrase => ({ fr, en });
