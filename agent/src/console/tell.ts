import type { Evidence, Phrase, Verification } from '@rebond/protocol';
import { REHEARSAL_NOTICE, visible } from '@rebond/protocol';
import type { Credentials } from '../report/credentials.ts';
import type { Sent } from '../report/submit.ts';
import type { SessionEvent } from '../session.ts';
import { type Lang, partOf, progressLine } from './progress-line.ts';

export type Voice = {
  lang: Lang;
  say(line: string): void;
  redraw(line: string): void;
  settle(): void;
  interactive: boolean;
  width: number;
};

const STEPS: Record<Extract<SessionEvent, { kind: 'step' }>['step'], Phrase> = {
  probe: { fr: 'Lecture de la machine…', en: 'Reading the machine…' },
  'sign-in': {
    fr: 'Ouverture de la session auprès de l’atelier…',
    en: 'Opening the session with the workshop…',
  },
  recover: {
    fr: 'Une session précédente a été coupée : son compte rendu…',
    en: 'An earlier session was cut off: its account…',
  },
  plan: { fr: 'Choix de ce qui sera fait…', en: 'Deciding what will be done…' },
  sanitize: { fr: 'Effacement et relecture…', en: 'Sanitizing and reading back…' },
  record: { fr: 'Fiche signée…', en: 'Signed record…' },
  send: { fr: 'Envoi à l’atelier…', en: 'Sending to the workshop…' },
};

/** What a done wipe rests on: said in the same breath, for it is not the same thing. */
const DONE: Record<Verification, Phrase> = {
  'full-read-back': {
    fr: '✓ FAIT : tout a été écrit, puis relu à l’identique.',
    en: '✓ DONE: all was written, then read back the same.',
  },
  'sampled-read-back': {
    fr: '✓ FAIT : tout a été écrit ; un échantillon a été relu à l’identique.',
    en: '✓ DONE: all was written; a sample was read back the same.',
  },
  'drive-reported': {
    fr: '✓ FAIT, « déclaré par le disque » : rien de ce qui a été relu ne le contredit.',
    en: '✓ DONE, “reported by the drive”: nothing that was read contradicts it.',
  },
};

export function outcomeWords({ outcome, plan }: Evidence): Phrase {
  return outcome === 'done' ? DONE[plan.verification] : NOT_DONE[outcome];
}

const NOT_DONE: Record<Exclude<Evidence['outcome'], 'done'>, Phrase> = {
  failed: { fr: '✗ ÉCHEC.', en: '✗ FAILED.' },
  unknown: {
    fr: '? INCONNU : à traiter comme non effacé.',
    en: '? UNKNOWN: to be treated as not sanitized.',
  },
};

