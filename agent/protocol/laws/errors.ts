import type { Phrase } from '../words/text.ts';

/** Why a document is not believed. Codes are stable: the server answers with them, scripts read them. */
export const PROTOCOL_ERRORS = {
  'not-utf8': { fr: 'Le fichier n’est pas du texte UTF-8.', en: 'The file is not UTF-8 text.' },
  'not-json': { fr: 'Le fichier n’est pas du JSON.', en: 'The file is not JSON.' },
  'not-canonical': {
    fr: 'Les octets ne sont pas la forme canonique (RFC 8785) : le document a été modifié ou réécrit.',
    en: 'The bytes are not in canonical form (RFC 8785): the document was altered or rewritten.',
  },
  'too-large': { fr: 'Le document est trop grand.', en: 'The document is too large.' },
  'wrong-shape': {
    fr: 'Le document n’a pas la forme attendue.',
    en: 'The document does not have the expected shape.',
  },
  'unknown-type': { fr: 'Ce type de document est inconnu.', en: 'This type of document is unknown.' },
  'bad-signature': {
    fr: 'La signature ne correspond pas au contenu : le document a été modifié.',
    en: 'The signature does not match the content: the document was altered.',
  },
  'wrong-key': {
    fr: 'La clé nommée n’est pas celle qui a le droit de signer ce document.',
    en: 'The key named is not the one entitled to sign this document.',
  },
  'unknown-key': {
    fr: 'Le document est signé par une clé à laquelle vous ne faites pas confiance.',
    en: 'The document is signed by a key that you do not trust.',
  },
  'chain-broken': {
    fr: 'La chaîne de clés est rompue : une clé n’est pas garantie par la suivante.',
    en: 'The chain of keys is broken: one key is not vouched for by the next.',
  },
  'wrong-audience': {
    fr: 'Le document est destiné à un autre atelier.',
    en: 'The document is meant for another workshop.',
  },
  'wrong-session': {
    fr: 'Le document parle d’une autre session ou d’une autre machine que celle de sa clé.',
    en: 'The document speaks of another session or machine than that of its key.',
  },
  'key-expired': {
    fr: 'La clé n’était plus valable au moment de la signature.',
    en: 'The key was no longer valid at the time of signing.',
  },
  'laws-disagree': {
    fr: 'Les conclusions du document ne découlent pas de ses observations.',
    en: 'The conclusions of the document do not follow from its observations.',
  },
  impossible: {
    fr: 'Le document dit ce qui ne peut pas s’être passé.',
    en: 'The document says what cannot have happened.',
  },
} as const satisfies Record<string, Phrase>;
export type ProtocolErrorCode = keyof typeof PROTOCOL_ERRORS;

export class ProtocolError extends Error {
  readonly code: ProtocolErrorCode;
  readonly phrase: Phrase;
  /** Where in the document, or what exactly; may hold hostile text. */
  readonly detail: string;

  constructor(code: ProtocolErrorCode, detail = '', options?: ErrorOptions) {
    super(`${code}${detail && `: ${detail}`}`, options);
    this.name = 'ProtocolError';
    this.code = code;
    this.phrase = PROTOCOL_ERRORS[code];
    this.detail = detail;
  }
}
