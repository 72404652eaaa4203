import type { CertificateRow, Db } from '../db/schema.ts';

export type CertificateLine = Omit<CertificateRow, 'bytes'>;

const LINE = [
  'number',
  'id',
  'recordDigest',
  'drive',
  'machineId',
  'mode',
  'outcome',
  'decision',
  'issuedAt',
  'supersedes',
  'supersededBy',
  'label',
] as const satisfies (keyof CertificateLine)[];

const PAGE_SIZE = 50;

/** One page of the certificates in force, newest first. */
export async function listCertificates(
  db: Db,
  wishes: { outcome: string | null; decision: CertificateRow['decision'] | null; page: number },
): Promise<{ certificates: CertificateLine[]; more: boolean }> {
  let query = db.selectFrom('certificates').select(LINE).where('supersededBy', 'is', null);
  if (wishes.outcome) query = query.where('outcome', '=', wishes.outcome);
  if (wishes.decision) query = query.where('decision', '=', wishes.decision);
  const found = await query
    .orderBy('number', 'desc')
    .limit(PAGE_SIZE + 1)
    .offset((wishes.page - 1) * PAGE_SIZE)
    .execute();
  return { certificates: found.slice(0, PAGE_SIZE), more: found.length > PAGE_SIZE };
}

/** The certificates in force for one record, by drive. */
export async function certificatesOfRecord(db: Db, digest: string): Promise<Map<number, CertificateLine>> {
  const rows = await db
    .selectFrom('certificates')
    .select(LINE)
    .where('recordDigest', '=', digest)
    .where('supersededBy', 'is', null)
    .execute();
  return new Map(rows.map((row) => [row.drive, row]));
}

export async function findCertificate(db: Db, id: string): Promise<CertificateRow | null> {
  return (await db.selectFrom('certificates').selectAll().where('id', '=', id).executeTakeFirst()) ?? null;
}
