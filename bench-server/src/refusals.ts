import { type Phrase, PROTOCOL_ERRORS, ProtocolError, type ProtocolErrorCode } from '@rebond/protocol';

/** What this server refuses beyond the protocol's own errors. Codes are stable: the agent and scripts read them. */
const SERVER_ERRORS = {
  'bad-code': {
    status: 401,
    fr: 'Ce code n’est pas valable : il est faux, déjà utilisé ou trop ancien.',
    en: 'This code is not valid: it is wrong, already used or too old.',
  },
  'bad-sign-in': {
    status: 401,
    fr: 'Ce nom et cette phrase secrète ne vont pas ensemble.',
    en: 'This name and this passphrase do not go together.',
  },
  'sign-in-first': { status: 401, fr: 'Connectez-vous d’abord.', en: 'Sign in first.' },
  'not-allowed': {
    status: 403,
    fr: 'Cette page est réservée au responsable de l’atelier.',
    en: 'This page is for the lead of the workshop.',
  },
  'bad-form': {
    status: 403,
    fr: 'Ce formulaire est trop ancien ou ne vient pas de ces pages : rechargez la page et recommencez.',
    en: 'This form is too old or does not come from these pages: reload the page and start again.',
  },
  'wrong-host': {
    status: 421,
    fr: 'Ce serveur ne répond pas à ce nom.',
    en: 'This server does not answer to this name.',
  },
  'wrong-content-type': {
    status: 415,
    fr: 'Ce type de contenu n’est pas accepté ici.',
    en: 'This content type is not accepted here.',
  },
  'bad-request': { status: 400, fr: 'La requête est mal formée.', en: 'The request is malformed.' },
  'not-found': { status: 404, fr: 'Il n’y a rien à cette adresse.', en: 'There is nothing at this address.' },
  'too-many': {
    status: 429,
    fr: 'Trop de demandes : attendez un peu.',
    en: 'Too many requests: wait a little.',
  },
  'session-conflict': {
    status: 409,
    fr: 'Cette session appartient déjà à une autre clé ou à une autre machine.',
    en: 'This session already belongs to another key or machine.',
  },
  'sequence-conflict': {
    status: 409,
    fr: 'Un autre compte rendu porte déjà ce numéro dans cette session.',
    en: 'Another record already has this number in this session.',
  },
  'unknown-session': {
    status: 422,
    fr: 'Ce serveur n’a pas ouvert cette session avec cette clé.',
    en: 'This server did not open this session with this key.',
  },
  'unknown-stick': {
    status: 422,
    fr: 'Cette clé USB n’a pas été appairée ici.',
    en: 'This stick was not paired here.',
  },
  'revoked-stick': { status: 422, fr: 'Cette clé USB a été révoquée.', en: 'This stick was revoked.' },
  'already-decided': {
    status: 409,
    fr: 'Quelqu’un a déjà décidé entre-temps : relisez la page.',
    en: 'Somebody has decided in the meantime: read the page again.',
  },
  'reason-needed': { status: 400, fr: 'Un refus demande une raison.', en: 'A rejection needs a reason.' },
  'name-taken': { status: 409, fr: 'Quelqu’un porte déjà ce nom.', en: 'Somebody already has this name.' },
  'name-needed': {
    status: 400,
    fr: 'Le nom est vide, trop long ou contient des caractères invisibles.',
    en: 'The name is empty, too long or has invisible characters.',
  },
  'last-lead': {
    status: 409,
    fr: 'Un atelier garde au moins un responsable actif.',
    en: 'A workshop keeps at least one active lead.',
  },
  'weak-passphrase': {
    status: 400,
    fr: 'La phrase secrète doit avoir de 12 à 256 caractères, et les deux saisies doivent être égales.',
    en: 'The passphrase must have 12 to 256 characters, and both entries must be equal.',
  },
  internal: {
    status: 500,
    fr: 'Le serveur a rencontré une erreur. Rien de ce que vous avez envoyé n’a été pris en compte.',
    en: 'The server met an error. Nothing that you sent was taken into account.',
  },
} as const satisfies Record<string, Phrase & { status: number }>;
export type ServerErrorCode = keyof typeof SERVER_ERRORS;

const PROTOCOL_STATUS: Record<ProtocolErrorCode, number> = {
  'not-utf8': 400,
  'not-json': 400,
  'not-canonical': 400,
  'wrong-shape': 400,
  'unknown-type': 400,
  'too-large': 413,
  'bad-signature': 401,
  'wrong-key': 401,
  'unknown-key': 401,
  'chain-broken': 401,
  'key-expired': 401,
  'wrong-audience': 422,
  'wrong-session': 422,
  'laws-disagree': 422,
};

export class ServerError extends Error {
  readonly code: ServerErrorCode;
  /** What exactly; may hold hostile text. */
  readonly detail: string;

  constructor(code: ServerErrorCode, detail = '', options?: ErrorOptions) {
    super(code, options);
    this.name = 'ServerError';
    this.code = code;
    this.detail = detail;
  }
}

export type Refusal = { status: number; code: string; fr: string; en: string };

/** The answer that a code stands for. */
export function refusalOf(code: ServerErrorCode | ProtocolErrorCode): Refusal {
  if (Object.hasOwn(SERVER_ERRORS, code)) return { code, ...SERVER_ERRORS[code as ServerErrorCode] };
  const known = code as ProtocolErrorCode;
  return { code, status: PROTOCOL_STATUS[known], ...PROTOCOL_ERRORS[known] };
}

/** The refusal that an error stands for; null for an error that nobody foresaw. */
export function refusalOfError(error: unknown): Refusal | null {
  if (error instanceof ServerError || error instanceof ProtocolError) return refusalOf(error.code);
  const { code, statusCode, validation } = error as {
    code?: string;
    statusCode?: number;
    validation?: unknown;
  };
  if (validation) return refusalOf('wrong-shape');
  if (code && Object.hasOwn(BY_FRAMEWORK_CODE, code)) {
    return refusalOf(BY_FRAMEWORK_CODE[code as keyof typeof BY_FRAMEWORK_CODE]);
  }
  if (statusCode === 429) return refusalOf('too-many');
  if (statusCode && statusCode >= 400 && statusCode < 500) return refusalOf('bad-request');
  return null;
}

const BY_FRAMEWORK_CODE = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'too-large',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'wrong-content-type',
  FST_ERR_CTP_INVALID_JSON_BODY: 'not-json',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'not-json',
  FST_CSRF_MISSING_SECRET: 'bad-form',
  FST_CSRF_INVALID_TOKEN: 'bad-form',
} as const satisfies Record<string, ServerErrorCode | ProtocolErrorCode>;
