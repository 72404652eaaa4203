import { Reason } from '@rebond/protocol';
import { z } from 'zod';
import type { Answer } from '../effects/network.ts';

type Answered = Extract<Answer, { kind: 'answered' }>;

/** The JSON of an answer; null for nonsense, which fits no schema. */
export function jsonOf({ body }: Answered): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch {
    return null;
  }
}

const RefusedAnswer = z.object({ error: Reason });

/** What the server says in refusing; null where it gives no reason. */
export function refusalIn(answer: Answered): Reason | null {
  const refused = RefusedAnswer.safeParse(jsonOf(answer));
  return refused.success ? refused.data.error : null;
}
