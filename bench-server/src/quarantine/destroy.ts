import {
  checkDestruction,
  DESTRUCTION_NOTICE,
  DESTRUCTION_TYPE,
  type DestructionCertificate,
  destroys,
  envelopeBytes,
  type MachineRecord,
  openAs,
  openBytes,
  type PersonRef,
  type QuarantineCause,
  RECORD_TYPE,
  seal,
  visible,
} from '@rebond/protocol';
import type { Issuer } from '../certificates/issue.ts';
import { certificatesOfRecord } from '../certificates/queries.ts';
import { systemOf } from '../certificates/system.ts';
import type { Db } from '../db/schema.ts';
import { serverClock } from '../keys/certify.ts';
import { recordBytes } from '../records/queries.ts';
import { ServerError } from '../refusals.ts';
import { recognizable } from './identity.ts';
import { type DriveLine, findDrive } from './queries.ts';
import { restate } from './store.ts';

type Stated = DestructionCertificate['destruction'];

/** What a lead says of a destruction; nothing of it can be checked here. */
export type Statement = Pick<Stated, 'method' | 'fragments' | 'on' | 'place' | 'witness' | 'slip'> & {
  label: string | null;
};

/**
 * Certifies that a drive of the quarantine was destroyed, as a lead states it. @returns the certificate's id
 * @throws ServerError not-found, already-destroyed, not-in-quarantine, nothing-destroyed
 * @throws ProtocolError impossible for a day to come
 */
export async function noteDestruction(
  db: Db,
  issuer: Issuer,
  driveKey: string,
  statement: Statement,
  lead: PersonRef,
  now: Date,
): Promise<string> {
  return await db.transaction().execute(async (step) => {
    const drive = await findDrive(step, driveKey);
    if (!drive) throw new ServerError('not-found');
    if (drive.destruction) throw new ServerError('already-destroyed', drive.destruction);
    if (drive.state !== 'quarantined' || !drive.cause) throw new ServerError('not-in-quarantine');
    const certificate = await certificateOf(step, issuer, drive, drive.cause, statement, lead, now);
    const { level } = certificate.destruction;
    if (level === 'none') throw new ServerError('nothing-destroyed', certificate.destruction.clause);
    checkDestruction(certificate);
    const envelope = await seal(DESTRUCTION_TYPE, certificate, issuer.key);
    const { number } = await step
      .selectFrom('records')
      .select((e) => e.fn.max('number').as('number'))
      .executeTakeFirstOrThrow();
    await step
      .insertInto('destructions')
      .values({
        driveKey,
        ...{ id: certificate.certificateId, machineId: drive.machineId, method: statement.method, level },
        ...{ statedAt: now.toISOString(), afterRecord: number },
        ...{ serial: recognizable(drive.serial), wwid: recognizable(drive.wwid) },
        label: drive.propertyLabel ?? statement.label,
        bytes: envelopeBytes(envelope),
      })
      .execute();
    await restate(step, driveKey);
    return certificate.certificateId;
  });
}

async function certificateOf(
  db: Db,
  { workshop, key }: Issuer,
  drive: DriveLine,
  cause: QuarantineCause,
  { label, ...stated }: Statement,
  lead: PersonRef,
  now: Date,
): Promise<DestructionCertificate> {
  const record = await recordOf(db, drive.recordDigest);
  const { media, reasons } = mediaOf(record, drive);
  const earlier = (await certificatesOfRecord(db, drive.recordDigest)).get(drive.drive ?? -1);
  return {
    schema: 'rebond.destruction/1',
    certificateId: crypto.randomUUID(),
    mode: 'real',
    notice: DESTRUCTION_NOTICE,
    issuedAt: serverClock(now),
    issuer: { workshop, publicKey: key.publicKey },
    machine: { ref: record.machine, ...systemOf(record) },
    media: { ...media, label },
    quarantine: {
      ...{ cause, reasons },
      record: { recordId: record.recordId, sha256: drive.recordDigest, sessionId: record.sessionId },
      earlier: earlier?.id ?? null,
    },
    destruction: {
      ...stated,
      ...destroys(stated.method, stated.fragments, media.medium),
      ...{ statedBy: lead, statedAt: serverClock(now) },
    },
  };
}

async function recordOf(db: Db, digest: string): Promise<MachineRecord> {
  const bytes = await recordBytes(db, digest);
  if (!bytes) throw new ServerError('not-found');
  return openAs(RECORD_TYPE, openBytes(bytes).envelope).payload;
}

type About = {
  media: Omit<DestructionCertificate['media'], 'label'>;
  reasons: DestructionCertificate['quarantine']['reasons'];
};

/** The drive as the signed record has it, not as its row was made harmless for lists. */
function mediaOf(record: MachineRecord, line: DriveLine): About {
  const evidence = line.drive === null ? undefined : record.sanitizations[line.drive];
  if (evidence) {
    const { identity, medium, sizeBytes, path } = evidence.plan.target;
    return { media: { identity, medium, sizeBytes, path }, reasons: evidence.reasons };
  }
  const refusal = record.refusals.find(({ path }) => visible(path) === line.path);
  if (refusal) {
    const { identity, sizeBytes, path, reasons } = refusal;
    return { media: { identity, sizeBytes, path, medium: line.medium }, reasons };
  }
  // Absent from this record: all that is left is what an earlier one said of it.
  const { model, serial, wwid, propertyLabel, path, medium } = line;
  const label = propertyLabel === null ? {} : { propertyLabel };
  const identity = { transport: 'unknown' as const, model, serial, wwid, ...label };
  return { media: { identity, medium, path, sizeBytes: null }, reasons: [] };
}
