import { generateSessionKey, type ShellGrant } from '@rebond/protocol';
import { describe, expect, it } from 'vitest';
import { type SmallServer, smallServer } from '../../../test-fixtures/small-server.ts';
import { makeWorkshop } from '../../../test-fixtures/workshop.ts';
import { signInAtServer } from '../report/credentials.ts';
import { askForShell, shellRemark } from './shell.ts';

const CODE = 'SHEL-LCOD';

async function signedIn(server: SmallServer) {
  const key = await generateSessionKey();
  const scope = { sessionId: crypto.randomUUID(), bench: 'Banc 3', machineId: 'm-1' };
  server.has.codes.add('SIGN-IN');
  const answer = await signInAtServer(server, 'SIGN-IN', key, scope, null);
  if (answer.kind !== 'vouched') throw new Error(answer.kind);
  server.has.codes.add(CODE);
  return { credentials: answer.credentials, scope };
}

describe('a shell', () => {
  it('opens on the word of the workshop’s server, and the record names the lead', async () => {
    const server = smallServer(await makeWorkshop());
    const { credentials, scope } = await signedIn(server);
    const answer = await askForShell(CODE, server, credentials, scope);
    if (answer.kind !== 'granted') throw new Error(answer.kind);
    expect(shellRemark(answer.grant)).toMatchObject({
      code: 'shell-opened',
      fr: expect.stringContaining('Dominique (dominique), le 2026-11-23T08:00:01.000Z'),
    });
  });

  it('does not open with a code that was used, a wrong one, or without the server', async () => {
    const server = smallServer(await makeWorkshop());
    const { credentials, scope } = await signedIn(server);
    expect((await askForShell('WRONG', server, credentials, scope)).kind).toBe('refused');
    await askForShell(CODE, server, credentials, scope);
    expect((await askForShell(CODE, server, credentials, scope)).kind).toBe('refused');
    server.has.away = true;
    expect((await askForShell(CODE, server, credentials, scope)).kind).toBe('unreachable');
  });

  it.each<[string, Partial<ShellGrant>]>([
    ['another nonce', { nonce: 'A'.repeat(22) }],
    ['another session', { sessionId: crypto.randomUUID() }],
    ['another workshop', { audience: 'atelier-autre' }],
  ])('does not open on a grant for %s', async (_, change) => {
    const server = smallServer(await makeWorkshop());
    const { credentials, scope } = await signedIn(server);
    server.has.forge = (grant) => ({ ...grant, ...change });
    expect(await askForShell(CODE, server, credentials, scope)).toMatchObject({
      kind: 'refused',
      reason: { fr: expect.stringContaining('pas signée') },
    });
  });

  it('does not open on the word of another server that bears the same name', async () => {
    const made = await makeWorkshop();
    const { credentials, scope } = await signedIn(smallServer(made));
    const forger = smallServer(made, await makeWorkshop());
    forger.has.codes.add(CODE);
    expect((await askForShell(CODE, forger, credentials, scope)).kind).toBe('refused');
  });

  it('does not open on a grant that a session or a stick signed', async () => {
    const made = await makeWorkshop();
    const server = smallServer(made);
    const { credentials, scope } = await signedIn(server);
    // The session's own key and chain, which hold up to the same workshop, in the place of the server's.
    const posing = smallServer(made, { ...made, server: { key: credentials.key, chain: credentials.chain } });
    posing.has.codes.add(CODE);
    expect((await askForShell(CODE, posing, credentials, scope)).kind).toBe('refused');
  });
});
