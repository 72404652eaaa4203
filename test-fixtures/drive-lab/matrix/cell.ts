// One cell: what came of one technique on one drive, as a certificate would say it and as the medium itself says it.
import {
  capabilitiesOf,
  type EvidenceV2,
  expectedOf,
  judge,
  type Level,
  type Outcome,
  type SanitizePolicy,
  type Verification,
} from '@rebond/protocol';
import type { Column } from './columns.ts';
import { againId, type Row } from './rows.ts';
import type { MakeStand, Stand } from './stands.ts';
import type { Orders } from './guest.ts';
import { type Left, leftOn } from './left.ts';
import type { Told } from './words.ts';

type Verdict = Outcome | 'refused' | 'not-applicable';

export type Cell = {
  row: string;
  column: Column;
  policy: string;
  verdict: Verdict;
  level: Level;
  verification: Verification | null;
  /** Codes of the reasons, or the one sentence why it cannot be. */
  why: readonly string[];
  left: Left;
  /** As the laptop made it. */
  evidence: EvidenceV2 | null;
  /** What a bench must not see; none where all is well. */
  complaints: string[];
};

const NOTHING: Left = { addressable: 0, beyond: 0, exposed: 0 };
const PATIENCE_MS = 20_000;

export type CellDoors = {
  make: MakeStand;
  orders: Orders;
  /** Puts another drive beside it. */
  meetTwin: (twin: Stand) => Promise<void>;
  sessionId: string;
};

/** All that a row comes to: one cell, and a second one where another session follows. */
export async function runCell(
  row: Row,
  column: Column,
  policy: SanitizePolicy,
  { make, orders, meetTwin, sessionId }: CellDoors,
): Promise<Cell[]> {
  const base = { row: row.id, column, policy: policy.id };
  const never = row.notApplicable(column);
  if (never !== null) {
    const nothing = { level: 'none', verification: null, left: NOTHING, evidence: null } as const;
    return [{ ...base, ...nothing, verdict: 'not-applicable', why: [never], complaints: [] }];
  }
  const stand = make(column, row);
  const twin = row.twin ? make(column, row, stand.serial) : null;
  try {
    if (twin) await meetTwin(twin);
    await stand.insert();
    const session = async (id: string, stays: boolean): Promise<Cell> => {
      const heard = stand.heard().length;
      const told = await orders.ask({
        ...{ sessionId, where: stand.where, technique: column.technique, policy, stays },
        ...{ patienceMs: PATIENCE_MS, interlocks: row.twin === true },
      });
      const cell = { ...base, row: id, ...saidBy(told), left: leftOn(stand), complaints: [] };
      return { ...cell, complaints: complaintsOf(cell, stand, stand.heard().slice(heard)) };
    };
    const first = await session(row.id, row.again !== undefined);
    if (row.again === undefined) return [first];
    if (row.again === 'after a power cycle') await stand.powerCycle();
    return [first, await session(againId(row.id), false)];
  } finally {
    await Promise.all([stand.leave(), twin?.leave()]);
  }
}

function saidBy(told: Told): Pick<Cell, 'verdict' | 'level' | 'verification' | 'why' | 'evidence'> {
  const nothing = { level: 'none', verification: null, evidence: null } as const;
  switch (told.kind) {
    case 'evidence': {
      const { outcome, levelAchieved: level, reasons, plan } = inEarnest(told.evidence);
      const why = reasons.map(({ code }) => code);
      const { verification } = plan;
      return { verdict: outcome, level, verification, why, evidence: told.evidence };
    }
    case 'not-offered':
      return { ...nothing, verdict: 'refused', why: [told.why?.code ?? 'no-reason'] };
    case 'refused':
      return { ...nothing, verdict: 'refused', why: told.codes };
    case 'no-drive':
      return { ...nothing, verdict: 'refused', why: ['no-drive'] };
    case 'wiped':
    case 'broke':
      return { ...nothing, verdict: 'unknown', why: ['broke', told.kind === 'broke' ? told.text : ''] };
  }
}

/** A drive that NVMe over TCP brings is sanitized in a rehearsal: the same law on the same facts, without that word. */
function inEarnest(evidence: EvidenceV2): EvidenceV2 {
  const { plan, capabilities, observations } = evidence;
  if (plan.mode === 'real') return evidence;
  const about = { ...plan, mode: 'real' as const };
  const { level, clause } = expectedOf(about, capabilitiesOf(capabilities));
  const earnest = { ...about, levelExpected: level, clause };
  return { ...evidence, plan: earnest, ...judge({ plan: earnest, observations, capabilities }) };
}

/** What must not be, whatever the drive is. */
function complaintsOf(cell: Omit<Cell, 'complaints'>, stand: Stand, heard: readonly string[]): string[] {
  const { verdict, level, left, verification, why, policy } = cell;
  const found: string[] = [];
  if (why.includes('broke') || why.includes('no-drive') || why.includes('no-reason'))
    found.push(why.join(' '));
  if (verdict !== 'done' && why.length === 0) found.push('no reason is given');
  const tries = heard.filter((words) => words.startsWith('ata securityUnlock')).length;
  // hdparm 9.65 unlocks once more before it takes a password off: with a right one.
  if (tries > 1 && stand.password()) found.push(`${tries} wrong passwords were tried in one session`);
  // Of what is carried out and worth nothing, nothing is claimed.
  if (level === 'none') return found;
  if (verdict === 'done' && left.exposed > 0) found.push(`FALSE SUCCESS: ${left.exposed} bytes can be read`);
  const hidden = left.addressable + (level === 'purge' ? left.beyond : 0);
  if (verdict === 'done' && hidden > 0 && policy === 'best' && verification !== 'drive-reported')
    if (cell.column.technique !== 'overwrite')
      found.push(`${hidden} bytes are left, and it is not said to be drive-reported`);
  if (verdict === 'done' && verification === 'full-read-back' && left.addressable > 0)
    found.push(`FALSE SUCCESS: ${left.addressable} bytes are left where a read-back was claimed`);
  if (verdict === 'done' && stand.password()) found.push('done, and a password is on it');
  return found;
}
