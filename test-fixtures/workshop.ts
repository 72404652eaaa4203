import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type Clock,
  type Envelope,
  generateKeptKey,
  KEY_CERTIFICATE_TYPE,
  type KeyCertificate,
  seal,
  type SigningKey,
  type TrustFile,
  type WorkshopRef,
} from '@rebond/protocol';

/** A workshop with keys of its own, made anew for each test. */
export type TestWorkshop = {
  workshop: WorkshopRef;
  key: SigningKey;
  server: { key: SigningKey; chain: Envelope[] };
  trust: TrustFile;
};

const NOW: Clock = { wall: '2026-11-23T08:00:00.000Z', timeSource: 'server' };

export async function makeWorkshop(id = 'atelier-essai'): Promise<TestWorkshop> {
  const workshop = { id, name: 'Atelier d’essai' };
  const { key } = await generateKeptKey();
  const server = await generateKeptKey();
  const chain = [await vouch(workshop, { role: 'workshop', key }, { role: 'server', key: server.key })];
  const anchors = [{ workshop, publicKey: key.publicKey }];
  return { workshop, key, server: { key: server.key, chain }, trust: { schema: 'rebond.trust/1', anchors } };
}

/** One key's certificate for another. */
export async function vouch(
  workshop: WorkshopRef,
  issuer: { role: KeyCertificate['issuer']['role']; key: SigningKey },
  subject: { role: KeyCertificate['subject']['role']; key: SigningKey },
  session: KeyCertificate['session'] = null,
): Promise<Envelope> {
  return await seal(
    KEY_CERTIFICATE_TYPE,
    {
      schema: 'rebond.key-certificate/1',
      issuer: { role: issuer.role, publicKey: issuer.key.publicKey },
      subject: { role: subject.role, publicKey: subject.key.publicKey },
      workshop,
      issuedAt: NOW,
      notAfter: '2026-11-24T08:00:00.000Z',
      session,
    },
    issuer.key,
  );
}

/** Writes what a paired stick keeps into `home`, as `rebond pair` does. @param server where the stick sends records */
export async function pairedStick(home: string, made: TestWorkshop, server: string): Promise<void> {
  const { key, pkcs8 } = await generateKeptKey();
  const { workshop } = made;
  const own = await vouch(workshop, { role: 'server', key: made.server.key }, { role: 'stick', key });
  mkdirSync(home, { recursive: true });
  const stick = {
    schema: 'rebond.stick/1',
    publicKey: key.publicKey,
    pkcs8: pkcs8.toBase64(),
    chain: [own, ...made.server.chain],
    workshop,
    anchor: made.key.publicKey,
    server,
    pin: null,
  };
  writeFileSync(join(home, 'stick.json'), JSON.stringify(stick));
}
