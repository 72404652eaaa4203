import type { Reason } from '@rebond/protocol';

/** Why a plan is what it is, and why a technique was passed over. */
export const ONE_PASS: Reason = {
  code: 'one-pass',
  fr: 'Une passe pseudo-aléatoire à clé, relue : elle montre aussi qu’aucune adresse n’en cache une autre.',
  en: 'A keyed pseudorandom pass, read back: it also shows that no address hides another.',
};
export const BEST: Reason = {
  code: 'best-technique',
  fr: 'La meilleure technique que ce disque annonce, parmi celles que la règle de l’atelier permet.',
  en: 'The best technique that this drive announces, among those that the workshop’s policy allows.',
};
export const LEGACY: Reason = {
  code: 'legacy-sequence',
  fr: 'Séquence ancienne demandée par un contrat : pas meilleure qu’une seule passe (NIST SP 800-88r2 §3.1).',
  en: 'A legacy sequence that a contract asks for: no better than one pass (NIST SP 800-88r2 §3.1).',
};
export const BELOW_REQUEST: Reason = {
  code: 'below-request',
  fr: 'Sur ce disque, cette technique n’atteint pas le niveau demandé.',
  en: 'On this drive this technique does not reach the level asked for.',
};
export const MEANS_UNKNOWN: Reason = {
  code: 'means-unknown',
  fr: 'Ce que ce disque sait faire n’a pas pu être lu : seule une réécriture reste possible.',
  en: 'What this drive can do could not be read: only an overwrite is left.',
};
export const AWAITS: Reason = {
  code: 'awaits-sanitize',
  fr: 'Un effacement interne court déjà sur ce disque, repris après une coupure : il est attendu d’abord, puis tout recommence, car rien ne dit ce qu’il vaut.',
  en: 'A sanitize runs on this drive already, gone on after a power cut: it is waited for first, then all begins anew, for nothing says what it is worth.',
};
export const NO_LEVEL: Reason = {
  code: 'no-level',
  fr: 'Aucune norme ne donne de niveau à cette technique sur ce support.',
  en: 'No standard gives this technique a level on this medium.',
};
export const EXPIRED: Reason = {
  code: 'attempts-expired',
  fr: 'Ce disque verrouillé a compté trop de mots de passe faux : le rallumer, puis recommencer.',
  en: 'This locked drive counted too many wrong passwords: switch it off and on, then begin again.',
};
export const UNPROVEN: Reason = {
  code: 'unproven',
  fr: 'Aucun disque d’essai n’a pu montrer que cette technique marche : elle n’est pas utilisée.',
  en: 'No drive of the lab could show that this technique works: it is not used.',
};

export function overBudget(expectedMs: number, budgetMinutes: number): Reason {
  const minutes = Math.ceil(expectedMs / 60_000);
  return {
    code: 'over-budget',
    fr: `Le disque annonce ${minutes} min, la règle de l’atelier en accorde ${budgetMinutes}.`,
    en: `The drive announces ${minutes} min, the workshop’s policy allows ${budgetMinutes}.`,
  };
}
