import type { Battery, Display, Inventory } from '../words/inventory.ts';
import type { Drive, DriveHealth, Part } from '../words/drive.ts';
import type { BootMediumRef, Grade, GradeReason, Letter } from '../words/record.ts';
import type { Evidence } from '../words/sanitize.ts';
import { counted } from './counted.ts';
import { sameIdentity } from './identity.ts';
import { RUBRIC, RUBRIC_1, rubricHash } from './rubric.ts';

const LETTERS = ['A', 'B', 'C', 'D'] as const satisfies Letter[];

/**
 * Grades one laptop by the rubric. A part that is not known gets no letter and keeps the overall letter open;
 * `atBest` is the letter that the known parts still allow.
 * @param bootMedium as the record names it from version 4 on; left out for earlier ones, which rubric 1 judges
 */
export async function grade(
  inventory: Inventory,
  sanitizations: readonly Evidence[],
  bootMedium?: BootMediumRef | null,
): Promise<Grade> {
  const rubric = bootMedium === undefined ? RUBRIC_1 : RUBRIC;
  const besides = bootMedium ?? null;
  const functional = [
    memory(inventory),
    cpu(inventory),
    ...drives(inventory, besides),
    ...batteries(inventory),
    ...displays(inventory),
    data(inventory, sanitizations, besides),
  ];
  const reasons = [...functional, COSMETIC_UNSEEN];
  return {
    rubric: { id: rubric.id, version: rubric.version, sha256: await rubricHash(rubric) },
    functional: functional.every((reason) => reason.letter) ? worst(functional) : null,
    cosmetic: null,
    overall: reasons.every((reason) => reason.letter) ? worst(reasons) : null,
    atBest: worst(reasons),
    reasons,
  };
}

const COSMETIC_UNSEEN: GradeReason = {
  rule: 'cosmetic',
  letter: null,
  fr: 'Aspect : personne ne l’a encore regardé.',
  en: 'Cosmetic state: nobody has looked yet.',
};

function worst(reasons: readonly GradeReason[]): Letter {
  return LETTERS.findLast((letter) => reasons.some((reason) => reason.letter === letter)) ?? 'A';
}

function atLeast(value: number, floor: { A: number; B: number; C: number }): Letter {
  return value >= floor.A ? 'A' : value >= floor.B ? 'B' : value >= floor.C ? 'C' : 'D';
}

function unknown(rule: string, fr: string, en: string): GradeReason {
  return { rule, letter: null, fr: `${fr} : inconnu.`, en: `${en}: unknown.` };
}

function memory({ memory }: Inventory): GradeReason {
  if (memory.outcome !== 'read') return unknown('memory', 'Mémoire', 'Memory');
  const gib = (memory.value.usableBytes / 1024 ** 3).toFixed(1);
  return {
    rule: 'memory',
    letter: atLeast(memory.value.usableBytes, RUBRIC.memoryUsableBytes),
    fr: `Mémoire : ${gib.replace('.', ',')} Gio utilisables.`,
    en: `Memory: ${gib} GiB usable.`,
  };
}

function cpu({ cpu }: Inventory): GradeReason {
  if (cpu.outcome !== 'read') return unknown('cpu', 'Processeur', 'Processor');
  const { threads } = cpu.value;
  return {
    rule: 'cpu',
    letter: atLeast(threads, RUBRIC.cpuThreads),
    fr: `Processeur : ${counted(threads, 'fr', 'fil', 'fils')} d’exécution.`,
    en: `Processor: ${counted(threads, 'en', 'thread', 'threads')}.`,
  };
}

function drives({ drives }: Inventory, besides: BootMediumRef | null): GradeReason[] {
  const own = (drives.outcome === 'read' ? drives.value : []).flatMap((drive, index) =>
    isBootMedium(drive, besides) ? [] : [{ rule: `drive-${index}`, ...driveLetter(drive) }],
  );
  return own.length === 0 ? [unknown('drives', 'Disques', 'Drives')] : own;
}

