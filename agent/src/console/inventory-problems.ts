import { visible, type Battery, type Drive, type Inventory, type ProbeFailure } from '@rebond/protocol';

type Lang = 'fr' | 'en';

/** What deserves a look before anything is done, worst first; each a sentence without line breaks. */
export function problems(inventory: Inventory, lang: Lang): string[] {
  const say = (fr: string, en: string): string => (lang === 'fr' ? fr : en);
  const { drives, batteries } = inventory;
  return [
    ...(drives.outcome === 'read' ? drives.value.flatMap((drive) => ofDrive(drive, say)) : []),
    ...(drives.outcome === 'absent' ? [say('Aucun disque.', 'No drive.')] : []),
    ...unread(inventory, say),
    ...(batteries.outcome === 'read' ? batteries.value.flatMap((battery) => ofBattery(battery, say)) : []),
    ...(batteries.outcome === 'absent' ? [say('Aucune batterie.', 'No battery.')] : []),
  ];
}

type Say = (fr: string, en: string) => string;

/** Each part that could not be read, with the reason in the tool's own words. */
function unread(inventory: Inventory, say: Say): string[] {
  const { system, cpu, memory, drives, batteries, displays } = inventory;
  const parts = [
    [say('Machine', 'Machine'), system],
    [say('Processeur', 'Processor'), cpu],
    [say('Mémoire', 'Memory'), memory],
    [
      say('Barrettes de mémoire', 'Memory modules'),
      memory.outcome === 'read' ? memory.value.modules : memory,
    ],
    [say('Disques', 'Drives'), drives],
    [say('Batteries', 'Batteries'), batteries],
    [say('Écrans', 'Screens'), displays],
  ] as const;
  return parts.flatMap(([name, part]) => (part.outcome === 'failed' ? [why(name, part.failure, say)] : []));
}

const CODES = {
  'tool-missing': ['programme absent', 'program missing'],
  'tool-failed': ['le programme a échoué', 'the program failed'],
  'timed-out': ['pas de réponse à temps', 'no answer in time'],
  refused: ['accès refusé', 'access refused'],
  unreadable: ['illisible', 'unreadable'],
  nonsense: ['réponse absurde', 'nonsense'],
} as const satisfies Record<ProbeFailure['code'], readonly [fr: string, en: string]>;

function why(name: string, { code, source, detail }: ProbeFailure, say: Say): string {
  const [fr, en] = CODES[code];
  const told = visible(detail.split('\n').find((line) => line.trim() !== '') ?? '', 120);
  const tail = `${visible(source, 60)}${told === '' ? '' : ` : ${told}`}`;
  return say(`${name} : non connu, ${fr} (${tail})`, `${name}: not known, ${en} (${tail})`);
}

function ofDrive({ path, health }: Drive, say: Say): string[] {
  const name = visible(path, 40);
  if (health.outcome === 'failed')
    return [why(`${say('Santé de', 'Health of')} ${name}`, health.failure, say)];
  if (health.outcome === 'absent') return [];
  const { passed, criticalWarning, pendingSectors, uncorrectableSectors, percentageUsed } = health.value;
  const all: (string | false)[] = [
    passed === false && say(`${name} annonce sa propre panne.`, `${name} announces its own failure.`),
    over(criticalWarning, 0) &&
      say(
        `${name} : avertissement critique ${criticalWarning}.`,
        `${name}: critical warning ${criticalWarning}.`,
      ),
    over(pendingSectors, 0) &&
      say(
        `${name} : ${pendingSectors} secteur(s) en attente.`,
        `${name}: ${pendingSectors} pending sector(s).`,
      ),
    over(uncorrectableSectors, 0) &&
      say(
        `${name} : ${uncorrectableSectors} secteur(s) illisible(s).`,
        `${name}: ${uncorrectableSectors} uncorrectable sector(s).`,
      ),
    over(percentageUsed, 100) &&
      say(
        `${name} : endurance épuisée (${percentageUsed} %).`,
        `${name}: endurance used up (${percentageUsed} %).`,
      ),
  ];
  return all.filter((line) => line !== false);
}

function over(value: number | null, limit: number): boolean {
  return value !== null && value > limit;
}

/** Below this a battery is worth replacing, whatever the grade. */
const WEAK_PERCENT = 50;

function ofBattery({ name, healthPercent, oddities }: Battery, say: Say): string[] {
  const shown = visible(name, 40);
  if (healthPercent === null) {
    const reason = oddities.map((oddity) => visible(oddity, 120)).join(', ');
    return [
      say(
        `Batterie ${shown} : santé non connue (${reason})`,
        `Battery ${shown}: health not known (${reason})`,
      ),
    ];
  }
  const percent = Math.round(healthPercent);
  return healthPercent < WEAK_PERCENT
    ? [say(`Batterie ${shown} : ${percent} % seulement.`, `Battery ${shown}: only ${percent} %.`)]
    : [];
}
