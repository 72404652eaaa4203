import type { Evidence, Phrase, Verification } from '@rebond/protocol';
import { REHEARSAL_NOTICE, visible } from '@rebond/protocol';
import type { Credentials } from '../report/credentials.ts';
import type { Sent } from '../report/submit.ts';
import type { WorkProgress } from '../sanitize/steps/step.ts';
import type { SessionEvent } from '../session.ts';
import { begunLine, board, logSteps } from './board.ts';
import { type Lang, partOf, workLine } from './progress-line.ts';

export type Voice = {
  lang: Lang;
  say(line: string): void;
  /** Draws these lines again in their place, below what was said; none takes them away. */
  redraw(lines: readonly string[]): void;
  /** A line for programs, as it is. */
  raw(line: string): void;
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
export function teller(
  voice: Voice,
  { rehearsal, json }: { rehearsal: boolean; json: boolean },
): (event: SessionEvent) => void {
  const drives = board(voice.lang);
  const isDue = logSteps(json ? 100 : 10);
  const phrase = (text: Phrase): string => text[voice.lang];
  if (rehearsal) voice.say(`\n  !! ${phrase(REHEARSAL_NOTICE)} !!\n`);
  return (event) => {
    if (drives.note(event) && voice.interactive && !json)
      voice.redraw(drives.lines(voice.width - 2, MOST_ROWS).map((line) => `  ${line}`));
    switch (event.kind) {
      case 'step':
        voice.say(`▸ ${phrase(STEPS[event.step])}`);
        break;
      case 'progress':
        if (json && isDue(event.work)) voice.raw(progressJson(event.work));
        else if (!json && !voice.interactive && isDue(event.work))
          voice.say(`  ${workLine(event.work, voice.lang, voice.width - 2)}`);
        break;
      case 'begun':
        if (event.of > 1) voice.say(`▸ ${begunLine(event, voice.lang)}`);
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
        voice.say(`  ${visible(event.evidence.plan.target.path)} : ${phrase(outcomeWords(event.evidence))}`);
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
      case 'ended':
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

/** A terminal has room for more, but nobody reads more. */
const MOST_ROWS = 12;

/** How far one drive is, as one JSON object: on the error output, since the other one is for the result alone. */
function progressJson({ path, technique, step, progress }: WorkProgress): string {
  const part = partOf(progress);
  const percent = part === null ? null : Math.floor(part * 100);
  return JSON.stringify({ progress: { path, technique, step, percent, ...progress } });
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
