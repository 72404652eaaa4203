import {
  type Envelope,
  type EvidenceV1,
  generateSessionKey,
  grade,
  type Inventory,
  judge,
  type MachineRecord,
  type PlanV1,
  RECORD_TYPE,
  REHEARSAL_NOTICE,
  seal,
} from '@rebond/protocol';
import { type TestWorkshop, vouch } from './workshop.ts';

const AT = { wall: '2026-11-23T08:30:00.000Z', timeSource: 'server' } as const;
const SIZE = 16 * 1024 * 1024;

/** A small lawful record of a rehearsal; `change` alters it before it is signed, and nothing is judged again. */
export async function sampleRecord(
  made: TestWorkshop,
  change: (record: MachineRecord) => MachineRecord = (record) => record,
): Promise<{ record: MachineRecord; envelope: Envelope }> {
  const key = await generateSessionKey();
  const sessionId = crypto.randomUUID();
  const scope = {
    sessionId,
    bench: 'poste 1',
    technician: null,
    machineId: 'm-essai',
    nonce: 'A'.repeat(22),
  };
  const leaf = await vouch(
    made.workshop,
    { role: 'server', key: made.server.key },
    { role: 'session', key },
    scope,
  );
  const sanitizations = [evidence(sessionId)];
  const record = change({
    schema: 'rebond.record/1',
    recordId: crypto.randomUUID(),
    sessionId,
    sequence: 0,
    accountOf: null,
    audience: made.workshop.id,
    mode: 'rehearsal',
    notice: REHEARSAL_NOTICE,
    machine: { id: 'm-essai', basis: 'session' },
    agent: { version: '0.0.0', sha256: null },
    inventory: INVENTORY,
    refusals: [],
    sanitizations,
    grade: await grade(INVENTORY, sanitizations),
    remarks: [],
    openedAt: AT,
    closedAt: AT,
    durationMs: 1000,
    chain: [leaf, ...made.server.chain],
  });
  return { record, envelope: await seal(RECORD_TYPE, record, key) };
}

const UNREAD = { outcome: 'failed', failure: { code: 'tool-missing', source: 'test', detail: '' } } as const;
const INVENTORY: Inventory = {
  schema: 'rebond.inventory/1',
  takenAt: AT,
  system: UNREAD,
  cpu: UNREAD,
  memory: UNREAD,
  drives: UNREAD,
  batteries: { outcome: 'absent', sources: ['test'] },
  displays: UNREAD,
  remarks: [],
};

/** Of version 1, which stays readable. */
function evidence(sessionId: string): EvidenceV1 {
  const identity = { transport: 'file', model: 'REHEARSAL', serial: 'REHEARSAL-1-2', wwid: null } as const;
  const plan: PlanV1 = {
    schema: 'rebond.plan/1',
    sessionId,
    mode: 'rehearsal',
    target: {
      path: '/x.img',
      identity,
      medium: 'rehearsal-file',
      sizeBytes: SIZE,
      logicalSectorBytes: 512,
      diskseq: null,
    },
    technique: 'overwrite',
    verification: 'full-read-back',
    levelRequested: 'clear',
    levelExpected: 'none',
    clause: 'REHEARSAL: a file is not a storage medium, no standard applies',
    notCovered: [],
    reasons: [],
  };
  const observations = {
    written: { bytes: SIZE, durationMs: 10, errors: [] },
    flushed: true,
    readBack: {
      ...{ bytes: SIZE, matchedBytes: SIZE, durationMs: 10, mismatches: [], mismatchedSectors: 0 },
      ...{ errors: [], direct: true },
    },
    after: { identity, sizeBytes: SIZE },
    stopped: null,
  };
  return {
    schema: 'rebond.evidence/1',
    plan,
    observations,
    ...judge({ plan, observations }),
    tool: { name: 'rebond', version: '0.0.0' },
    stream: { algorithm: 'aes-256-ctr', keyHex: '00'.repeat(32) },
    startedAt: AT,
    durationMs: 20,
    journalSha256: '00'.repeat(32),
  };
}
