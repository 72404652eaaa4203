import { visible } from '@rebond/protocol';
import { pino, type DestinationStream, type Logger } from 'pino';
import type { App } from './http.ts';

/** One JSON line per event, to stderr unless told. Hostile text reaches it only through `visible()`. */
export function makeLogger(level: string, destination: DestinationStream = pino.destination(2)): Logger {
  return pino({ level, base: null, serializers: { err: describeError } }, destination);
}

/** One line per request: never its query, body or headers. */
export function logRequests(app: App): void {
  app.addHook('onResponse', async (request, reply) => {
    request.log.info(
      {
        method: request.method,
        path: visible(request.url.split(/[?#]/, 1)[0] ?? '', 200),
        status: reply.statusCode,
        ms: Math.round(reply.elapsedTime),
      },
      'request',
    );
  });
}

function describeError(error: unknown): object {
  if (!(error instanceof Error)) return { message: visible(String(error)) };
  const stack = (error.stack ?? '')
    .split('\n')
    .slice(1, 12)
    .map((line) => visible(line.trim()));
  return { type: error.name, message: visible(error.message), stack };
}
