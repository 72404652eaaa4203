import { type Envelope } from '@rebond/protocol';
import { issueAll, type Issuer } from '../certificates/issue.ts';
import type { Standing } from '../sessions/standing.ts';
import { type Accepted, acceptRecord } from './accept.ts';
import { machineRow, recordRow, sanitizationRows } from './derive.ts';
import type { Stored, Submission } from './store.ts';

export type Submitted = { isNew: boolean; receipt: Envelope };

/** The way of a record from its bytes to a receipt that is true. */
export function submitter(
  standing: Standing,
  issuer: Issuer,
  store: (submission: Submission) => Promise<Stored>,
  receiptFor: (accepted: Accepted, stored: Stored) => Promise<Envelope>,
  now: () => Date,
): (bytes: Uint8Array) => Promise<Submitted> {
  return async (bytes) => {
    const accepted = await acceptRecord(bytes, standing);
    const receivedAt = now();
    const stored = await store({
      endedSession: accepted.record.accountOf ?? accepted.record.sessionId,
      document: accepted.record,
      record: recordRow(accepted, receivedAt.toISOString()),
      machine: machineRow(accepted, receivedAt.toISOString()),
      sanitizations: sanitizationRows(accepted),
      // An unconfirmed record gets its certificates only when the lead says so.
      certificates: accepted.confirmed
        ? await issueAll(issuer, accepted, { decision: 'pending' }, receivedAt)
        : [],
    });
    return { isNew: stored.isNew, receipt: await receiptFor(accepted, stored) };
  };
}
