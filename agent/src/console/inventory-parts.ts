import {
  counted,
  visible,
  type Battery,
  type Display,
  type Drive,
  type Inventory,
  type Part,
} from '@rebond/protocol';
import { sizeText } from './size.ts';

export type Lang = 'fr' | 'en';

const WORDS = {
  fr: {
    unknown: 'non connu',
    absent: 'néant',
    serial: 'n° de série',
    cpu: 'Processeur',
    memory: 'Mémoire',
    cores: ['cœur', 'cœurs'],
    threads: ['fil', 'fils'],
    usable: 'utilisables',
    empty: ['emplacement libre', 'emplacements libres'],
    smart: 'SMART :',
    firmware: 'Micrologiciel',
    health: { true: 'se dit sain', false: 'ANNONCE SA PANNE', null: 'ne se prononce pas' },
    hours: 'h de marche',
    worn: '% d’usure',
    reallocated: ['secteur réalloué', 'secteurs réalloués'],
    cycles: ['cycle', 'cycles'],
    internal: 'intégré',
    external: 'externe',
  },
  en: {
    unknown: 'not known',
    absent: 'none',
    serial: 'serial',
    cpu: 'Processor',
    memory: 'Memory',
    cores: ['core', 'cores'],
    threads: ['thread', 'threads'],
    usable: 'usable',
    empty: ['free slot', 'free slots'],
    smart: 'SMART:',
    firmware: 'Firmware',
    health: { true: 'says it is sound', false: 'SAYS IT IS FAILING', null: 'does not say' },
    hours: 'power-on h',
    worn: '% worn',
    reallocated: ['reallocated sector', 'reallocated sectors'],
    cycles: ['cycle', 'cycles'],
    internal: 'built-in',
    external: 'external',
  },
} as const;

/** Hostile words side by side, those that are not known left out. */
const join = (...words: readonly (string | null | undefined | false)[]): string =>
  words
    .filter((word) => word)
    .map((word) => visible(String(word), 80))
    .join(' · ');

const count = (value: number | null, unit: string): string | null =>
  value === null ? null : `${value} ${unit}`;

function several(value: number | null, [one, many]: readonly [string, string], lang: Lang): string | null {
  return value === null ? null : counted(value, lang, one, many);
}

function size(bytes: number | null, lang: Lang, kind: 'drive' | 'memory'): string | null {
  return bytes === null ? null : sizeText(bytes, lang, kind);
}

/** Ten blocks for a hundred per cent; more than that fills it. */
export function bar(percent: number): string {
  const full = Math.min(10, Math.max(0, Math.round(percent / 10)));
  return '█'.repeat(full) + '░'.repeat(10 - full);
}

function lines<T>(part: Part<T>, lang: Lang, read: (value: T) => string[]): string[] {
  if (part.outcome === 'read') return read(part.value);
  return [part.outcome === 'absent' ? WORDS[lang].absent : WORDS[lang].unknown];
}

/** Maker, processor and memory. */
export function machineLines({ system, cpu, memory }: Inventory, lang: Lang): string[] {
  const words = WORDS[lang];
  return [
    ...lines(system, lang, (facts) => [
      join(facts.manufacturer, facts.product, facts.version, facts.chassis),
      join(facts.serial && `${words.serial} ${facts.serial}`, facts.uuid),
      join(words.firmware, facts.firmwareVendor, facts.firmwareVersion, facts.firmwareDate),
    ]).filter((line) => line !== ''),
    ...lines(cpu, lang, ({ model, cores, threads, architecture }) => [
      join(
        words.cpu,
        model,
        several(cores, words.cores, lang),
        several(threads, words.threads, lang),
        architecture,
      ),
    ]),
    ...lines(memory, lang, ({ usableBytes, modules }) => [
      join(words.memory, `${size(usableBytes, lang, 'memory')} ${words.usable}`),
      ...(modules.outcome === 'read' ? moduleLines(modules.value, lang) : []),
    ]),
  ];
}

type Modules = Extract<
  Extract<Inventory['memory'], { outcome: 'read' }>['value']['modules'],
  { outcome: 'read' }
>;

function moduleLines({ modules, emptySlots }: Modules['value'], lang: Lang): string[] {
  const each = modules.map((module) => {
    const capacity = size(module.sizeBytes, lang, 'memory') ?? WORDS[lang].unknown;
    return `  ${join(module.slot, capacity, module.type, count(module.speed, 'MT/s'), module.manufacturer)}`;
  });
  return emptySlots > 0 ? [...each, `  ${several(emptySlots, WORDS[lang].empty, lang)}`] : each;
}

export function driveLines({ drives }: Inventory, lang: Lang): string[] {
  return lines(drives, lang, (all) =>
    all.flatMap((drive) => [driveLine(drive, lang), healthLine(drive, lang)]),
  );
}

function driveLine({ path, identity, medium, sizeBytes }: Drive, lang: Lang): string {
  const capacity = size(sizeBytes, lang, 'drive') ?? WORDS[lang].unknown;
  const serial = identity.serial && `${WORDS[lang].serial} ${identity.serial}`;
  return join(path, capacity, identity.model, serial, `${medium} / ${identity.transport}`);
}

function healthLine({ health }: Drive, lang: Lang): string {
  const words = WORDS[lang];
  if (health.outcome !== 'read') return `  ${words.smart} ${words.unknown}`;
  const { passed, powerOnHours, temperatureCelsius, percentageUsed, reallocatedSectors } = health.value;
  const said = words.health[`${passed}`];
  const worn = percentageUsed === null ? null : `${percentageUsed} ${words.worn}`;
  const hours = count(powerOnHours, words.hours);
  const reallocated = several(reallocatedSectors, words.reallocated, lang);
  return `  ${words.smart} ${join(said, hours, count(temperatureCelsius, '°C'), worn, reallocated)}`;
}

export function batteryLines({ batteries }: Inventory, lang: Lang): string[] {
  return lines(batteries, lang, (all) => all.map((battery) => batteryLine(battery, lang)));
}

function batteryLine(battery: Battery, lang: Lang): string {
  const { name, healthPercent, design, full, unit, cycles, manufacturer, model } = battery;
  const health =
    healthPercent === null ? WORDS[lang].unknown : `${bar(healthPercent)} ${Math.round(healthPercent)} %`;
  const capacity = design !== null && full !== null && unit !== null && `${full} / ${design} ${unit}`;
  return join(name, health, capacity, several(cycles, WORDS[lang].cycles, lang), manufacturer, model);
}

export function screenLines({ displays }: Inventory, lang: Lang): string[] {
  return lines(displays, lang, (all) => all.map((display) => screenLine(display, lang)));
}

function screenLine(display: Display, lang: Lang): string {
  const { connector, internal, model, widthPixels, heightPixels, widthMillimetres, heightMillimetres } =
    display;
  const pixels = widthPixels !== null && heightPixels !== null && `${widthPixels} × ${heightPixels}`;
  const inches =
    widthMillimetres !== null &&
    heightMillimetres !== null &&
    `${(Math.hypot(widthMillimetres, heightMillimetres) / 25.4).toFixed(1)}″`;
  return join(connector, internal ? WORDS[lang].internal : WORDS[lang].external, pixels, inches, model);
}
