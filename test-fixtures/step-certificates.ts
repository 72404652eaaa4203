import {
  type CertificateV2,
  CERTIFICATE_TYPE,
  envelopeBytes,
  type EvidenceV2,
  generateKeptKey,
  REHEARSAL_NOTICE,
  seal,
} from '@rebond/protocol';
import type { SignedCertificate } from './certificates.ts';

export type ChangeV2 = (certificate: CertificateV2) => CertificateV2;

const at = (wall: string) => ({ wall, timeSource: 'server' as const });
const LEAD = { id: 'responsable-1', name: 'Responsable 1' };

/** The certificate of an evidence of version 2, approved where it is done, else pending. */
function stepCertificate(evidence: EvidenceV2, publicKey: string): CertificateV2 {
  const { plan, capabilities, observations, commands, stream, outcome, levelAchieved, reasons } = evidence;
  const { identity, medium, sizeBytes, path } = plan.target;
  const { technique, levelRequested, clause, notCovered, mode } = plan;
  return {
    schema: 'rebond.certificate/2',
    certificateId: '7a2d2c3b-4a59-4e68-8b7c-9d0e1f2a3b4d',
    supersedes: null,
    mode,
    notice: mode === 'rehearsal' ? REHEARSAL_NOTICE : null,
    outcome,
    issuedAt: at('2026-03-14T15:42:10.000Z'),
    issuer: { workshop: { id: 'atelier-essai', name: 'Atelier d’essai' }, publicKey },
    machine: {
      ref: { id: 'dmi-1f2e3d4c5b6a', basis: 'dmi' },
      manufacturer: 'TEST MAKER',
      product: 'Test Laptop 14',
      serial: 'LT-TEST-0001',
    },
    media: { identity, medium, sizeBytes, path },
    method: { technique, levelRequested, levelAchieved, clause, tool: evidence.tool },
    verification: { kind: plan.verification, plan, capabilities, observations, commands, stream },
    reasons,
    notCovered,
    performedAt: evidence.startedAt,
    bench: 'Poste 3',
    performer: { id: 'technicien-1', name: 'Technicien 1' },
    validation:
      outcome === 'done'
        ? { decision: 'approved', person: LEAD, at: at('2026-03-14T15:40:00.000Z') }
        : { decision: 'pending' },
    record: {
      recordId: '0a1b2c3d-4e5f-4a6b-8c7d-8e9f0a1b2c3d',
      sha256: 'a3'.repeat(32),
      sessionId: plan.sessionId,
      journalSha256: evidence.journalSha256,
      drive: 0,
    },
  };
}

/** The same, changed and signed. Nothing is judged again after the change. */
export async function signedSteps(
  evidence: EvidenceV2,
  change: ChangeV2 = (certificate) => certificate,
): Promise<SignedCertificate & { certificate: CertificateV2 }> {
  const { key } = await generateKeptKey();
  const certificate = change(stepCertificate(evidence, key.publicKey));
  const envelope = await seal(CERTIFICATE_TYPE, certificate, key);
  return { certificate, envelopeBytes: envelopeBytes(envelope), keyId: key.keyId };
}
