import { createHash } from 'node:crypto';
import {
  type Clock,
  type Envelope,
  JOURNAL_PART_TYPE,
  JOURNAL_RECEIPT_TYPE,
  openAs,
  openBytes,
  RECEIPT_TYPE,
  seal,
  SESSION_REQUEST_TYPE,
  sha256Hex,
  SHELL_GRANT_TYPE,
  SHELL_REQUEST_TYPE,
  type ShellGrant,
} from '@rebond/protocol';
import { type TestWorkshop, vouch } from './workshop.ts';

type Answer =
  | { kind: 'answered'; status: number; body: Uint8Array }
  | { kind: 'unreachable'; detail: string };

/** The words that a workshop's server speaks to an agent, without a network between them. */
export type SmallServer = {
  origin: string;
  post(path: string, body: Uint8Array | object): Promise<Answer>;
  get(path: string): Promise<Answer>;
  download(): AsyncIterable<Uint8Array>;
  close(): Promise<void>;
  /** What a test changes, and looks at. */
  has: {
    away: boolean;
    keepsJournals: boolean;
    takesRecords: boolean;
    codes: Set<string>;
    records: Uint8Array[];
    lines: Map<string, string[]>;
    /** Alters a grant before it is signed. */
    forge: (grant: ShellGrant) => ShellGrant;
  };
};

const AT: Clock = { wall: '2026-11-23T08:00:01.000Z', timeSource: 'server' };
/** @param signer signs in the server's name: another workshop's, in tests of forgery */
export function smallServer(made: TestWorkshop, signer: TestWorkshop = made): SmallServer {
  const has: SmallServer['has'] = {
    ...{
      away: false,
      keepsJournals: true,
      takesRecords: true,
      codes: new Set(),
      records: [],
      lines: new Map(),
    },
    forge: (grant) => grant,
  };
  const { workshop } = made;
  const { key, chain } = signer.server;
  const routes: Record<string, (body: Uint8Array | object) => Promise<[number, object]>> = {
    '/api/workshop': () => Promise.resolve([200, { workshop }]),
    '/api/sessions': async (body) => {
      const { request, signIn } = body as { request: Envelope; signIn: { code: string } };
      if (!has.codes.delete(signIn.code)) return refused('code-unknown');
      const { sessionId, bench, machineId, nonce, publicKey } = openAs(SESSION_REQUEST_TYPE, request).payload;
      const technician = { id: 'camille', name: 'Camille' };
      const session = { sessionId, bench, machineId, nonce, technician };
      const own = await vouch(
        workshop,
        { role: 'server', key },
        { role: 'session', key: { ...key, publicKey } },
        session,
      );
      return [201, { chain: [own, ...chain], workshop, anchor: signer.key.publicKey }];
    },
    '/api/records': async (body) => {
      if (!has.takesRecords) return [503, {}];
      const bytes = body as Uint8Array;
      has.records.push(bytes);
      const recordSha256 = await sha256Hex(bytes);
      const receipt = await seal(
        RECEIPT_TYPE,
        { schema: 'rebond.receipt/1', recordSha256, audience: workshop.id, receivedAt: AT, confirmed: true },
        key,
      );
      return [201, { receipt, chain }];
    },
    '/api/journals': async (body) => {
      if (!has.keepsJournals) return refused('no-journals');
      const opened = openBytes(
        body instanceof Uint8Array ? body : new TextEncoder().encode(JSON.stringify(body)),
      );
      const { sessionId, from, lines } = openAs(JOURNAL_PART_TYPE, opened.envelope).payload;
      const held = [...(has.lines.get(sessionId) ?? []).slice(0, from), ...lines];
      has.lines.set(sessionId, held);
      const sha256 = createHash('sha256')
        .update(held.map((line) => `${line}\n`).join(''))
        .digest('hex');
      const receipt = await seal(
        JOURNAL_RECEIPT_TYPE,
        {
          schema: 'rebond.journal-receipt/1',
          audience: workshop.id,
          sessionId,
          lines: held.length,
          sha256,
          receivedAt: AT,
        },
        key,
      );
      return [200, { receipt, chain }];
    },
    '/api/journals/left': () => Promise.resolve([200, { journals: [] }]),
    '/api/shells': async (body) => {
      const { request, code } = body as { request: Envelope; code: string };
      if (!has.codes.delete(code)) return refused('code-unknown');
      const { audience, sessionId, nonce } = openAs(SHELL_REQUEST_TYPE, request).payload;
      const lead = { id: 'dominique', name: 'Dominique' };
      const grant = has.forge({
        schema: 'rebond.shell-grant/1',
        audience,
        sessionId,
        nonce,
        lead,
        grantedAt: AT,
      });
      return [201, { grant: await seal(SHELL_GRANT_TYPE, grant, key), chain }];
    },
  };
  const answer = async (path: string, body: Uint8Array | object): Promise<Answer> => {
    if (has.away) return { kind: 'unreachable', detail: 'ECONNREFUSED' };
    const [status, json] = (await routes[path]?.(body)) ?? [404, {}];
    return { kind: 'answered', status, body: new TextEncoder().encode(JSON.stringify(json)) };
  };
  return {
    origin: 'http://127.0.0.1:8080',
    post: answer,
    get: (path) => answer(path, {}),
    download: () => {
      throw new Error('no images here');
    },
    close: () => Promise.resolve(),
    has,
  };
}

function refused(code: string): [number, object] {
  return [422, { error: { code, fr: 'Ce code ne convient pas.', en: 'This code will not do.' } }];
}
