import { z } from 'zod';
import { Envelope, PersonRef } from './keys.ts';
import { Clock, Id, Uuid } from './text.ts';

const Nonce = z.string().regex(/^[A-Za-z0-9_-]{22}$/);

/** A laptop asks, with a lead's single-use code beside it, to open a shell. Signed with the session key. */
export const ShellRequest = z.strictObject({
  schema: z.literal('rebond.shell-request/1'),
  audience: Id,
  sessionId: Uuid,
  machineId: Id,
  nonce: Nonce,
  chain: z.array(Envelope).min(1).max(4),
});
export type ShellRequest = z.infer<typeof ShellRequest>;

/** The server used up the code and wrote the opening down. Signed with the server key, for this nonce only. */
export const ShellGrant = z.strictObject({
  schema: z.literal('rebond.shell-grant/1'),
  audience: Id,
  sessionId: Uuid,
  nonce: Nonce,
  lead: PersonRef,
  grantedAt: Clock,
});
export type ShellGrant = z.infer<typeof ShellGrant>;
