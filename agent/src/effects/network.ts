import { createHash } from 'node:crypto';
import type { TLSSocket } from 'node:tls';
import { Agent, buildConnector, request } from 'undici';

/** An answer of the server, whatever it says. */
export type Answer =
  | { kind: 'answered'; status: number; body: Uint8Array }
  /** No connection, no answer in time, too long an answer, or another key than the pinned one. */
  | { kind: 'unreachable'; detail: string };

export type Server = {
  /** `http://127.0.0.1:8080`, without a path. */
  origin: string;
  /** @param maxBytes of the answer, 1 MiB unless told */
  post(path: string, body: Uint8Array | object, maxBytes?: number): Promise<Answer>;
  get(path: string): Promise<Answer>;
  /**
   * A file from byte `from` on, piece by piece. However long it takes, it goes on while bytes come.
   * @throws DownloadError
   */
  download(path: string, wanted: Wanted): AsyncIterable<Uint8Array>;
  close(): Promise<void>;
};

/** `maxBytes` counts from `from`: one byte more is refused. */
export type Wanted = { from: number; maxBytes: number; signal: AbortSignal };

/** `unreachable` may pass and be tried again from where it broke off. */
export class DownloadError extends Error {
  override name = 'DownloadError';
  readonly code: 'unreachable' | 'status' | 'too-long' | 'stopped';

  constructor(code: DownloadError['code'], detail: string, options?: ErrorOptions) {
    super(`${code}: ${detail}`, options);
    this.code = code;
  }
}

const TIMEOUT_MS = 15_000;
const MAX_ANSWER = 1024 * 1024;

export class ServerAddressError extends Error {
  override name = 'ServerAddressError';
}

/**
 * A server by its address. Plain HTTP is for the loopback only; elsewhere the key must be pinned, so that a laptop
 * whose clock says 2009 can still tell the right server from another.
 * @param pin `sha256/` and the base64 SHA-256 of the server key's SPKI
 * @throws ServerAddressError
 */
export function serverAt(address: string, pin: string | null, timeoutMs = TIMEOUT_MS): Server {
  const url = parseAddress(address, pin);
  const dispatcher = new Agent({
    connect: url.protocol === 'https:' ? pinnedConnector(pin ?? '', timeoutMs) : { timeout: timeoutMs },
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
    connections: 3,
  });
  const ask = async (
    method: 'GET' | 'POST',
    path: string,
    body?: Uint8Array | object,
    maxBytes = MAX_ANSWER,
  ): Promise<Answer> => {
    try {
      const answer = await request(new URL(path, url), {
        method,
        dispatcher,
        headers: { 'content-type': 'application/json', accept: 'application/json' },
        body: body === undefined ? null : body instanceof Uint8Array ? body : JSON.stringify(body),
        signal: AbortSignal.timeout(timeoutMs * 2),
      });
      return { kind: 'answered', status: answer.statusCode, body: await readBounded(answer.body, maxBytes) };
    } catch (error) {
      return { kind: 'unreachable', detail: detailOf(error) };
    }
  };
  return {
    origin: url.origin,
    post: (path, body, maxBytes) => ask('POST', path, body, maxBytes),
    get: (path) => ask('GET', path),
    download: (path, wanted) => download(new URL(path, url), dispatcher, wanted),
    close: () => dispatcher.destroy(),
  };
}

function parseAddress(address: string, pin: string | null): URL {
  const url = URL.parse(address);
  if (!url || (url.protocol !== 'http:' && url.protocol !== 'https:'))
    throw new ServerAddressError('not-a-url');
  const loopback = ['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname);
  if (url.protocol === 'http:' && !loopback) throw new ServerAddressError('http-off-loopback');
  if (url.protocol === 'https:' && !/^sha256\/[A-Za-z0-9+/]{43}=$/.test(pin ?? '')) {
    throw new ServerAddressError('pin-missing');
  }
  return url;
}

/** Certificate names and dates are not looked at: the pinned key is the whole of the trust, and it is checked first. */
function pinnedConnector(pin: string, timeout: number): buildConnector.connector {
  const connect = buildConnector({ rejectUnauthorized: false, timeout });
  return (options, callback) =>
    connect(options, (error, socket) => {
      if (error) return callback(error, null);
      const key = (socket as TLSSocket).getPeerX509Certificate?.()?.publicKey;
      const spki = key?.export({ type: 'spki', format: 'der' });
      const seen = spki ? `sha256/${createHash('sha256').update(spki).digest('base64')}` : 'none';
      if (seen !== pin) {
        socket.destroy();
        return callback(Object.assign(new Error('another key'), { code: 'wrong-pin' }), null);
      }
      return callback(null, socket);
    });
}

async function* download(url: URL, dispatcher: Agent, wanted: Wanted): AsyncGenerator<Uint8Array> {
  let length = 0;
  try {
    for await (const piece of await bodyFrom(url, dispatcher, wanted)) {
      length += piece.length;
      if (length > wanted.maxBytes) throw new DownloadError('too-long', `more than ${wanted.maxBytes} bytes`);
      yield piece;
    }
  } catch (error) {
    if (error instanceof DownloadError) throw error;
    throw new DownloadError(wanted.signal.aborted ? 'stopped' : 'unreachable', detailOf(error), {
      cause: error,
    });
  }
}

/** The body from `from` on, also where the server knows no ranges and begins at 0. */
async function bodyFrom(
  url: URL,
  dispatcher: Agent,
  { from, signal }: Wanted,
): Promise<AsyncIterable<Uint8Array>> {
  const headers = from > 0 ? { range: `bytes=${from}-` } : {};
  const { statusCode, headers: answered, body } = await request(url, { dispatcher, headers, signal });
  if (statusCode === 200) return skip(body, from);
  const partial = String(answered['content-range'] ?? '').startsWith(`bytes ${from}-`);
  if (statusCode === 206 && partial) return body;
  await body.dump().catch(() => {}); // at most 128 KiB; to destroy an unread body would raise an error nobody can catch
  // A server that is starting, or too busy, may answer better in a moment.
  const passing = statusCode === 429 || statusCode >= 500;
  throw new DownloadError(passing ? 'unreachable' : 'status', `HTTP ${statusCode}`);
}

async function* skip(body: AsyncIterable<Uint8Array>, from: number): AsyncGenerator<Uint8Array> {
  let left = from;
  for await (const piece of body) {
    if (piece.length > left) yield piece.subarray(left);
    left = Math.max(0, left - piece.length);
  }
}

async function readBounded(body: AsyncIterable<Uint8Array>, maxBytes: number): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of body) {
    length += piece.length;
    if (length > maxBytes) throw new Error('the answer is too long');
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}

function detailOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return code ?? message;
}
