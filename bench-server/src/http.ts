import type {
  FastifyBaseLogger,
  FastifyInstance,
  RawReplyDefaultExpression,
  RawRequestDefaultExpression,
  RawServerDefault,
} from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';

export type App = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  FastifyBaseLogger,
  ZodTypeProvider
>;

/** What every refusal of the interface looks like. */
export const ErrorAnswer = z
  .object({ error: z.object({ code: z.string(), fr: z.string(), en: z.string() }) })
  .describe('A refusal: a stable code, and a sentence in French and in English.');

/** The refusals that a route can give, for its description. */
export function refusals<S extends number>(...statuses: S[]): Record<S, typeof ErrorAnswer> {
  return Object.fromEntries(statuses.map((status) => [status, ErrorAnswer])) as Record<S, typeof ErrorAnswer>;
}

/** At most so many requests of one address in a minute, for a route's `config`. */
export function perMinute(max: number): { rateLimit: { max: number; timeWindow: string } } {
  return { rateLimit: { max, timeWindow: '1 minute' } };
}
