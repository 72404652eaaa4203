import {
  type Evidence,
  type Inventory,
  lastAttempts,
  type Phrase,
  type Reason,
  type Refusal,
  visible,
} from '@rebond/protocol';
import type { RecordFacts } from '../report/record.ts';
import type { SessionEvent } from '../session.ts';
import { driveName } from './drive-name.ts';
import { inventoryPage } from './inventory-page.ts';
import type { Row } from './live-frame.ts';
import { begunLine, board, logSteps, SANITIZING } from './board.ts';
import { type Lang, workLine } from './progress-line.ts';
import { outcomeWords, sentLine, vouchedBy } from './tell.ts';

type Voice = {
  lang: Lang;
  width: () => number;
  say: (line: string, style?: Row['style']) => void;
  /** A line for the log alone: the screen shows it in its own place. */
  log: (line: string) => void;
  now: (what: string, rows?: readonly string[]) => void;
  /** How many lines of drives the screen has room for. */
  rows: () => number;
};

const STEPS: Record<Extract<SessionEvent, { kind: 'step' }>['step'], Phrase> = {
  probe: { fr: 'Lecture de la machine…', en: 'Reading the machine…' },
  'sign-in': { fr: 'Ouverture de la session', en: 'Opening the session' },
  recover: { fr: 'Compte rendu d’une session coupée', en: 'Account of a session cut off' },
  plan: { fr: 'Choix des disques', en: 'Choosing the drives' },
  sanitize: SANITIZING,
  record: { fr: 'Signature de la fiche', en: 'Signing the record' },
  send: { fr: 'Envoi à l’atelier', en: 'Sending to the workshop' },
};

/** Tells a session on the live image's screen: what is running, for how long, and how far it is. */
export function liveTeller(voice: Voice): (event: SessionEvent) => void {
  const { lang } = voice;
  let what = '';
  const drives = board(lang);
  const isDue = logSteps(10);
  const width = (): number => Math.min(voice.width(), 100) - 2;
  /** Told before the first question already. */
  const told = new WeakSet<Refusal>();
  return (event) => {
    if (drives.note(event)) voice.now(what, drives.lines(width(), voice.rows()));
    switch (event.kind) {
      case 'step':
        what = STEPS[event.step][lang];
        voice.now(what);
        if (event.step !== 'sanitize') voice.say(`▸ ${STEPS[event.step][lang]}`, 'strong');
        break;
      case 'inventory':
        tellInventory(event.inventory, voice);
        break;
      case 'signed-in':
        voice.say(`  ${vouchedBy(event.credentials)[lang]}`);
        break;
      case 'recovered':
        for (const line of recoveredLines(event.facts, lang)) voice.say(line, 'alarm');
        break;
      case 'not-kept':
        voice.say(`  ${event.reason[lang]}`, 'alarm');
        break;
      case 'refused':
        for (const refusal of event.refusals.filter((each) => !told.has(each))) {
          told.add(refusal);
          voice.say(`  ${lang === 'fr' ? 'PAS TOUCHÉ' : 'NOT TOUCHED'}  ${driveName(refusal, lang)}`);
          for (const reason of telling(refusal)) voice.say(`      ${visible(reason[lang], 400)}`);
        }
        break;
      case 'plan':
        voice.say(
          `  ${lang === 'fr' ? 'SERA EFFACÉ' : 'WILL BE WIPED'}  ${driveName(event.plan.target, lang)}`,
          'strong',
        );
        for (const reason of event.plan.reasons) voice.say(`      ${reason[lang]}`);
        break;
      case 'begun':
        voice.say(`▸ ${begunLine(event, lang)}`, 'strong');
        break;
      case 'progress':
        if (isDue(event.work)) voice.log(workLine(event.work, lang, width()));
        break;
      case 'judged':
        tellJudged(event.evidence, voice);
        break;
      case 'ended':
        break; // its line is gone
      case 'recorded':
        break; // the result page says it in full
      case 'sent':
        for (const sent of event.sent) voice.say(`  ${sentLine(sent, lang)}`);
        voice.now('');
        break;
    }
  };
}

/** That nobody confirmed a drive goes without saying where it was never asked for. */
function telling({ reasons }: Refusal): Reason[] {
  return reasons.length === 1 ? reasons : reasons.filter(({ code }) => code !== 'not-confirmed');
}

function tellInventory(inventory: Inventory, voice: Voice): void {
  for (const line of inventoryPage(inventory, voice.lang, voice.width() - 1)) voice.say(line);
  voice.say('');
}

function tellJudged(evidence: Evidence, voice: Voice): void {
  const { plan, outcome, reasons } = evidence;
  const { lang } = voice;
  const style = outcome === 'done' ? 'strong' : 'alarm';
  voice.say(`  ${visible(plan.target.path)} : ${outcomeWords(evidence)[lang]}`, style);
  for (const reason of reasons) voice.say(`      ${visible(reason[lang], 400)}`);
}

/** What the screen says of a session that was cut off: when, during what, and what is not counted. */
function recoveredLines({ openedAt, sanitizations }: RecordFacts, lang: Lang): string[] {
  const when = openedAt.wall.slice(0, 16).replace('T', lang === 'fr' ? ' à ' : ' at ');
  const last = lastAttempts(sanitizations).map(({ evidence }) => evidence);
  const isCut = ({ reasons }: Evidence): boolean => reasons.some(({ code }) => code === 'interrupted');
  const kept = last.filter(({ outcome }) => outcome === 'done');
  const cut = last.filter(isCut);
  const other = last.filter((each) => !cut.includes(each) && !kept.includes(each));
  const names = (each: Evidence[]): string =>
    each.map(({ plan }) => driveName(plan.target, lang)).join(' ; ');
  const head =
    cut.length === 0
      ? {
          fr: `  La session précédente du ${when} (UTC) a été coupée ; aucun effacement n’était en cours.`,
          en: `  The previous session of ${when} (UTC) was cut off; no wipe was running.`,
        }
      : {
          fr: `  La session précédente du ${when} (UTC) a été coupée pendant l’effacement de ${names(cut)} : rien n’en est compté comme effacé.`,
          en: `  The previous session of ${when} (UTC) was cut off during the wipe of ${names(cut)}: nothing of it is counted as sanitized.`,
        };
  const done = {
    fr: `  Avant la coupure elle avait effacé et relu ${names(kept)} : cela reste acquis.`,
    en: `  Before the cut it had sanitized and read back ${names(kept)}: that stands.`,
  };
  const failed = {
    fr: `  Avant la coupure l’effacement de ${names(other)} n’avait pas abouti : cela reste ainsi.`,
    en: `  Before the cut the wipe of ${names(other)} had not succeeded: that stays so.`,
  };
  return [head, ...(kept.length > 0 ? [done] : []), ...(other.length > 0 ? [failed] : [])].map(
    (phrase) => phrase[lang],
  );
}
