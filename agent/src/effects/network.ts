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
  post(path: string, body: Uint8Array | object): Promise<Answer>;
  get(path: string): Promise<Answer>;
  close(): Promise<void>;
};

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
    connections: 2,
  });
  const ask = async (method: 'GET' | 'POST', path: string, body?: Uint8Array | object): Promise<Answer> => {
    try {
      const answer = await request(new URL(path, url), {
        method,
        dispatcher,
        headers: { 'content-type': 'application/json', accept: 'application/json' },
        body: body === undefined ? null : body instanceof Uint8Array ? body : JSON.stringify(body),
        signal: AbortSignal.timeout(timeoutMs * 2),
      });
      return { kind: 'answered', status: answer.statusCode, body: await readBounded(answer.body) };
    } catch (error) {
      return { kind: 'unreachable', detail: detailOf(error) };
    }
  };
  return {
    origin: url.origin,
    post: (path, body) => ask('POST', path, body),
    get: (path) => ask('GET', path),
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
        return callback(new Error('the server does not have the pinned key'), null);
      }
      return callback(null, socket);
    });
}

async function readBounded(body: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of body) {
    length += piece.length;
    if (length > MAX_ANSWER) throw new Error('the answer is too long');
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}

function detailOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return code ?? message;
}
