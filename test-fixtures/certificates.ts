import {
  achieves,
  type Certificate,
  CERTIFICATE_TYPE,
  envelopeBytes,
  generateKeptKey,
  judge,
  type ObservationsV1,
  REHEARSAL_NOTICE,
  seal,
} from '@rebond/protocol';
import { everything, FILE, HDD, type Media, mismatching, SSD, vanished } from './sanitized-drives.ts';

/** A certificate, the exact bytes of its envelope, and the id of the key that signed it (`sha256:…`). */
export type SignedCertificate = { certificate: Certificate; envelopeBytes: Uint8Array; keyId: string };

/** A change to a certificate before it is signed. The outcome is not judged again afterwards. */
export type Change = (certificate: Certificate) => Certificate;

const unchanged: Change = (certificate) => certificate;

/** An SSD of 500 107 862 016 bytes, overwritten and read back whole, approved by a person. */
export async function doneReal(change: Change = unchanged): Promise<SignedCertificate> {
  return await signed((publicKey) => change(certificateOf(SSD, everything(SSD.sizeBytes), publicKey)));
}

/** The same drive, and nobody has decided yet. */
export const pendingReal = (): Promise<SignedCertificate> =>
  doneReal((certificate) => ({ ...certificate, validation: { decision: 'pending' } }));

/** The tool saw everything go well; the lead rejected it all the same. */
export const rejectedReal = (): Promise<SignedCertificate> =>
  doneReal(rejectedFor('Étiquette et numéro de série se contredisent.'));

/** The lead’s rejection, with a reason. */
export const rejectedFor =
  (why: string): Change =>
  (certificate) => ({ ...certificate, validation: { decision: 'rejected', ...DECIDED, why } });

/** The same work on a file of 64 MiB, in a rehearsal. */
export async function doneRehearsal(change: Change = unchanged): Promise<SignedCertificate> {
  return await signed((publicKey) =>
    change({
      ...certificateOf(FILE, everything(FILE.sizeBytes), publicKey),
      mode: 'rehearsal',
      notice: REHEARSAL_NOTICE,
      validation: { decision: 'pending' },
    }),
  );
}

/** Three sectors came back different and one read failed; a person rejected the result. */
export async function failedReal(change: Change = unchanged): Promise<SignedCertificate> {
  return await signed((publicKey) => change(certificateOf(HDD, mismatching(HDD.sizeBytes), publicKey)));
}

/** The drive vanished during the overwrite: nothing was read back, and nobody has decided yet. */
export async function unknownReal(change: Change = unchanged): Promise<SignedCertificate> {
  return await signed((publicKey) => change(certificateOf(HDD, vanished(), publicKey)));
}

async function signed(make: (publicKey: string) => Certificate): Promise<SignedCertificate> {
  const { key } = await generateKeptKey();
  const certificate = make(key.publicKey);
  const envelope = await seal(CERTIFICATE_TYPE, certificate, key);
  return { certificate, envelopeBytes: envelopeBytes(envelope), keyId: key.keyId };
}

const TECHNICIAN = { id: 'technicien-1', name: 'Technicien 1' };
const LEAD = { id: 'responsable-1', name: 'Responsable 1' };
const at = (wall: string) => ({ wall, timeSource: 'server' as const });
const DECIDED = { person: LEAD, at: at('2026-03-14T15:40:00.000Z') };

function certificateOf(media: Media, seen: ObservationsV1, publicKey: string): Certificate {
  const after = seen.stopped ? null : { identity: media.identity, sizeBytes: media.sizeBytes };
  const observations = { ...seen, after };
  const { level, clause } = achieves('overwrite', media.medium);
  const plan = planOf(media, clause, level);
  const { outcome, levelAchieved, reasons } = judge({ plan, observations });
  return {
    schema: 'rebond.certificate/1',
    certificateId: '6f1d2c3b-4a59-4e68-8b7c-9d0e1f2a3b4c',
    supersedes: null,
    mode: 'real',
    notice: null,
    outcome,
    issuedAt: at('2026-03-14T15:42:10.000Z'),
    issuer: { workshop: { id: 'atelier-essai', name: 'Atelier d’essai' }, publicKey },
    machine: {
      ref: { id: 'dmi-1f2e3d4c5b6a', basis: 'dmi' },
      manufacturer: 'TEST MAKER',
      product: 'Test Laptop 14',
      serial: 'LT-TEST-0001',
    },
    media,
    method: {
      technique: 'overwrite',
      levelRequested: 'clear',
      levelAchieved,
      clause,
      tool: { name: 'rebond-agent', version: '0.1.0' },
    },
    verification: { kind: 'full-read-back', observations },
    reasons,
    notCovered: plan.notCovered,
    performedAt: { wall: '2026-03-14T13:05:09.120Z', timeSource: 'rtc-unverified' },
    bench: 'Poste 3',
    performer: TECHNICIAN,
    validation: decisionOn(outcome),
    record: {
      recordId: '0a1b2c3d-4e5f-4a6b-8c7d-8e9f0a1b2c3d',
      sha256: 'a3'.repeat(32),
      sessionId: plan.sessionId,
      journalSha256: '5c'.repeat(32),
      drive: 0,
    },
  };
}

function decisionOn(outcome: Certificate['outcome']): Certificate['validation'] {
  if (outcome === 'done') return { decision: 'approved', ...DECIDED };
  if (outcome === 'unknown') return { decision: 'pending' };
  return { decision: 'rejected', ...DECIDED, why: 'Trois secteurs diffèrent : le disque part au broyage.' };
}

function planOf(media: Media, clause: string, level: Certificate['method']['levelAchieved']) {
  return {
    schema: 'rebond.plan/1' as const,
    sessionId: '2b3c4d5e-6f70-4182-93a4-b5c6d7e8f901',
    mode: 'real' as const,
    target: { ...media, logicalSectorBytes: 512, diskseq: null },
    technique: 'overwrite' as const,
    verification: 'full-read-back' as const,
    levelRequested: 'clear' as const,
    levelExpected: level,
    clause,
    notCovered: [
      {
        fr: 'Les secteurs réalloués par le disque et la mémoire flash hors de portée des adresses logiques.',
        en: 'Sectors remapped by the drive, and flash memory that logical addresses do not reach.',
      },
      {
        fr: 'Les zones cachées (HPA, DCO) que la machine n’a pas su montrer.',
        en: 'Hidden areas (HPA, DCO) that the machine could not show.',
      },
    ],
    reasons: [],
  };
}
