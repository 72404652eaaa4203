import { visible, type Battery, type Display, type Drive, type Inventory, type Part } from '@rebond/protocol';

export type Lang = 'fr' | 'en';

const WORDS = {
  fr: {
    unknown: 'non connu',
    absent: 'néant',
    serial: 'n° de série',
    cpu: 'Processeur',
    memory: 'Mémoire',
    cores: 'cœurs',
    threads: 'fils',
    usable: 'utilisables',
    empty: 'emplacements libres',
    smart: 'SMART :',
    firmware: 'Micrologiciel',
    health: { true: 'se dit sain', false: 'ANNONCE SA PANNE', null: 'ne se prononce pas' },
    hours: 'h de marche',
    worn: '% d’usure',
    reallocated: 'secteurs réalloués',
    cycles: 'cycles',
    internal: 'intégré',
    external: 'externe',
    bytes: ['Go', 'Gio'],
  },
  en: {
    unknown: 'not known',
    absent: 'none',
    serial: 'serial',
    cpu: 'Processor',
    memory: 'Memory',
    cores: 'cores',
    threads: 'threads',
    usable: 'usable',
    empty: 'free slots',
    smart: 'SMART:',
    firmware: 'Firmware',
    health: { true: 'says it is sound', false: 'SAYS IT IS FAILING', null: 'does not say' },
    hours: 'power-on h',
    worn: '% worn',
    reallocated: 'reallocated sectors',
    cycles: 'cycles',
    internal: 'built-in',
    external: 'external',
    bytes: ['GB', 'GiB'],
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

/** Drives are sold in powers of 1000 (`Go`, `GB`), memory in powers of 1024 (`Gio`, `GiB`). */
function size(bytes: number | null, lang: Lang, kind: 'drive' | 'memory'): string | null {
  if (bytes === null) return null;
  const figure = (bytes / (kind === 'drive' ? 1e9 : 1024 ** 3)).toFixed(1);
  const unit = WORDS[lang].bytes[kind === 'drive' ? 0 : 1];
  return `${lang === 'fr' ? figure.replace('.', ',') : figure} ${unit}`;
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
      join(words.cpu, model, count(cores, words.cores), count(threads, words.threads), architecture),
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
  return emptySlots > 0 ? [...each, `  ${emptySlots} ${WORDS[lang].empty}`] : each;
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
  const reallocated = count(reallocatedSectors, words.reallocated);
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
  return join(name, health, capacity, count(cycles, WORDS[lang].cycles), manufacturer, model);
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
