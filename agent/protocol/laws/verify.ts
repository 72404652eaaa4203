import type { Certificate, CertificateV2 } from '../words/certificate.ts';
import type { DestructionCertificate } from '../words/destruction.ts';
import type { TrustFile } from '../words/keys.ts';
import type { MachineRecord } from '../words/record.ts';
import type { PlanV1 } from '../words/sanitize.ts';
import { achieves } from './achieves.ts';
import { sameBytes, canonicalBytes } from './canonical.ts';
import { type Chain, checkChain } from './chain.ts';
import { checkDestruction } from './destruction.ts';
import {
  CERTIFICATE_TYPE,
  checkSignature,
  DESTRUCTION_TYPE,
  isOpened,
  openBytes,
  type Opened,
  RECORD_TYPE,
} from './envelope.ts';
import { ProtocolError } from './errors.ts';
import { planFollows } from './evidence-laws.ts';
import { grade } from './grade.ts';
import { sameIdentity } from './identity.ts';
import { type Case, conclusionsFollow, judge } from './judge.ts';
import { checkLeftovers } from './leftovers.ts';
import { checkMode } from './mode.ts';
import { checkPlausible } from './plausible.ts';
import { checkLabels, labelLawful } from './property-label.ts';

/** A record that is whole: signed by the key that its chain vouches for, within its session, its conclusions lawful. */
export type WholeRecord = {
  kind: 'record';
  record: MachineRecord;
  chain: Chain;
  /**
   * False when no server saw the technician sign in, or when the record gives account of a session on another
   * machine than the one its key speaks for: a lead looks at it before anything is certified.
   */
  confirmed: boolean;
};
export type WholeCertificate = { kind: 'certificate'; certificate: Certificate };
/** Persons vouch for it, and only they: the tool saw nothing of it. */
export type WholeDestruction = { kind: 'destruction'; certificate: DestructionCertificate };
type Whole = WholeRecord | WholeCertificate | WholeDestruction;

/** Valid, or intact but signed by someone this trust file does not name (or there was no trust file). */
export type Verdict = Whole & { anchor: string; trusted: boolean };

/**
 * Verifies a stored record or certificate from its bytes alone.
 * @param trust anchors got by another way; without them `trusted` is false
 * @throws ProtocolError for anything that is altered, unlawful, or signed by a key outside a given trust file
 */
export async function verifyDocument(bytes: Uint8Array, trust: TrustFile | null): Promise<Verdict> {
  const opened = openBytes(bytes);
  const whole = await checkWhole(opened);
  const { anchor, workshopId } =
    whole.kind === 'record'
      ? { anchor: whole.chain.anchor, workshopId: whole.record.audience }
      : { anchor: whole.certificate.issuer.publicKey, workshopId: whole.certificate.issuer.workshop.id };
  if (!trust) return { ...whole, anchor, trusted: false };
  const trusted = trust.anchors.some((each) => each.publicKey === anchor && each.workshop.id === workshopId);
  if (!trusted) throw new ProtocolError('unknown-key', anchor);
  return { ...whole, anchor, trusted };
}

async function checkWhole(opened: Opened): Promise<Whole> {
  if (isOpened(opened, RECORD_TYPE)) return await checkRecord(opened);
  if (isOpened(opened, CERTIFICATE_TYPE)) return await checkCertificate(opened);
  if (isOpened(opened, DESTRUCTION_TYPE)) return await checkDestroyed(opened);
  throw new ProtocolError('unknown-type', opened.type);
}

async function checkDestroyed({
  envelope,
  payload: certificate,
}: Opened<typeof DESTRUCTION_TYPE>): Promise<WholeDestruction> {
  await checkSignature(envelope, certificate.issuer.publicKey);
  checkDestruction(certificate);
  return { kind: 'destruction', certificate };
}

/** @throws ProtocolError */
export async function checkRecord({
  envelope,
  payload: record,
}: Opened<typeof RECORD_TYPE>): Promise<WholeRecord> {
  const chain = await checkChain(record.chain);
  await checkSignature(envelope, chain.leaf.subject.publicKey);
  checkScope(record, chain);
  await checkLaws(record);
  const ownMachine = chain.leaf.session?.machineId === record.machine.id;
  return { kind: 'record', record, chain, confirmed: !chain.offline && ownMachine };
}

