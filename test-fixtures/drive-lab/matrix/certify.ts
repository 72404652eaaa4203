// From evidence to the certificate that an auditor reads, by the real server in this process.
import { createHash } from 'node:crypto';
import { type Certificate, type EvidenceV2, type TrustFile, verifyDocument } from '@rebond/protocol';
import { certificatesOfRecord } from '../../../bench-server/src/certificates/queries.ts';
import { type House, openHouse } from '../../house.ts';
import { type Laptop, openLaptop } from '../../laptops.ts';
import { recordBytes } from '../../records.ts';
import { submit } from '../../server.ts';
import { Visitor } from '../../visitor.ts';

export type Office = {
  /** Of the session that all evidence must be of. */
  sessionId: string;
  /** Sends a record with that evidence, and verifies the certificate of its drive from its bytes alone. */
  certificateOf(evidence: EvidenceV2): Promise<Certificate>;
  close(): Promise<void>;
};

export async function openOffice(): Promise<Office> {
  const house = await openHouse();
  const laptop = await openLaptop(house.url, await house.benchCode());
  const lead = await new Visitor(house.url).signIn(await house.codes.make('sign-in', 'responsable'));
  const trust = (await (await fetch(`${house.url}/api/trust`)).json()) as TrustFile;
  let sequence = 0;
  return {
    sessionId: laptop.sessionId,
    async certificateOf(evidence) {
      const digest = await send(house, laptop, evidence, (sequence += 1) - 1);
      const [line] = (await certificatesOfRecord(house.db, digest)).values();
      if (!line) throw new Error('the record has no certificate');
      const { bytes } = await lead.get(`/api/certificates/${line.id}.json`);
      const verdict = await verifyDocument(bytes, trust);
      if (verdict.kind !== 'certificate' || !verdict.trusted) throw new Error('not a trusted certificate');
      return verdict.certificate;
    },
    close: () => house.close(),
  };
}

async function send(house: House, laptop: Laptop, evidence: EvidenceV2, sequence: number): Promise<string> {
  const bytes = await recordBytes(laptop, { mode: evidence.plan.mode, sequence, steps: () => [evidence] });
  const answer = await submit(house.url, bytes);
  if (answer.status !== 201) throw new Error(`the server refused the record: ${JSON.stringify(answer.body)}`);
  return createHash('sha256').update(bytes).digest('hex');
}
