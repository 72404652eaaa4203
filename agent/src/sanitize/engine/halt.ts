import type { OverwriteStop } from './words.ts';

export type StopCode = OverwriteStop['code'];

/** The one way to end the work early; the first reason stays. */
export type Halt = {
  why(): OverwriteStop | null;
  stop(code: StopCode, detail?: string): void;
  /** Resolves when the work was ended. */
  ended: Promise<void>;
};

export function makeHalt(): Halt {
  let why: OverwriteStop | null = null;
  const { promise, resolve } = Promise.withResolvers<void>();
  return {
    why: () => why,
    stop(code, detail = '') {
      why ??= stopOf(code, detail);
      resolve();
    },
    ended: promise,
  };
}

/** @param detail an error's code, or what a process printed last: hostile text, and shown as such */
export function stopOf(code: StopCode, detail = ''): OverwriteStop {
  const { fr, en } = SENTENCES[code];
  const said = detail === '' ? '' : ` (${detail.slice(0, 500)})`;
  return { code, fr: fr.replace('%', said), en: en.replace('%', said) };
}

const SENTENCES: Record<StopCode, { fr: string; en: string }> = {
  'stopped-by-operator': {
    fr: 'Le travail a été arrêté avant la fin, à la demande de l’opérateur.',
    en: 'The work was stopped before its end, as the operator asked.',
  },
  'device-gone': {
    fr: 'Le disque ne répond plus%. Vérifiez son branchement, puis recommencez.',
    en: 'The drive no longer answers%. Check how it is connected, then begin again.',
  },
  'request-refused': {
    fr: 'Le système refuse les requêtes elles-mêmes%. Ce disque ne peut pas être réécrit ainsi.',
    en: 'The system refuses the requests themselves%. This drive cannot be overwritten like this.',
  },
  'flush-failed': {
    fr: 'Le disque n’a pas confirmé avoir vidé son cache%. Ce qui a été écrit a pu se perdre.',
    en: 'The drive did not confirm that its cache was flushed%. What was written may be lost.',
  },
  'too-many-errors': {
    fr: 'Trop de secteurs défectueux : le disque est abandonné. Mettez-le à part pour destruction.',
    en: 'Too many bad sectors: the drive is given up. Set it apart to be destroyed.',
  },
  'too-slow': {
    fr: 'Le disque est devenu trop lent : il est abandonné. Mettez-le à part pour destruction.',
    en: 'The drive became too slow: it is given up. Set it apart to be destroyed.',
  },
  'engine-died': {
    fr: 'Le programme qui réécrivait ce disque s’est arrêté sans rien dire%. Recommencez.',
    en: 'The program that overwrote this drive ended without a word%. Begin again.',
  },
};