function checkScope(record: MachineRecord, { leaf }: Chain): void {
  if (leaf.subject.role !== 'session' || !leaf.session)
    throw new ProtocolError('wrong-key', leaf.subject.role);
  if (leaf.workshop.id !== record.audience) throw new ProtocolError('wrong-audience', record.audience);
  if (leaf.session.sessionId !== record.sessionId) throw new ProtocolError('wrong-session', 'sessionId');
  // A stick that moved to another laptop still gives account of the session that was cut off on the first.
  if (leaf.session.machineId !== record.machine.id && record.accountOf === null) {
    throw new ProtocolError('wrong-session', 'machineId');
  }
  const { closedAt } = record;
  // A laptop's own clock proves nothing either way: only server time can show that the key had expired.
  if (closedAt.timeSource === 'server' && closedAt.wall > leaf.notAfter)
    throw new ProtocolError('key-expired');
}

async function checkLaws(record: MachineRecord): Promise<void> {
  const lawful = await grade(record.inventory, record.sanitizations, record.bootMedium);
  if (!sameBytes(canonicalBytes(lawful), canonicalBytes(record.grade))) {
    throw new ProtocolError('laws-disagree', 'grade');
  }
  const subject = record.accountOf ?? record.sessionId;
  for (const [index, evidence] of record.sanitizations.entries()) {
    if (!conclusionsFollow(evidence)) throw new ProtocolError('laws-disagree', `sanitizations.${index}`);
    if (evidence.plan.sessionId !== subject)
      throw new ProtocolError('wrong-session', `sanitizations.${index}`);
    if (evidence.plan.mode !== record.mode)
      throw new ProtocolError('laws-disagree', `sanitizations.${index}.mode`);
  }
  checkMode(
    record.mode,
    record.notice,
    record.sanitizations.map(({ plan: { target } }) => ({ ...target, ...target.identity })),
  );
  checkPlausible(record);
  checkLabels(record);
  checkLeftovers(record);
}

async function checkCertificate({
  envelope,
  payload: certificate,
}: Opened<typeof CERTIFICATE_TYPE>): Promise<WholeCertificate> {
  await checkSignature(envelope, certificate.issuer.publicKey);
  const { media, method } = certificate;
  const about = caseOf(certificate);
  const law = judge(about);
  const lawful =
    law.outcome === certificate.outcome &&
    law.levelAchieved === method.levelAchieved &&
    about.plan.clause === method.clause &&
    JSON.stringify(law.reasons) === JSON.stringify(certificate.reasons) &&
    (certificate.schema === 'rebond.certificate/1' || agrees(certificate));
  if (!lawful) throw new ProtocolError('laws-disagree', 'outcome');
  checkMode(certificate.mode, certificate.notice, [{ ...media, ...media.identity }]);
  return { kind: 'certificate', certificate };
}

/** What a certificate's conclusions rest on; of version 1 the plan is made again as far as judging needs it. */
function caseOf(certificate: Certificate): Case {
  if (certificate.schema !== 'rebond.certificate/1') return certificate.verification;
  const { mode, media, method, notCovered, record, verification } = certificate;
  const { level, clause } = achieves(method.technique, media.medium);
  const plan: PlanV1 = {
    schema: 'rebond.plan/1',
    sessionId: record.sessionId,
    mode,
    target: { ...media, logicalSectorBytes: 512, diskseq: null },
    technique: method.technique,
    verification: 'full-read-back',
    levelRequested: method.levelRequested,
    levelExpected: level,
    clause,
    notCovered,
    reasons: [],
  };
  return { plan, observations: verification.observations };
}

/** What a certificate says in its own fields is what its plan says, and the plan what follows from its steps. */
function agrees({ mode, media, method, verification, notCovered }: CertificateV2): boolean {
  const { plan } = verification;
  const { target } = plan;
  return (
    planFollows(verification) &&
    plan.mode === mode &&
    plan.technique === method.technique &&
    plan.levelRequested === method.levelRequested &&
    plan.verification === verification.kind &&
    sameIdentity(target.identity, media.identity) &&
    target.identity.propertyLabel === media.identity.propertyLabel &&
    labelLawful(target) &&
    target.medium === media.medium &&
    target.path === media.path &&
    target.sizeBytes === media.sizeBytes &&
    JSON.stringify(plan.notCovered) === JSON.stringify(notCovered)
  );
}
