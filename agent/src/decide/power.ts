import type { Phrase } from '@rebond/protocol';

/** What stands against switching the machine off. */
export type PowerFacts = {
  wiping: boolean;
  /** Records in memory only, which no server acknowledged. */
  unsentInMemory: number;
  /** Records on the stick that no server acknowledged. */
  unsentOnStick: number;
};

export type PowerRule =
  | { kind: 'allowed' }
  /** Only after this word was typed. */
  | { kind: 'ask'; word: Phrase; why: Phrase }
  | { kind: 'refused'; why: Phrase };

/** Whether an ordinary shutdown may happen: what is only in memory would be lost, and nothing loses it here. */
export function powerRule({ wiping, unsentInMemory, unsentOnStick }: PowerFacts): PowerRule {
  if (wiping) return { kind: 'refused', why: WIPING };
  if (unsentInMemory > 0) return { kind: 'refused', why: IN_MEMORY };
  if (unsentOnStick > 0) {
    return { kind: 'ask', word: { fr: 'ÉTEINDRE', en: 'POWER OFF' }, why: onStick(unsentOnStick) };
  }
  return { kind: 'allowed' };
}

/** Typed as asked; capitals and accents do not matter, a French keyboard has no capital É. */
export function wordMatches(word: string, typed: string | null): boolean {
  const bare = (text: string): string =>
    text.normalize('NFD').replace(/\p{M}/gu, '').trim().replace(/\s+/g, ' ').toUpperCase();
  return typed !== null && bare(typed) === bare(word);
}

const WIPING: Phrase = {
  fr: 'Un effacement est en cours : on n’éteint pas maintenant.',
  en: 'A wipe is running: no power off now.',
};
const IN_MEMORY: Phrase = {
  fr: 'Une fiche n’existe que dans la mémoire de cette machine : éteindre la perdrait. Rétablissez le réseau : l’envoi est retenté toutes les 20 secondes.',
  en: 'A record exists only in this machine’s memory: powering off would lose it. Restore the network: sending is tried again every 20 seconds.',
};

function onStick(count: number): Phrase {
  return count === 1
    ? {
        fr: 'Une fiche est sur la clé et n’est pas encore reçue par le serveur : gardez cette clé, elle l’enverra au prochain démarrage.',
        en: 'One record is on the stick and the server does not have it yet: keep this stick, it will send it at its next start.',
      }
    : {
        fr: `${count} fiches sont sur la clé et ne sont pas encore reçues par le serveur : gardez cette clé, elle les enverra au prochain démarrage.`,
        en: `${count} records are on the stick and the server does not have them yet: keep this stick, it will send them at its next start.`,
      };
}
