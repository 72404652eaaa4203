import { Reason } from '@rebond/protocol';
import { z } from 'zod';
import type { ServerState } from '../console/live-header.ts';
import { type Answer, DownloadError, type Server } from '../effects/network.ts';
import { jsonOf } from '../report/answers.ts';

/** The workshop's server as the live agent reaches it: one of several addresses, away for a while, or refusing. */
export type Link = {
  /** Speaks to the address that answered last; every exchange tells `state`. */
  server: Server;
  state: () => ServerState;
  reached: () => boolean;
  /** The pin of the address spoken to. */
  pin: () => string | null;
  /** Asks the servers in order which of them answers. */
  look: () => Promise<boolean>;
};

export type Candidate = { server: Server; pin: string | null };

const About = z.object({ workshop: z.object({ id: z.string(), name: z.string() }) });
const Refusal = z.object({ error: Reason });

/**
 * @param candidates in the order of config.json
 * @param workshop the only one that will do, where the stick or its configuration names one
 */
export function linkTo(
  candidates: readonly Candidate[],
  workshop: () => string | null,
  monotonic: () => number,
): Link {
  let current = candidates[0] ?? null;
  let state: ServerState = current === null ? { kind: 'none' } : { kind: 'trying' };
  const heard = (server: Server, answer: Answer): Answer => {
    if (answer.kind === 'unreachable') {
      const sinceMs = state.kind === 'unreached' ? state.sinceMs : monotonic();
      if (state.kind !== 'refused') state = { kind: 'unreached', sinceMs, detail: answer.detail };
      return answer;
    }
    if (state.kind !== 'joined' && state.kind !== 'refused') {
      state = { kind: 'joined', origin: server.origin, workshop: null };
    }
    return answer;
  };
  const ask = async (speak: (server: Server) => Promise<Answer>): Promise<Answer> => {
    const server = current?.server;
    // A server that is not this stick's, or that will not have it, is told nothing and asked nothing.
    if (server === undefined || state.kind === 'refused') return NOBODY;
    return heard(server, await speak(server));
  };
  const look = async (): Promise<boolean> => {
    let refusal: ServerState | null = null;
    if (state.kind === 'refused') state = { kind: 'trying' };
    for (const candidate of candidates) {
      const { server } = candidate;
      const answer = await server.get('/api/workshop');
      if (answer.kind === 'unreachable') {
        heard(server, answer);
        continue;
      }
      const told = stateOf(server, answer, workshop());
      if (told.kind === 'joined') {
        [current, state] = [candidate, told];
        return true;
      }
      refusal ??= told;
    }
    // Whoever answered will not do, and nobody else is there.
    if (refusal !== null) state = refusal;
    return false;
  };
  return {
    server: {
      get origin() {
        return current?.server.origin ?? '';
      },
      post: (path, body, maxBytes) => ask((server) => server.post(path, body, maxBytes)),
      get: (path) => ask((server) => server.get(path)),
      download: (path, wanted) => {
        if (current === null) throw new DownloadError('unreachable', 'no server');
        return current.server.download(path, wanted);
      },
      close: async () => {
        for (const { server } of candidates) await server.close();
      },
    },
    pin: () => current?.pin ?? null,
    state: () => state,
    reached: () => state.kind === 'joined',
    look,
  };
}

const NOBODY: Answer = { kind: 'unreachable', detail: 'no server' };

function stateOf(
  server: Server,
  answer: Extract<Answer, { kind: 'answered' }>,
  wanted: string | null,
): ServerState {
  const body = jsonOf(answer);
  const about = About.safeParse(body);
  if (about.success) {
    const { id, name } = about.data.workshop;
    return wanted === null || wanted === id
      ? { kind: 'joined', origin: server.origin, workshop: name }
      : { kind: 'refused', reason: anotherWorkshop(name, wanted) };
  }
  const refusal = Refusal.safeParse(body);
  if (refusal.success) return { kind: 'refused', reason: refusal.data.error };
  return {
    kind: 'refused',
    reason: { fr: `réponse HTTP ${answer.status}`, en: `HTTP answer ${answer.status}` },
  };
}

function anotherWorkshop(name: string, wanted: string) {
  return {
    fr: `c’est celui de « ${name} », cette clé est pour « ${wanted} »`,
    en: `it is that of “${name}”, this stick is for “${wanted}”`,
  };
}
