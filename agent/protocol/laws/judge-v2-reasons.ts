import { STEP_NAMES } from '../words/names.ts';
import type { BadSectors } from '../words/overwrite.ts';
import type { PlanStep } from '../words/steps.ts';
import type { Reason } from '../words/text.ts';
import { counted } from './counted.ts';

export const FLAWED: Reason = {
  code: 'plan-flawed',
  fr: 'Le plan et ce qui en a été vu ne vont pas ensemble : il n’en suit rien.',
  en: 'The plan and what was seen of it do not fit together: nothing follows.',
};
export const STILL_RUNNING: Reason = {
  code: 'still-running',
  fr: 'Un effacement interne, commencé avant cette session, court encore : rien d’autre ne peut être fait de ce disque. Laissez-le sous tension, puis recommencez.',
  en: 'A sanitize that began before this session still runs: nothing else can be done with this drive. Leave it powered, then begin again.',
};
export const RUNNING_UNKNOWN: Reason = {
  code: 'running-unknown',
  fr: 'Un effacement interne courait au début ; le disque ne dit plus s’il est fini. Laissez-le sous tension, puis recommencez.',
  en: 'A sanitize ran at the beginning; the drive no longer says whether it has ended. Leave it powered, then begin again.',
};
export const STILL_FROZEN: Reason = {
  code: 'still-frozen',
  fr: 'Le disque reste gelé par le micrologiciel de la machine, aussi après une mise en veille.',
  en: 'The drive stays frozen by the machine’s firmware, after a suspend too.',
};
export const FREEZE_UNKNOWN: Reason = {
  code: 'freeze-unknown',
  fr: 'On n’a pas pu savoir si le disque est encore gelé.',
  en: 'Whether the drive is still frozen could not be found out.',
};
export const STILL_LOCKED: Reason = {
  code: 'still-locked',
  fr: 'Le disque reste verrouillé par un mot de passe qui n’est pas le nôtre.',
  en: 'The drive stays locked by a password that is not ours.',
};
export const LOCK_UNKNOWN: Reason = {
  code: 'lock-unknown',
  fr: 'On n’a pas pu savoir si le disque est encore verrouillé.',
  en: 'Whether the drive is still locked could not be found out.',
};
export const SIZE_UNKNOWN: Reason = {
  code: 'size-not-read',
  fr: 'La taille du disque n’a pas pu être relue après l’ouverture de sa zone cachée.',
  en: 'The size of the drive could not be read again after its hidden area was opened.',
};
export const TOO_FEW_PLACES: Reason = {
  code: 'too-few-places',
  fr: 'Les endroits à lire avant l’effacement n’ont pas tous été lus : il y a trop peu à comparer.',
  en: 'Not all places to be read before the erase were read: there is too little to compare.',
};
export const REFUSED: Reason = {
  code: 'technique-refused',
  fr: 'Le disque a refusé la commande : rien n’a été effacé par elle.',
  en: 'The drive refused the command: nothing was erased by it.',
};
export const ACCEPTED_UNKNOWN: Reason = {
  code: 'acceptance-unknown',
  fr: 'On n’a pas pu savoir si le disque a pris la commande.',
  en: 'Whether the drive took the command could not be found out.',
};
export const FAILED: Reason = {
  code: 'technique-failed',
  fr: 'Le disque dit lui-même que l’effacement a échoué.',
  en: 'The drive itself says that the erase failed.',
};
export const END_UNKNOWN: Reason = {
  code: 'end-unknown',
  fr: 'Le disque n’a pas dit que l’effacement est fini et réussi.',
  en: 'The drive did not say that the erase has ended and succeeded.',
};
export const NOT_ALL_COMPARED: Reason = {
  code: 'not-all-compared',
  fr: 'Les endroits lus avant n’ont pas tous été relus après.',
  en: 'Not all places that were read beforehand were read again afterwards.',
};
export const FROM_CACHE: Reason = {
  code: 'read-from-cache',
  fr: 'La relecture est passée par la mémoire du système : elle ne prouve rien du disque.',
  en: 'The read-back went through the system’s own cache: it proves nothing of the drive.',
};
export const NOT_FLUSHED: Reason = {
  code: 'not-flushed',
  fr: 'Le disque n’a pas confirmé avoir vidé son cache.',
  en: 'The drive did not confirm that its cache was flushed.',
};

export function notBegun({ kind }: PlanStep): Reason {
  return {
    code: 'step-not-begun',
    fr: `Le plan n’a pas été mené à son terme : il s’arrête avant l’étape « ${STEP_NAMES[kind].fr} ».`,
    en: `The plan was not carried to its end: it stops before the step “${STEP_NAMES[kind].en}”.`,
  };
}