/** Only what is plugged in from outside can be left out of account: a drive inside the laptop counts, whatever is said of it. */
export function isBootMedium(drive: Drive, named: BootMediumRef | null): boolean {
  const { medium, removable, path, identity } = drive;
  const outside = (identity.transport === 'usb' && removable === true) || medium === 'sd-card';
  return named !== null && outside && path === named.path && sameIdentity(identity, named.identity);
}

function driveLetter(drive: Drive): Omit<GradeReason, 'rule'> {
  const { health } = drive;
  const name = drive.path;
  if (health.outcome !== 'read') {
    return { letter: null, fr: `Disque ${name} : santé inconnue.`, en: `Drive ${name}: health unknown.` };
  }
  const said = (letter: Letter | null, fr: string, en: string): Omit<GradeReason, 'rule'> => ({
    letter,
    fr: `Disque ${name} : ${fr}.`,
    en: `Drive ${name}: ${en}.`,
  });
  const {
    passed,
    pendingSectors,
    uncorrectableSectors,
    criticalWarning,
    reallocatedSectors,
    percentageUsed,
  } = health.value;
  if (passed === false) return said('D', 'il annonce sa propre panne', 'it announces its own failure');
  if ((criticalWarning ?? 0) > 0) {
    return said('D', `avertissement critique ${criticalWarning}`, `critical warning ${criticalWarning}`);
  }
  if ((pendingSectors ?? 0) > RUBRIC.drivePendingSectors.A) {
    return said(
      'D',
      counted(pendingSectors ?? 0, 'fr', 'secteur en attente', 'secteurs en attente'),
      counted(pendingSectors ?? 0, 'en', 'pending sector', 'pending sectors'),
    );
  }
  if ((uncorrectableSectors ?? 0) > 0) {
    return said(
      'D',
      counted(uncorrectableSectors ?? 0, 'fr', 'secteur illisible', 'secteurs illisibles'),
      counted(uncorrectableSectors ?? 0, 'en', 'uncorrectable sector', 'uncorrectable sectors'),
    );
  }
  if ((reallocatedSectors ?? 0) > RUBRIC.driveReallocatedSectors.B) {
    return said('D', `${reallocatedSectors} secteurs réalloués`, `${reallocatedSectors} reallocated sectors`);
  }
  if ((percentageUsed ?? 0) > RUBRIC.drivePercentageUsed.B) {
    return said('D', `usure ${percentageUsed} %`, `${percentageUsed} % worn`);
  }
  return soundEnough(health.value, said);
}

function soundEnough(
  health: DriveHealth,
  said: (letter: Letter | null, fr: string, en: string) => Omit<GradeReason, 'rule'>,
): Omit<GradeReason, 'rule'> {
  const { passed, pendingSectors, reallocatedSectors, percentageUsed, powerOnHours, mediaErrors } = health;
  const judged =
    passed === true && (percentageUsed !== null || (pendingSectors !== null && reallocatedSectors !== null));
  if (!judged) {
    return said(null, 'ses compteurs ne suffisent pas à la juger', 'its counters are not enough to judge it');
  }
  if ((reallocatedSectors ?? 0) > RUBRIC.driveReallocatedSectors.A) {
    return said(
      'B',
      counted(reallocatedSectors ?? 0, 'fr', 'secteur réalloué', 'secteurs réalloués'),
      counted(reallocatedSectors ?? 0, 'en', 'reallocated sector', 'reallocated sectors'),
    );
  }
  if (mediaErrors !== null && BigInt(mediaErrors) > 0n) {
    return said('B', `erreurs de support : ${mediaErrors}`, `media errors: ${mediaErrors}`);
  }
  if ((percentageUsed ?? 0) > RUBRIC.drivePercentageUsed.A) {
    return said('B', `usure ${percentageUsed} %`, `${percentageUsed} % worn`);
  }
  if ((powerOnHours ?? 0) > RUBRIC.drivePowerOnHours.A) {
    return said('B', `${powerOnHours} heures de marche`, `${powerOnHours} power-on hours`);
  }
  return said('A', 'aucun signe de panne', 'no sign of failure');
}

