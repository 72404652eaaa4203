import {
  type DestructionCertificate,
  DESTRUCTION_NOTICE,
  DESTRUCTION_TYPE,
  destroys,
  envelopeBytes,
  generateKeptKey,
  seal,
} from '@rebond/protocol';

const at = (wall: string) => ({ wall, timeSource: 'server' as const });
const LEAD = { id: 'responsable-1', name: 'Responsable 1' };

export type DestructionWishes = Partial<DestructionCertificate['destruction']> & {
  media?: Partial<DestructionCertificate['media']>;
  change?: (certificate: DestructionCertificate) => DestructionCertificate;
};

/** A drive that failed its wipe and was shredded; the level follows from what is wished for, `change` comes after it. */
export async function signedDestruction({
  media: other,
  change = (certificate) => certificate,
  ...wishes
}: DestructionWishes = {}) {
  const { key } = await generateKeptKey();
  const media: DestructionCertificate['media'] = {
    identity: { transport: 'sata', model: 'TEST HDD 500G', serial: 'SN-TEST-0003', wwid: null },
    ...{ medium: 'ata-hdd', sizeBytes: 500_107_862_016, path: '/dev/sda', label: 'Q-0007' },
    ...other,
  };
  const stated = { method: 'shred', fragments: 'H-5', ...wishes } as const;
  const certificate = change({
    schema: 'rebond.destruction/1',
    certificateId: '3c1d2c3b-4a59-4e68-8b7c-9d0e1f2a3b4c',
    mode: 'real',
    notice: DESTRUCTION_NOTICE,
    issuedAt: at('2026-03-20T10:00:00.500Z'),
    issuer: { workshop: { id: 'atelier-essai', name: 'Atelier d’essai' }, publicKey: key.publicKey },
    machine: {
      ref: { id: 'dmi-1f2e3d4c5b6a', basis: 'dmi' },
      ...{ manufacturer: 'TEST MAKER', product: 'Test Laptop 14', serial: 'LT-TEST-0001' },
    },
    media,
    quarantine: {
      cause: 'failed',
      reasons: [{ code: 'mismatch', fr: 'Trois secteurs diffèrent.', en: 'Three sectors differ.' }],
      record: {
        recordId: '0a1b2c3d-4e5f-4a6b-8c7d-8e9f0a1b2c3d',
        sha256: 'a3'.repeat(32),
        sessionId: '2b3c4d5e-6f70-4182-93a4-b5c6d7e8f901',
      },
      earlier: '6f1d2c3b-4a59-4e68-8b7c-9d0e1f2a3b4c',
    },
    destruction: {
      on: '2026-03-19',
      place: 'Broyeur de l’atelier',
      witness: 'Témoin 1',
      slip: 'BSD-2026-031',
      statedBy: LEAD,
      statedAt: at('2026-03-20T10:00:00.000Z'),
      ...destroys(stated.method, stated.fragments, media.medium),
      ...stated,
    },
  });
  const envelope = await seal(DESTRUCTION_TYPE, certificate, key);
  return { certificate, envelopeBytes: envelopeBytes(envelope), keyId: key.keyId };
}
