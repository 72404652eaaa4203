import {
  type Certificate,
  type CertificateV1,
  type CertificateV2,
  CERTIFICATE_TYPE,
  type Envelope,
  envelopeBytes,
  type Evidence,
  lastAttempts,
  printedNumber,
  REHEARSAL_NOTICE,
  seal,
  type SigningKey,
  type Validation,
  visible,
  type WorkshopRef,
} from '@rebond/protocol';
import type { CertificateRow } from '../db/schema.ts';
import { serverClock } from '../keys/certify.ts';
import type { Accepted } from '../records/accept.ts';
import { systemOf } from './system.ts';

/** Who issues: the workshop's name and the one key that may sign certificates. */
export type Issuer = { workshop: WorkshopRef; key: SigningKey };

export type NewCertificate = Omit<CertificateRow, 'number'>;

/** One certificate for each drive of a record, for the last attempt on it, whatever its outcome. */
export async function issueAll(
  issuer: Issuer,
  accepted: Pick<Accepted, 'digest' | 'record' | 'chain'>,
  validation: Validation,
  now: Date,
): Promise<NewCertificate[]> {
  return await Promise.all(
    lastAttempts(accepted.record.sanitizations).map(async ({ evidence, index: drive }) => {
      const facts = { ...accepted, evidence, drive };
      return await certificateRow(issuer, certificateOf(issuer, facts, validation, now));
    }),
  );
}

/** The same facts with a person's decision, in place of an earlier certificate. */
export async function reissue(
  issuer: Issuer,
  earlier: Certificate,
  validation: Validation,
  now: Date,
): Promise<NewCertificate> {
  return await certificateRow(issuer, {
    ...earlier,
    certificateId: crypto.randomUUID(),
    supersedes: earlier.certificateId,
    issuedAt: serverClock(now),
    issuer: { workshop: issuer.workshop, publicKey: issuer.key.publicKey },
    validation,
  });
}

type Facts = Pick<Accepted, 'digest' | 'record' | 'chain'> & { evidence: Evidence; drive: number };

function certificateOf(
  { workshop, key }: Issuer,
  { digest, record, chain, evidence, drive }: Facts,
  validation: Validation,
  now: Date,
): Certificate {
  const { plan, outcome, levelAchieved, reasons, tool } = evidence;
  const { identity, medium, sizeBytes, path } = plan.target;
  const common = {
    certificateId: crypto.randomUUID(),
    supersedes: null,
    mode: record.mode,
    notice: record.mode === 'rehearsal' ? REHEARSAL_NOTICE : null,
    outcome,
    issuedAt: serverClock(now),
    issuer: { workshop, publicKey: key.publicKey },
    machine: { ref: record.machine, ...systemOf(record) },
    media: { identity, medium, sizeBytes, path },
    method: {
      technique: plan.technique,
      levelRequested: plan.levelRequested,
      levelAchieved,
      clause: plan.clause,
      tool,
    },
    reasons,
    notCovered: plan.notCovered,
    performedAt: evidence.startedAt,
    bench: chain.leaf.session?.bench ?? '',
    performer: chain.leaf.session?.technician ?? null,
    validation,
    record: {
      recordId: record.recordId,
      sha256: digest,
      sessionId: record.sessionId,
      journalSha256: evidence.journalSha256,
      drive,
    },
  };
  return { ...common, ...groundsOf(evidence) };
}

/** All that the judgement rests on, so that a certificate can be judged again without its record. */
function groundsOf(
  evidence: Evidence,
): Pick<CertificateV1, 'schema' | 'verification'> | Pick<CertificateV2, 'schema' | 'verification'> {
  if (evidence.schema === 'rebond.evidence/1') {
    const { plan, observations } = evidence;
    return { schema: 'rebond.certificate/1', verification: { kind: plan.verification, observations } };
  }
  const { plan, capabilities, observations, commands, stream } = evidence;
  const labelled = plan.target.identity.propertyLabel !== undefined;
  return {
    schema: labelled ? 'rebond.certificate/3' : 'rebond.certificate/2',
    verification: { kind: plan.verification, plan, capabilities, observations, commands, stream },
  };
}

async function certificateRow({ key }: Issuer, certificate: Certificate): Promise<NewCertificate> {
  const envelope: Envelope = await seal(CERTIFICATE_TYPE, certificate, key);
  const { media, machine, record } = certificate;
  return {
    id: certificate.certificateId,
    recordDigest: record.sha256,
    drive: record.drive,
    machineId: machine.ref.id,
    mode: certificate.mode,
    outcome: certificate.outcome,
    decision: certificate.validation.decision,
    issuedAt: certificate.issuedAt.wall,
    supersedes: certificate.supersedes,
    supersededBy: null,
    label: visible(
      [media.identity.model, printedNumber(media.identity)].filter(Boolean).join(' · ') || media.path,
    ),
    bytes: envelopeBytes(envelope),
  };
}
