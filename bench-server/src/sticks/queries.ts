import { type Envelope, envelopeBytes, type SigningKey } from '@rebond/protocol';
import type { Codes } from '../auth/codes.ts';
import type { Db } from '../db/schema.ts';
import { certifyStick } from '../keys/certify.ts';
import { ServerError } from '../refusals.ts';
import type { Workshop } from '../workshops/open.ts';

/** Certifies a stick's key for the lead whose code was typed on it. @throws ServerError bad-code, revoked-stick */
export async function pairStick(
  db: Db,
  codes: Codes,
  serverKey: SigningKey,
  workshop: Workshop,
  asked: { publicKey: string; code: string },
  now: Date,
): Promise<{ chain: Envelope[] }> {
  const { publicKey, code } = asked;
  const certificate = await db.transaction().execute(async (step) => {
    const signIn = await codes.redeem('stick', code, step);
    if (signIn?.person.role !== 'admin') throw new ServerError('bad-code');
    if ((await stickState(step, publicKey)) === 'revoked') throw new ServerError('revoked-stick');
    const made = await certifyStick(serverKey, workshop.ref, publicKey, now);
    const pairing = {
      pairedBy: signIn.person.id,
      pairedAt: now.toISOString(),
      certificate: envelopeBytes(made),
    };
    await step
      .insertInto('sticks')
      .values({ publicKey, ...pairing, revokedAt: null })
      .onConflict((conflict) => conflict.column('publicKey').doUpdateSet(pairing))
      .execute();
    return made;
  });
  return { chain: [certificate, ...workshop.serverChain] };
}

export async function stickState(db: Db, publicKey: string): Promise<'paired' | 'revoked' | 'unknown'> {
  const row = db.selectFrom('sticks').select('revokedAt').where('publicKey', '=', publicKey);
  const stick = await row.executeTakeFirst();
  if (!stick) return 'unknown';
  return stick.revokedAt ? 'revoked' : 'paired';
}

/** From now on nothing that this stick vouched for is accepted; its key cannot be paired again. */
export async function revokeStick(db: Db, publicKey: string, now: Date): Promise<void> {
  const revoked = db.updateTable('sticks').set({ revokedAt: now.toISOString() });
  await revoked.where('publicKey', '=', publicKey).where('revokedAt', 'is', null).execute();
}

export type StickLine = { publicKey: string; pairedAt: string; revokedAt: string | null; pairedBy: string };

export async function listSticks(db: Db): Promise<StickLine[]> {
  return await db
    .selectFrom('sticks')
    .innerJoin('people', 'people.id', 'sticks.pairedBy')
    .select(['publicKey', 'pairedAt', 'revokedAt', 'people.name as pairedBy'])
    .orderBy('pairedAt', 'desc')
    .execute();
}
