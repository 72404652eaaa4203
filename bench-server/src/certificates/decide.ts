import {
  type Certificate,
  CERTIFICATE_TYPE,
  checkRecord,
  openAs,
  openBytes,
  RECORD_TYPE,
  type Validation,
} from '@rebond/protocol';
import type { Db } from '../db/schema.ts';
import { restateRecord } from '../quarantine/store.ts';
import { recordBytes } from '../records/queries.ts';
import { ServerError } from '../refusals.ts';
import { issueAll, type Issuer, reissue } from './issue.ts';
import { findCertificate } from './queries.ts';

/** A certificate's document, from the bytes that were stored. */
export function openCertificate(bytes: Uint8Array): Certificate {
  return openAs(CERTIFICATE_TYPE, openBytes(bytes).envelope).payload;
}

/** A stored certificate and the key that its envelope names: an older one than today's after a change of keys. */
export function signedBy(bytes: Uint8Array): { certificate: Certificate; keyId: string } {
  const { envelope, payload } = openAs(CERTIFICATE_TYPE, openBytes(bytes).envelope);
  return { certificate: payload, keyId: envelope.signatures[0]?.keyid ?? '' };
}

/**
 * Replaces a certificate by one that carries a person's decision. @returns the new one's id
 * @throws ServerError not-found, already-decided when it was replaced meanwhile
 */
export async function decideCertificate(
  db: Db,
  issuer: Issuer,
  id: string,
  validation: Validation,
  now: Date,
): Promise<string> {
  return await db.transaction().execute(async (step) => {
    const earlier = await findCertificate(step, id);
    if (!earlier) throw new ServerError('not-found');
    if (earlier.supersededBy) throw new ServerError('already-decided');
    const made = await reissue(issuer, openCertificate(earlier.bytes), validation, now);
    await step.updateTable('certificates').set({ supersededBy: made.id }).where('id', '=', id).execute();
    await step.insertInto('certificates').values(made).execute();
    await restateRecord(step, earlier.recordDigest);
    return made.id;
  });
}

/**
 * The lead's decision on a record that came without confirmation: only now its certificates are issued.
 * @throws ServerError not-found, already-decided
 */
export async function decideRecord(
  db: Db,
  issuer: Issuer,
  digest: string,
  validation: Exclude<Validation, { decision: 'pending' }>,
  now: Date,
): Promise<void> {
  const bytes = await recordBytes(db, digest);
  if (!bytes) throw new ServerError('not-found');
  const { record, chain } = await checkRecord(openAs(RECORD_TYPE, openBytes(bytes).envelope));
  const made = await issueAll(issuer, { digest, record, chain }, validation, now);
  await db.transaction().execute(async (step) => {
    const decided = await step
      .updateTable('records')
      .set({ decision: validation.decision })
      .where('digest', '=', digest)
      .where('unconfirmed', '=', 1)
      .where('decision', 'is', null)
      .returning('digest')
      .executeTakeFirst();
    if (!decided) throw new ServerError('already-decided');
    for (const certificate of made) await step.insertInto('certificates').values(certificate).execute();
    await restateRecord(step, digest);
  });
}
