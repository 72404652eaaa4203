import type { Phrase } from '@rebond/protocol';
import type { MediumState } from '../parse/live-state.ts';

/** What a technician must know of the stick that is plugged in, for each state that is not the ordinary one. */
export function mediumPhrases(medium: MediumState | null): Phrase[] {
  if (medium === null) return [];
  const { home, config, doubt } = medium;
  const phrases: Phrase[] = [];
  if (doubt !== null) phrases.push(DOUBT[doubt]);
  if (config !== null && home === null) phrases.push(READ_ONLY);
  if (config !== null && home !== null && home !== config) phrases.push(ELSEWHERE);
  return phrases;
}

/** On the live image, and not known yet from what it was started. */
export const SEARCHING: Phrase = {
  fr: 'Je cherche la clé de démarrage, avec les réglages de l’atelier. Laissez-la en place…',
  en: 'Looking for the boot stick, with the workshop’s settings. Keep it in…',
};
export const NOT_FOUND: Phrase = {
  fr: 'La clé de démarrage n’a pas été reconnue : réglages par défaut, et aucun disque ne sera touché. Laissez-la branchée, ses réglages seront pris dès qu’elle répond ; sinon redémarrez sur une autre prise.',
  en: 'The boot stick was not recognized: the defaults are used, and no drive will be touched. Keep it plugged in, its settings are taken as soon as it answers; else restart from another port.',
};
/** The agent ends here and is started again by the system. */
export const AGAIN: Phrase = {
  fr: 'Les réglages de la clé sont là : je repars avec eux.',
  en: 'The stick’s settings are here: starting again with them.',
};
export const AFTERWARDS: Phrase = {
  fr: 'Les réglages d’une clé sont là : ils servent dès la session suivante. Celle-ci n’est pas interrompue.',
  en: 'A stick’s settings are here: they are used from the next session on. This one is not interrupted.',
};

const READ_ONLY: Phrase = {
  fr: 'LA CLÉ N’ACCEPTE PAS D’ÉCRITURE (pleine, protégée ou usée) : rien ne peut y être gardé. Ses réglages sont lus et ses fiches sont envoyées, rien n’y est perdu. Sans serveur pour garder le journal, aucun disque ne sera touché. À faire : brancher aussi une autre clé REBOND ; ou éteindre, puis faire de la place sur la clé avec un autre ordinateur (sans toucher à rebond/spool), la déverrouiller ou la remplacer.',
  en: 'THE STICK TAKES NO WRITE (full, protected or worn out): nothing can be kept on it. Its settings are read and its records are sent, nothing on it is lost. Without a server to keep the journal no drive will be touched. What to do: plug in another REBOND stick as well; or power off, then make room on the stick with another computer (leave rebond/spool alone), unlock it or replace it.',
};

const ELSEWHERE: Phrase = {
  fr: 'La clé de démarrage n’accepte pas d’écriture : ses réglages servent, et les fiches sont gardées sur l’autre clé REBOND. Laissez-la en place.',
  en: 'The boot stick takes no write: its settings are used, and records are kept on the other REBOND stick. Keep that one in.',
};

const DOUBT: Record<NonNullable<MediumState['doubt']>, Phrase> = {
  twin: {
    fr: 'Deux clés Rebond semblables sont branchées : les réglages et les fiches sont peut-être ceux de l’autre. Aucune des deux ne sera effacée. Retirez celle qui est de trop et redémarrez (R).',
    en: 'Two like Rebond sticks are plugged in: settings and records may be those of the other one. Neither will be wiped. Take out the one too many and restart (R).',
  },
  several: {
    fr: 'Plusieurs clés REBOND sont branchées : aucune n’est choisie, rien n’y est lu ni gardé. N’en laissez qu’une.',
    en: 'Several REBOND sticks are plugged in: none is chosen, nothing on them is read or kept. Leave only one.',
  },
};
