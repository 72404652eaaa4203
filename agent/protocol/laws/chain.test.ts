import { describe, expect, it } from 'vitest';
import { sampleRecord } from '../../../test-fixtures/sample-record.ts';
import { makeWorkshop, vouch } from '../../../test-fixtures/workshop.ts';
import { envelopeBytes } from './envelope.ts';
import { checkChain } from './chain.ts';
import { generateSessionKey } from './signing.ts';
import { verifyDocument } from './verify.ts';

const scope = {
  sessionId: '00000000-0000-4000-8000-000000000000',
  bench: 'poste 1',
  technician: null,
  machineId: 'm-essai',
  nonce: 'A'.repeat(22),
};

async function cast() {
  const made = await makeWorkshop();
  const [session, stick, stranger] = await Promise.all([
    generateSessionKey(),
    generateSessionKey(),
    generateSessionKey(),
  ]);
  const server = { role: 'server', key: made.server.key } as const;
  return {
    made,
    server,
    session: { role: 'session', key: session } as const,
    stick: { role: 'stick', key: stick } as const,
    stranger,
  };
}

describe('checkChain', () => {
  it('accepts workshop → server → session, and workshop → server → stick → session as offline', async () => {
    const { made, server, session, stick } = await cast();
    const online = [await vouch(made.workshop, server, session, scope), ...made.server.chain];
    expect(await checkChain(online)).toMatchObject({ anchor: made.key.publicKey, offline: false });
    const offline = [
      await vouch(made.workshop, stick, session, scope),
      await vouch(made.workshop, server, stick),
      ...made.server.chain,
    ];
    expect(await checkChain(offline)).toMatchObject({ anchor: made.key.publicKey, offline: true });
  });

  it.each(['session', 'stick', 'server'] as const)('a session key vouches for no %s', async (role) => {
    const { made, server, session } = await cast();
    const extra = { role, key: await generateSessionKey() };
    const chain = [
      await vouch(made.workshop, session, extra, scope),
      await vouch(made.workshop, server, session, scope),
      ...made.server.chain,
    ];
    await expect(checkChain(chain)).rejects.toMatchObject({ code: 'chain-broken' });
  });

  it('refuses a stick that calls itself a server, a missing link, a missing top, and no chain', async () => {
    const { made, server, session, stick } = await cast();
    const posing = [
      await vouch(made.workshop, { role: 'server', key: stick.key }, session, scope),
      await vouch(made.workshop, server, stick),
      ...made.server.chain,
    ];
    await expect(checkChain(posing)).rejects.toMatchObject({ code: 'chain-broken' });
    const skipping = [await vouch(made.workshop, stick, session, scope), ...made.server.chain];
    await expect(checkChain(skipping)).rejects.toMatchObject({ code: 'chain-broken' });
    const topless = [await vouch(made.workshop, server, session, scope)];
    await expect(checkChain(topless)).rejects.toMatchObject({ code: 'chain-broken' });
    await expect(checkChain([])).rejects.toMatchObject({ code: 'chain-broken' });
  });

  it('refuses a link that another key signed, and links of two workshops', async () => {
    const { made, server, session, stranger } = await cast();
    const forged = await vouch(made.workshop, { role: 'server', key: stranger }, session, scope);
    await expect(checkChain([forged, ...made.server.chain])).rejects.toMatchObject({ code: 'chain-broken' });
    const other = { ...made.workshop, id: 'autre-atelier' };
    const moved = [await vouch(other, server, session, scope), ...made.server.chain];
    await expect(checkChain(moved)).rejects.toMatchObject({ code: 'wrong-audience' });
  });
});

describe('the scope of a record', () => {
  const codeOf = async (change: Parameters<typeof sampleRecord>[1]): Promise<string> => {
    const made = await makeWorkshop();
    const { envelope } = await sampleRecord(made, change);
    return await verifyDocument(envelopeBytes(envelope), made.trust).then(
      () => 'accepted',
      (error: { code: string }) => error.code,
    );
  };

  it('is its session, its machine, its workshop and its day', async () => {
    expect(await codeOf((record) => record)).toBe('accepted');
    expect(await codeOf((record) => ({ ...record, sessionId: crypto.randomUUID() }))).toBe('wrong-session');
    expect(await codeOf((record) => ({ ...record, machine: { ...record.machine, id: 'm-autre' } }))).toBe(
      'wrong-session',
    );
    expect(await codeOf((record) => ({ ...record, audience: 'autre-atelier' }))).toBe('wrong-audience');
    const late = { wall: '2026-11-25T08:00:00.000Z', timeSource: 'server' } as const;
    expect(await codeOf((record) => ({ ...record, closedAt: late }))).toBe('key-expired');
    const dead = { wall: '2009-01-01T00:00:00.000Z', timeSource: 'rtc-unverified' } as const;
    expect(await codeOf((record) => ({ ...record, closedAt: dead }))).toBe('accepted');
  });

  it('includes its conclusions: a grade or an outcome that does not follow is refused', async () => {
    expect(await codeOf((record) => ({ ...record, grade: { ...record.grade, atBest: 'A' } }))).toBe(
      'laws-disagree',
    );
    expect(
      await codeOf((record) => ({
        ...record,
        sanitizations: record.sanitizations.map((each) => ({ ...each, levelAchieved: 'purge' as const })),
      })),
    ).toBe('laws-disagree');
    expect(
      await codeOf((record) => ({
        ...record,
        sanitizations: record.sanitizations.map((each) =>
          each.schema === 'rebond.evidence/1'
            ? { ...each, observations: { ...each.observations, readBack: null } }
            : each,
        ),
      })),
    ).toBe('laws-disagree');
    expect(await codeOf((record) => ({ ...record, mode: 'real', notice: null }))).toBe('laws-disagree');
  });
});