function batteries({ batteries }: Inventory): GradeReason[] {
  if (batteries.outcome === 'failed') return [unknown('batteries', 'Batterie', 'Battery')];
  if (batteries.outcome === 'absent' || batteries.value.length === 0) {
    return [
      {
        rule: 'batteries',
        letter: 'D',
        fr: 'Batterie : aucune n’est présente.',
        en: 'Battery: none is present.',
      },
    ];
  }
  return batteries.value.map((battery, index) => ({ rule: `battery-${index}`, ...batteryLetter(battery) }));
}

function batteryLetter({ name, healthPercent }: Battery): Omit<GradeReason, 'rule'> {
  if (healthPercent === null) {
    return { letter: null, fr: `Batterie ${name} : santé inconnue.`, en: `Battery ${name}: health unknown.` };
  }
  const percent = Math.round(healthPercent);
  return {
    letter: atLeast(healthPercent, RUBRIC.batteryHealthPercent),
    fr: `Batterie ${name} : ${percent} % de sa capacité d’origine.`,
    en: `Battery ${name}: ${percent} % of its design capacity.`,
  };
}

function displays({ displays }: Inventory): GradeReason[] {
  const panels = displays.outcome === 'read' ? displays.value.filter((display) => display.internal) : [];
  if (panels.length === 0) return [unknown('display', 'Écran intégré', 'Built-in screen')];
  return panels.map((panel, index) => ({ rule: `display-${index}`, ...panelLetter(panel) }));
}

function panelLetter({ widthPixels, heightPixels }: Display): Omit<GradeReason, 'rule'> {
  if (widthPixels === null) {
    return {
      letter: null,
      fr: 'Écran intégré : définition inconnue.',
      en: 'Built-in screen: resolution unknown.',
    };
  }
  return {
    letter: atLeast(widthPixels, RUBRIC.displayWidthPixels),
    fr: `Écran intégré : ${widthPixels} × ${heightPixels ?? '?'} points.`,
    en: `Built-in screen: ${widthPixels} × ${heightPixels ?? '?'} pixels.`,
  };
}

/** No letter while a drive of this machine may still hold a donor's data. */
function data(
  { drives }: Inventory,
  sanitizations: readonly Evidence[],
  besides: BootMediumRef | null,
): GradeReason {
  const held: Part<Drive[]> =
    drives.outcome === 'read'
      ? { ...drives, value: drives.value.filter((drive) => !isBootMedium(drive, besides)) }
      : drives;
  const open = held.outcome === 'read' ? held.value.filter((drive) => !sanitized(drive, sanitizations)) : [];
  if (held.outcome === 'read' && open.length === 0) {
    return {
      rule: 'data',
      letter: 'A',
      fr: 'Données : tous les disques sont effacés.',
      en: 'Data: all drives are sanitized.',
    };
  }
  const many = held.outcome === 'read' ? String(open.length) : '?';
  return {
    rule: 'data',
    letter: null,
    fr: `Données : disques de cette machine non effacés : ${many}.`,
    en: `Data: drives of this machine not sanitized: ${many}.`,
  };
}

function sanitized(drive: Drive, sanitizations: readonly Evidence[]): boolean {
  return sanitizations.some(
    ({ plan, outcome, levelAchieved }) =>
      plan.mode === 'real' &&
      outcome === 'done' &&
      levelAchieved !== 'none' &&
      plan.target.path === drive.path &&
      plan.target.identity.serial === drive.identity.serial &&
      plan.target.identity.wwid === drive.identity.wwid,
  );
}
