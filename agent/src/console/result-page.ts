import { type Evidence, lastAttempts, type MachineRecord, visible } from '@rebond/protocol';
import type { Sent } from '../report/submit.ts';
import { driveName } from './drive-name.ts';
import type { Row } from './live-frame.ts';
import type { Lang } from './progress-line.ts';

const WORDS = {
  fr: {
    title: 'RÉSULTAT',
    outcomes: {
      done: 'FAIT      ',
      failed: 'ÉCHEC     ',
      unknown: 'INCONNU   ',
    },
    refused: 'PAS TOUCHÉ',
    none: '  Aucun disque.',
    tell: {
      done: {
        'full-read-back': 'tout a été écrit, puis relu à l’identique',
        'sampled-read-back': 'tout a été écrit, un échantillon relu à l’identique',
        'drive-reported': '« déclaré par le disque » : rien de ce qui a été relu ne le contredit',
      },
      failed: 'CE DISQUE N’EST PAS EFFACÉ',
      unknown: 'à traiter comme NON EFFACÉ',
    },
    level: 'niveau',
    grade: 'Note',
    atBest: 'au mieux',
    incomplete: 'incomplète',
    record: 'Fiche',
    received: 'reçue par l’atelier',
    unconfirmed: 'reçue par l’atelier, à valider par un responsable',
    onStick: 'gardée sur la clé, PAS ENCORE REÇUE',
    inMemory: 'EN MÉMOIRE SEULEMENT, pas encore reçue : n’éteignez pas',
    refusedByServer: 'REFUSÉE par l’atelier',
    colon: ' :',
  },
  en: {
    title: 'RESULT',
    outcomes: {
      done: 'DONE      ',
      failed: 'FAILED    ',
      unknown: 'UNKNOWN   ',
    },
    refused: 'UNTOUCHED ',
    none: '  No drive.',
    tell: {
      done: {
        'full-read-back': 'all was written, then read back the same',
        'sampled-read-back': 'all was written, a sample read back the same',
        'drive-reported': '“reported by the drive”: nothing that was read contradicts it',
      },
      failed: 'THIS DRIVE IS NOT SANITIZED',
      unknown: 'to be treated as NOT SANITIZED',
    },
    level: 'level',
    grade: 'Grade',
    atBest: 'at best',
    incomplete: 'incomplete',
    record: 'Record',
    received: 'received by the workshop',
    unconfirmed: 'received by the workshop, awaiting a lead’s validation',
    onStick: 'kept on the stick, NOT YET RECEIVED',
    inMemory: 'IN MEMORY ONLY, not yet received: do not power off',
    refusedByServer: 'REFUSED by the workshop',
    colon: ':',
  },
} as const;

/** What became of this laptop, in plain words: each drive, the grade, and where the record is. */
export function resultPage(
  result: { record: MachineRecord; digest: string; sent: readonly Sent[] },
  keptAt: 'stick' | 'ram',
  lang: Lang,
): Row[] {
  const words = WORDS[lang];
  const { record, digest } = result;
  const drives = [
    ...lastAttempts(record.sanitizations).flatMap(({ evidence }) => driveRows(evidence, lang)),
    ...record.refusals.flatMap((refusal) => [
      plain(`  ${words.refused}  ${driveName(refusal, lang)}`),
      plain(`              ${visible(refusal.reasons[0]?.[lang] ?? '', 300)}`),
    ]),
  ];
  const { overall, atBest } = record.grade;
  const letter = overall ?? `${words.atBest} ${atBest}, ${words.incomplete}`;
  return [
    plain(''),
    strong(`═══ ${words.title} ${'═'.repeat(40)}`),
    ...(drives.length > 0 ? drives : [plain(words.none)]),
    plain(''),
    strong(`  ${words.grade}${words.colon} ${letter}`),
    ...(overall === null ? openRules(record, lang) : []),
    ownRow(result, keptAt, lang),
    plain(`         ${digest.slice(0, 32)}…`),
    plain(''),
  ];
}

function driveRows({ plan, outcome, levelAchieved, reasons }: Evidence, lang: Lang): Row[] {
  const words = WORDS[lang];
  const style = outcome === 'done' ? 'strong' : 'alarm';
  const level = outcome === 'done' ? ` (${words.level} ${levelAchieved})` : '';
  const told = outcome === 'done' ? words.tell.done[plan.verification] : words.tell[outcome];
  return [
    { text: `  ${words.outcomes[outcome]}  ${driveName(plan.target, lang)}`, style },
    plain(`              ${told}${level}`),
    ...reasons.map((reason) => plain(`              ${visible(reason[lang], 300)}`)),
  ];
}

/** What keeps the grade open. */
function openRules({ grade }: MachineRecord, lang: Lang): Row[] {
  const open = grade.reasons.filter(({ letter }) => letter === null);
  return open.map((reason) => plain(`         ${visible(reason[lang], 200)}`));
}

function ownRow(
  { digest, sent }: { digest: string; sent: readonly Sent[] },
  keptAt: 'stick' | 'ram',
  lang: Lang,
): Row {
  const words = WORDS[lang];
  const own = sent.find((each) => each.kind !== 'damaged' && each.digest === digest);
  const head = `  ${words.record}${words.colon} `;
  if (own?.kind === 'acknowledged')
    return strong(head + (own.confirmed ? words.received : words.unconfirmed));
  if (own?.kind === 'refused') {
    return { text: `${head}${words.refusedByServer} (${visible(own.reason[lang], 200)})`, style: 'alarm' };
  }
  return { text: head + (keptAt === 'stick' ? words.onStick : words.inMemory), style: 'alarm' };
}

const plain = (text: string): Row => ({ text, style: 'plain' });
const strong = (text: string): Row => ({ text, style: 'strong' });
