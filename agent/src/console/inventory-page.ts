import { visible, type Inventory } from '@rebond/protocol';
import { batteryLines, driveLines, machineLines, screenLines, type Lang } from './inventory-parts.ts';
import { problems } from './inventory-problems.ts';

/** What a line is, for whoever gives it a colour. */
type Tone = 'title' | 'problem' | 'plain';
export type Paint = (line: string, tone: Tone) => string;

const WORDS = {
  fr: {
    title: 'INVENTAIRE',
    problems: 'À REGARDER',
    none: 'Rien à signaler dans ce qui a été lu.',
    machine: 'MACHINE',
    drives: 'DISQUES',
    batteries: 'BATTERIES',
    screens: 'ÉCRANS',
    remarks: 'REMARQUES',
    sources: { server: 'heure du serveur', ntp: 'heure du réseau', 'rtc-unverified': 'heure non vérifiée' },
  },
  en: {
    title: 'INVENTORY',
    problems: 'LOOK AT THIS',
    none: 'Nothing to report in what was read.',
    machine: 'MACHINE',
    drives: 'DRIVES',
    batteries: 'BATTERIES',
    screens: 'SCREENS',
    remarks: 'REMARKS',
    sources: { server: 'server time', ntp: 'network time', 'rtc-unverified': 'time not verified' },
  },
} as const;

/**
 * The inventory as one page for a terminal: what needs a look first, then part by part. No line is longer than
 * `width` characters, and nothing in a hostile string acts on the terminal.
 * @param paint colours a whole line, after it has been cut; without it there is no colour
 */
export function inventoryPage(
  inventory: Inventory,
  lang: Lang,
  width: number,
  paint: Paint = (line) => line,
): string[] {
  const words = WORDS[lang];
  const found = problems(inventory, lang);
  const { wall, timeSource } = inventory.takenAt;
  const lines: (readonly [Tone, string])[] = [
    ['title', `${words.title} · ${wall.slice(0, 16).replace('T', ' ')} UTC (${words.sources[timeSource]})`],
    ...section(found.length > 0 ? words.problems : null, 'problem', found.length > 0 ? found : [words.none]),
    ...section(words.machine, 'plain', machineLines(inventory, lang)),
    ...section(words.drives, 'plain', driveLines(inventory, lang)),
    ...section(words.batteries, 'plain', batteryLines(inventory, lang)),
    ...section(words.screens, 'plain', screenLines(inventory, lang)),
    ...section(words.remarks, 'plain', inventory.remarks),
  ];
  return lines.map(([tone, line]) => paint(fit(line, width), tone));
}

function section(heading: string | null, tone: Tone, lines: readonly string[]): (readonly [Tone, string])[] {
  if (lines.length === 0) return [];
  const head: (readonly [Tone, string])[] = heading === null ? [] : [['title', heading]];
  return [
    ['plain', ''],
    ...head,
    ...lines.map((line) => [heading === null ? 'plain' : tone, `  ${line}`] as const),
  ];
}

/** One line, made harmless as a whole once more and cut to the width in characters. */
function fit(line: string, width: number): string {
  const characters = Array.from(visible(line, 2000));
  return characters.length <= width
    ? characters.join('')
    : `${characters.slice(0, Math.max(0, width - 1)).join('')}…`;
}
