import { lacksRoom } from './db/room.ts';
import { PROTOCOL_ERRORS, ProtocolError, type ProtocolErrorCode } from '@rebond/protocol';
import { SERVER_ERRORS, type ServerErrorCode } from './server-errors.ts';

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
  impossible: 422,
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
  if (lacksRoom(error)) return refusalOf('disk-full');
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
