import { type Phrase, visible } from '@rebond/protocol';

/** Why a server is not reached, in words; a code that has none here is shown as it is. */
export function unreachedWords(detail: string): Phrase {
  const known = Object.hasOwn(WORDS, detail) ? WORDS[detail] : undefined;
  const shown = visible(detail, 100);
  return known ?? { fr: shown, en: shown };
}

const WORDS: Record<string, Phrase> = {
  'wrong-pin': {
    fr: 'un serveur répond avec une autre clé que « pin » de config.json : rien ne lui est dit',
    en: 'a server answers with another key than “pin” in config.json: it is told nothing',
  },
  ECONNREFUSED: { fr: 'la machine répond, pas le serveur', en: 'the machine answers, the server does not' },
  EHOSTUNREACH: { fr: 'personne à cette adresse', en: 'nobody at this address' },
  ENETUNREACH: { fr: 'pas encore de réseau', en: 'no network yet' },
  ENOTFOUND: { fr: 'nom inconnu du réseau', en: 'a name that the network does not know' },
  EAI_AGAIN: { fr: 'le réseau ne résout pas ce nom', en: 'the network does not resolve this name' },
  ETIMEDOUT: { fr: 'pas de réponse', en: 'no answer' },
  UND_ERR_CONNECT_TIMEOUT: { fr: 'pas de réponse', en: 'no answer' },
};
