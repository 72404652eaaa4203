import {
  Envelope,
  type Phrase,
  type Reason,
  Reason as ReasonShape,
  seal,
  SHELL_GRANT_TYPE,
  SHELL_REQUEST_TYPE,
  type ShellGrant,
  visible,
} from '@rebond/protocol';
import { z } from 'zod';
import type { Server } from '../effects/network.ts';
import { jsonOf } from '../report/answers.ts';
import type { Credentials, Scope } from '../report/credentials.ts';
import { openServerWord } from '../report/server-word.ts';

export type ShellAnswer =
  | { kind: 'granted'; grant: ShellGrant }
  | { kind: 'refused'; reason: Phrase }
  | { kind: 'unreachable'; detail: string };

const Granted = z.object({ grant: Envelope, chain: z.array(Envelope).min(1).max(4) });
const Refused = z.object({ error: ReasonShape });

/** Asks the server, with a lead's single-use code, to open a shell here. Without its signed grant there is none. */
export async function askForShell(
  code: string,
  server: Pick<Server, 'post'>,
  credentials: Credentials,
  scope: Pick<Scope, 'sessionId' | 'machineId'>,
): Promise<ShellAnswer> {
  const { sessionId, machineId } = scope;
  const nonce = crypto
    .getRandomValues(new Uint8Array(16))
    .toBase64({ alphabet: 'base64url', omitPadding: true });
  const audience = credentials.workshop.id;
  const request = await seal(
    SHELL_REQUEST_TYPE,
    {
      schema: 'rebond.shell-request/1',
      ...{ audience, sessionId, machineId, nonce },
      chain: credentials.chain,
    },
    credentials.key,
  );
  const answer = await server.post('/api/shells', { request, code });
  if (answer.kind === 'unreachable') return answer;
  const body = jsonOf(answer);
  const granted = Granted.safeParse(body);
  if (answer.status !== 201 || !granted.success) {
    const refused = Refused.safeParse(body);
    return refused.success
      ? { kind: 'refused', reason: refused.data.error }
      : { kind: 'unreachable', detail: `HTTP ${answer.status}` };
  }
  try {
    const { grant, chain } = granted.data;
    return {
      kind: 'granted',
      grant: await believed({ envelope: grant, chain }, { ...credentials, sessionId, nonce }),
    };
  } catch {
    return { kind: 'refused', reason: FORGED };
  }
}

/** @throws for a grant that a server of this very workshop did not sign for this very request */
async function believed(
  said: { envelope: Envelope; chain: Envelope[] },
  asked: Pick<Credentials, 'anchor' | 'workshop'> & { sessionId: string; nonce: string },
): Promise<ShellGrant> {
  const { anchor, workshop, sessionId, nonce } = asked;
  const grant = await openServerWord(SHELL_GRANT_TYPE, said, { anchor, workshopId: workshop.id });
  if (grant.sessionId !== sessionId || grant.nonce !== nonce) throw new Error('another request');
  return grant;
}

/** What the record says of an opened shell: from here on, a person could do anything. */
export function shellRemark({ lead, grantedAt }: ShellGrant): Reason {
  const [name, at] = [visible(lead.name, 80), grantedAt.wall];
  return {
    code: 'shell-opened',
    fr: `Une console a été ouverte sur cette machine avec le code de ${name} (${lead.id}), le ${at}.`,
    en: `A shell was opened on this machine with the code of ${name} (${lead.id}), at ${at}.`,
  };
}

const FORGED: Phrase = {
  fr: 'La réponse n’est pas signée par le serveur de l’atelier pour cette demande : pas de console.',
  en: 'The answer is not signed by the workshop’s server for this request: no shell.',
};