export function stillHidden(due: number, size: number): Reason {
  return {
    code: 'still-hidden',
    fr: `Le disque ne montre pas toute sa taille : ${size} octets au lieu de ${due}.`,
    en: `The drive does not show its whole size: ${size} bytes instead of ${due}.`,
  };
}

export function dataLeft(count: number, first: number): Reason {
  return {
    code: 'data-left',
    fr: `Des données d’avant sont encore là : ${counted(count, 'fr', 'endroit', 'endroits')}, le premier à l’octet ${first}.`,
    en: `Data from before is still there: ${counted(count, 'en', 'place', 'places')}, the first at byte ${first}.`,
  };
}

export function placesUnreadable(count: number): Reason {
  return {
    code: 'places-unreadable',
    fr: `Après l’effacement, ${counted(count, 'fr', 'endroit n’a pas pu être lu', 'endroits n’ont pas pu être lus')} : on ne sait pas ce qui s’y trouve.`,
    en: `After the erase ${counted(count, 'en', 'place could not be read', 'places could not be read')}: what is there is not known.`,
  };
}

export function badSectors({ count, offsets, code }: BadSectors): Reason {
  const [at, why] = [offsets[0] ?? 0, code ?? '?'];
  return {
    code: 'bad-sectors',
    fr: `${counted(count, 'fr', 'secteur n’a pas pu être écrasé', 'secteurs n’ont pas pu être écrasés')}, le premier à l’octet ${at} (${why}) : ce qui s’y trouvait y est peut-être encore.`,
    en: `${counted(count, 'en', 'sector could not be overwritten', 'sectors could not be overwritten')}, the first at byte ${at} (${why}): what was there may still be there.`,
  };
}

export function unreadable({ count, offsets, code }: BadSectors): Reason {
  const [at, why] = [offsets[0] ?? 0, code ?? '?'];
  return {
    code: 'read-error',
    fr: `${counted(count, 'fr', 'secteur n’a pas pu être relu', 'secteurs n’ont pas pu être relus')}, le premier à l’octet ${at} (${why}).`,
    en: `${counted(count, 'en', 'sector could not be read back', 'sectors could not be read back')}, the first at byte ${at} (${why}).`,
  };
}

export function differs(count: number, first: number): Reason {
  return {
    code: 'read-back-differs',
    fr: `La relecture ne retrouve pas ce qui a été écrit : ${counted(count, 'fr', 'secteur', 'secteurs')}, le premier à l’octet ${first}.`,
    en: `Reading back does not find what was written: ${counted(count, 'en', 'sector', 'sectors')}, the first at byte ${first}.`,
  };
}

export function resumedElsewhere(from: number, planned: number | null): Reason {
  return {
    code: 'resumed-elsewhere',
    fr: `La passe a commencé à l’octet ${from}, le plan disait ${planned ?? 0} : ce qui est entre les deux n’a pas été écrit.`,
    en: `The pass began at byte ${from}, the plan said ${planned ?? 0}: what lies between was not written.`,
  };
}

export function notAllWritten(bytes: number, due: number): Reason {
  return {
    code: 'not-all-written',
    fr: `${bytes} octets écrits sur ${due}.`,
    en: `${bytes} of ${due} bytes written.`,
  };
}

export function notAllReadBack(matched: number, due: number): Reason {
  return {
    code: 'not-all-read-back',
    fr: `${matched} octets relus et retrouvés sur ${due}.`,
    en: `${matched} of ${due} bytes read back and found.`,
  };
}

export function notBlank(first: number): Reason {
  return {
    code: 'not-blank',
    fr: `Après l’effacement, le disque n’est pas vide partout : il reste quelque chose, d’abord à l’octet ${first}.`,
    en: `After the erase the drive is not blank everywhere: something is left, first at byte ${first}.`,
  };
}

export function unreadableAfter({ count, offsets }: BadSectors): Reason {
  const at = offsets[0] ?? 0;
  return {
    code: 'unreadable-after',
    fr: `Après l’effacement, ${counted(count, 'fr', 'secteur ne peut pas être lu', 'secteurs ne peuvent pas être lus')}, le premier à l’octet ${at} : on ne sait pas ce qui s’y trouve.`,
    en: `After the erase ${counted(count, 'en', 'sector cannot be read', 'sectors cannot be read')}, the first at byte ${at}: what is there is not known.`,
  };
}

export function notAllScanned(bytes: number, due: number): Reason {
  return {
    code: 'not-all-scanned',
    fr: `${bytes} octets relus sur ${due} après l’effacement.`,
    en: `${bytes} of ${due} bytes read after the erase.`,
  };
}
