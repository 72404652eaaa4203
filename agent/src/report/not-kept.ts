import type { Phrase, Reason } from '@rebond/protocol';

/** Why a line of the journal is kept nowhere. What was to follow it is not begun. */
const REASONS = {
  'no-place': {
    fr: 'Ni clé USB ni serveur ne peut garder le journal de cette session : l’étape suivante n’est pas commencée. Branchez une clé REBOND ou le réseau de l’atelier.',
    en: 'Neither a stick nor a server can keep this session’s journal: the next step is not begun. Plug in a REBOND stick or the workshop’s network.',
  },
  'stick-failed': {
    fr: 'La clé USB n’accepte plus d’écriture et aucun serveur ne garde le journal : l’étape suivante n’est pas commencée. Remettez une clé REBOND en état et relancez.',
    en: 'The stick no longer accepts a write and no server keeps the journal: the next step is not begun. Use a sound REBOND stick and start again.',
  },
  'server-silent': {
    fr: 'Aucune clé USB n’accepte d’écriture et le serveur n’a pas confirmé le journal à temps : l’étape suivante n’est pas commencée. Vérifiez le réseau, ou branchez une clé REBOND.',
    en: 'No stick accepts a write and the server did not acknowledge the journal in time: the next step is not begun. Check the network, or plug in a REBOND stick.',
  },
  'server-refused': {
    fr: 'Aucune clé USB n’accepte d’écriture et le serveur refuse le journal : l’étape suivante n’est pas commencée. Prévenez un responsable, ou branchez une clé REBOND.',
    en: 'No stick accepts a write and the server refuses the journal: the next step is not begun. Tell a lead, or plug in a REBOND stick.',
  },
} as const satisfies Record<string, Phrase>;
export type NotKeptCode = keyof typeof REASONS;

/** No place keeps a line of the journal for good. `cause` is the stick's own error where it had one. */
export class NotKept extends Error {
  override name = 'NotKept';
  readonly code: NotKeptCode;
  readonly phrase: Phrase;

  constructor(code: NotKeptCode, options?: ErrorOptions) {
    super(code, options);
    this.code = code;
    this.phrase = REASONS[code];
  }
}

/** The reason that goes into a record. @throws the error itself when it is another */
export function reasonNotKept(error: unknown): Reason {
  if (!(error instanceof NotKept)) throw error;
  return { code: 'not-kept', ...error.phrase };
}