/** Tells a person what a session does, on one terminal. Hostile text goes through `visible()`. */
export function teller(voice: Voice, rehearsal: boolean): (event: SessionEvent) => void {
  const told = { percent: -1, phase: '' };
  const phrase = (text: Phrase): string => text[voice.lang];
  if (rehearsal) voice.say(`\n  !! ${phrase(REHEARSAL_NOTICE)} !!\n`);
  return (event) => {
    switch (event.kind) {
      case 'step':
        voice.say(`▸ ${phrase(STEPS[event.step])}`);
        break;
      case 'progress':
        tellProgress(event.progress, voice, told);
        break;
      case 'plan':
        voice.say(
          `  ${visible(event.plan.target.path)} · ${visible(event.plan.target.identity.model ?? '?')} · ${event.plan.target.sizeBytes} ${voice.lang === 'fr' ? 'octets' : 'bytes'}`,
        );
        for (const reason of event.plan.reasons) voice.say(`  ${phrase(reason)}`);
        break;
      case 'refused':
        for (const { path, reasons } of event.refusals) {
          voice.say(`  ⊘ ${visible(path)} — ${reasons.map(phrase).join(' ')}`);
        }
        break;
      case 'judged':
        voice.say(`  ${phrase(outcomeWords(event.evidence))}`);
        for (const reason of event.evidence.reasons) voice.say(`  ${phrase(reason)}`);
        break;
      case 'recorded': {
        const { overall, atBest } = event.record.grade;
        const letter =
          overall ??
          (voice.lang === 'fr' ? `au mieux ${atBest}, incomplet` : `${atBest} at best, incomplete`);
        voice.say(`  ${voice.lang === 'fr' ? 'Note :' : 'Grade:'} ${letter}`);
        for (const reason of event.record.grade.reasons)
          voice.say(`    ${reason.letter ?? '?'}  ${visible(phrase(reason))}`);
        voice.say(`  ${voice.lang === 'fr' ? 'Sur disque :' : 'On disk:'} ${event.digest}`);
        break;
      }
      case 'sent':
        for (const sent of event.sent) voice.say(`  ${sentLine(sent, voice.lang)}`);
        break;
      case 'signed-in':
        voice.say(`  ${phrase(vouchedBy(event.credentials))}`);
        break;
      case 'not-kept':
        voice.say(`  ${phrase(event.reason)}`);
        break;
      case 'inventory':
      case 'recovered':
      case 'begun':
        break;
    }
  };
}

/** Who vouches for this session: the server after a sign-in, or the stick alone. */
export function vouchedBy({ workshop, serverTime }: Credentials): Phrase {
  const name = visible(workshop.name, 60);
  return serverTime
    ? { fr: `Ouverte par le serveur de « ${name} ».`, en: `Opened by the server of “${name}”.` }
    : {
        fr: `Sans le serveur : la clé USB de « ${name} » répond de cette session, un responsable devra la valider.`,
        en: `Without the server: the stick of “${name}” vouches for this session, a lead will have to validate it.`,
      };
}

/** On a terminal the line is redrawn; in a log a line every ten per cent is enough. */
function tellProgress(
  progress: Extract<SessionEvent, { kind: 'progress' }>['progress'],
  voice: Voice,
  told: { percent: number; phase: string },
): void {
  const step = voice.interactive ? 1 : 10;
  const percent = Math.floor((partOf(progress) ?? 0) * 100);
  if (told.phase === progress.phase && percent < told.percent + step && percent < 100) return;
  if (told.phase === progress.phase && told.percent === percent) return;
  Object.assign(told, { percent, phase: progress.phase });
  const line = `  ${progressLine(progress, voice.lang, voice.width - 2)}`;
  if (!voice.interactive) voice.say(line);
  else voice.redraw(line);
  if (percent === 100) voice.settle();
}

export function sentLine(sent: Sent, lang: Lang): string {
  const french = lang === 'fr';
  switch (sent.kind) {
    case 'acknowledged':
      return french
        ? `✓ Reçu par l’atelier${sent.confirmed ? '' : ', à valider par un responsable'} : ${sent.digest.slice(0, 16)}`
        : `✓ Received by the workshop${sent.confirmed ? '' : ', awaiting a lead’s validation'}: ${sent.digest.slice(0, 16)}`;
    case 'kept':
      return french
        ? `… Gardé sur disque, à renvoyer par « rebond report » : ${sent.digest.slice(0, 16)} (${visible(sent.why)})`
        : `… Kept on disk, to be sent by “rebond report”: ${sent.digest.slice(0, 16)} (${visible(sent.why)})`;
    case 'refused':
      return french
        ? `✗ Refusé par l’atelier, gardé sur disque : ${visible(sent.reason.fr)} [${sent.reason.code}]`
        : `✗ Refused by the workshop, kept on disk: ${visible(sent.reason.en)} [${sent.reason.code}]`;
    case 'damaged':
      return french
        ? `✗ Fichier abîmé, laissé en place : ${visible(sent.name)}`
        : `✗ Damaged file, left in place: ${visible(sent.name)}`;
  }
}
