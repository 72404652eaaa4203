import {
  type Drive,
  hasSerial,
  type Mode,
  type Phrase,
  type PlanV2,
  printedNumber,
  type Reason,
  visible,
} from '@rebond/protocol';
import { askLabel } from '../console/ask-label.ts';
import { planLine } from '../console/plan-line.ts';
import { ENDING_LENGTH } from '../decide/eligibility.ts';
import type { Asking } from '../leftover/asking.ts';
import type { Terminal } from './terminal.ts';

/** Shows a drive, what will be done to it and why, and asks for the end of its number. */
export function question(
  drive: Drive,
  mode: Mode,
  notices: readonly Reason[],
  plan: PlanV2,
  { lang }: Terminal,
): string {
  const what = mode === 'rehearsal' ? REHEARSED : { fr: '', en: '' };
  const reasons = plan.reasons.map((reason) => `\n      ${visible(reason[lang], 400)}`).join('');
  const said = `\n  ${planLine(plan)[lang]}${reasons}${notices.map((notice) => `\n  ! ${visible(notice[lang])}`).join('')}`;
  const { identity } = drive;
  const shown = `${visible(drive.path)} · ${visible(identity.model ?? '?')} · ${drive.sizeBytes ?? '?'} · ${visible(printedNumber(identity) ?? '?')}`;
  const number = hasSerial(identity)
    ? { fr: 'numéro de série', en: 'serial number' }
    : { fr: 'étiquette', en: 'label' };
  const text: Phrase = {
    fr: `\n  ${what.fr}${shown}${said}\n  TOUT CE DISQUE SERA EFFACÉ. Tapez les ${ENDING_LENGTH} derniers caractères de son ${number.fr} : `,
    en: `\n  ${what.en}${shown}${said}\n  THIS WHOLE DRIVE WILL BE WIPED. Type the last ${ENDING_LENGTH} characters of its ${number.en}: `,
  };
  return text[lang];
}

const REHEARSED: Phrase = {
  fr: 'RÉPÉTITION sur un disque du réseau, qui sera vraiment effacé : ',
  en: 'REHEARSAL on a drive of the network, which will really be wiped: ',
};

/** The label of a drive without a serial number, asked for on a terminal. */
export function askTerminalLabel(
  drive: Drive,
  all: readonly Drive[],
  terminal: Terminal,
): Promise<string | null> {
  const say = (line: string): void => terminal.say(line);
  return askLabel(drive, all, { lang: terminal.lang, say, ...terminalAsking(terminal) });
}

/** A terminal as one who asks: French or English, as it was started. */
export function terminalAsking(terminal: Terminal): Asking {
  const { lang } = terminal;
  return {
    tell: (phrase) => terminal.say(`  ${phrase[lang]}`),
    ask: (asked) => terminal.ask(`  ${asked()[lang]} `),
  };
}
