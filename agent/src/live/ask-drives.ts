import {
  type Drive,
  hasSerial,
  type Phrase,
  type PlanV2,
  printedNumber,
  type Reason,
  visible,
} from '@rebond/protocol';
import { driveName } from '../console/drive-name.ts';
import { planLine } from '../console/plan-line.ts';
import { ENDING_LENGTH, endingMatches } from '../decide/eligibility.ts';
import type { Voice } from './voice.ts';

type Asking = Pick<Voice, 'ask' | 'say' | 'tell' | 'lang'>;

/** Says how many drives will be asked for, before the first question. */
export function tellSurvey(asked: readonly Drive[], voice: Pick<Voice, 'tell'>): void {
  if (asked.length === 0) {
    voice.tell({ fr: 'Aucun disque ne peut être effacé ici.', en: 'No drive can be wiped here.' }, 'strong');
    return;
  }
  voice.tell(
    asked.length === 1
      ? {
          fr: 'Un disque peut être effacé. Rien n’est touché avant votre confirmation.',
          en: 'One drive can be wiped. Nothing is touched before you confirm it.',
        }
      : {
          fr: `${asked.length} disques peuvent être effacés. Rien n’est touché avant la dernière confirmation.`,
          en: `${asked.length} drives can be wiped. Nothing is touched before the last confirmation.`,
        },
    'strong',
  );
}

/** What was confirmed did not succeed: for less, the operator is asked anew. */
export async function confirmLower(
  drive: Drive,
  plan: PlanV2,
  voice: Asking,
  signal: AbortSignal,
): Promise<string | null> {
  voice.tell(LOWER, 'alarm');
  return await confirmDrive(drive, [], plan, voice, signal);
}

const LOWER: Phrase = {
  fr: 'Ce qui était confirmé n’a pas abouti. Ce qui reste possible vaut moins :',
  en: 'What was confirmed did not succeed. What is still possible is worth less:',
};

/** Asks until the ending fits or Enter alone leaves the drive as it is. @returns what was typed, or null */
export async function confirmDrive(
  drive: Drive,
  notices: readonly Reason[],
  plan: PlanV2,
  voice: Asking,
  signal?: AbortSignal,
): Promise<string | null> {
  const { lang } = voice;
  voice.say('');
  voice.say(`  ${driveName(drive, lang)}`, 'strong');
  voice.tell(planLine(plan));
  for (const reason of plan.reasons) voice.say(`      ${visible(reason[lang], 400)}`);
  for (const { fr, en } of notices) voice.tell({ fr: visible(fr), en: visible(en) }, 'alarm');
  for (;;) {
    // Other drives may be at work, and what they say stands between this question and the drive that it is about.
    const typed = await voice.ask(() => questionOf(drive), signal);
    if (!typed) {
      voice.tell({ fr: 'Ce disque ne sera pas touché.', en: 'This drive will not be touched.' });
      return null;
    }
    if (endingMatches(printedNumber(drive.identity), typed)) {
      voice.tell({ fr: 'Confirmé.', en: 'Confirmed.' });
      return typed;
    }
    voice.tell(hasSerial(drive.identity) ? WRONG : WRONG_LABEL, 'alarm');
  }
}

function questionOf({ path, identity }: Drive): Phrase {
  const name = visible(path, 40);
  const end = hasSerial(identity) ? SERIAL_END : LABEL_END;
  return {
    fr: `${name} — TOUT CE DISQUE SERA EFFACÉ : tapez les ${ENDING_LENGTH} derniers caractères de ${end.fr}, ou Entrée pour ne pas y toucher :`,
    en: `${name} — THIS WHOLE DRIVE WILL BE WIPED: type the last ${ENDING_LENGTH} characters of ${end.en}, or Enter to leave it alone:`,
  };
}

const SERIAL_END: Phrase = { fr: 'son numéro de série', en: 'its serial number' };
const LABEL_END: Phrase = { fr: 'son étiquette', en: 'its label' };

const WRONG: Phrase = {
  fr: 'Ce n’est pas la fin de son numéro de série : rien n’est confirmé.',
  en: 'That is not the end of its serial number: nothing is confirmed.',
};
const WRONG_LABEL: Phrase = {
  fr: 'Ce n’est pas la fin de son étiquette : rien n’est confirmé.',
  en: 'That is not the end of its label: nothing is confirmed.',
};
