import type { Verification } from './sanitize.ts';
import type { PlanStep } from './steps.ts';
import type { Phrase } from './text.ts';

/** How a result was verified, in the words that every document and screen uses. */
export const VERIFICATION_NAMES: Readonly<Record<Verification, Phrase>> = {
  'full-read-back': { fr: 'relu en entier', en: 'read back in full' },
  'sampled-read-back': { fr: 'relu par échantillon', en: 'read back by sample' },
  'drive-reported': { fr: '« déclaré par le disque »', en: '“reported by the drive”' },
};

/** The steps of a plan, for people. */
export const STEP_NAMES: Readonly<Record<PlanStep['kind'], Phrase>> = {
  unfreeze: { fr: 'dégel', en: 'unfreeze' },
  unlock: { fr: 'déverrouillage', en: 'unlock' },
  reveal: { fr: 'ouverture d’une zone cachée', en: 'opening of a hidden area' },
  remember: { fr: 'relevé avant effacement', en: 'samples before the erase' },
  firmware: { fr: 'effacement par le disque', en: 'erase by the drive' },
  compare: { fr: 'comparaison après effacement', en: 'samples after the erase' },
  scan: { fr: 'lecture de tout le disque', en: 'reading of the whole drive' },
  overwrite: { fr: 'réécriture', en: 'overwrite' },
  'read-back': { fr: 'relecture', en: 'read-back' },
};
