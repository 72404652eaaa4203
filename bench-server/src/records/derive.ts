import { type Inventory, lastAttempts, type MachineRecord, visible } from '@rebond/protocol';
import type { MachineRow, RecordRow, SanitizationRow, Summary } from '../db/schema.ts';
import type { Accepted } from './accept.ts';

/** A record's row before it has its number. */
export type NewRecord = Omit<RecordRow, 'number' | 'sighted'>;
export type NewMachine = Omit<MachineRow, 'lastRecord'>;

export function recordRow(
  { bytes, digest, record, chain, confirmed }: Accepted,
  receivedAt: string,
): NewRecord {
  const session = chain.leaf.session;
  return {
    digest,
    bytes,
    recordId: record.recordId,
    sessionId: record.sessionId,
    sequence: record.sequence,
    machineId: record.machine.id,
    mode: record.mode,
    unconfirmed: confirmed ? 0 : 1,
    bench: visible(session?.bench ?? ''),
    technicianName: session?.technician ? visible(session.technician.name) : null,
    receivedAt,
    closedAt: record.closedAt.wall,
    overall: record.grade.overall,
    atBest: record.grade.atBest,
    summary: summarize(record),
    refusals: record.refusals.length,
    decision: null,
  };
}

/** The worst of the drives as they were left: one that failed is not made good by another that was done. */
function summarize({ sanitizations }: MachineRecord): Summary {
  const left = lastAttempts(sanitizations);
  const worst = (['failed', 'unknown', 'done'] as const).find((outcome) =>
    left.some(({ evidence }) => evidence.outcome === outcome),
  );
  return worst ?? 'none';
}

export function sanitizationRows({ digest, record }: Accepted): SanitizationRow[] {
  return lastAttempts(record.sanitizations).map(({ evidence, index: drive }) => {
    const { path, identity } = evidence.plan.target;
    return {
      recordDigest: digest,
      drive,
      outcome: evidence.outcome,
      level: evidence.levelAchieved,
      path: visible(path),
      model: shown(identity.model),
      serial: shown(identity.serial),
    };
  });
}

export function machineRow({ record }: Accepted, receivedAt: string): NewMachine {
  const { system } = record.inventory;
  const facts = system.outcome === 'read' ? system.value : null;
  return {
    id: record.machine.id,
    basis: record.machine.basis,
    manufacturer: shown(facts?.manufacturer),
    product: shown(facts?.product),
    serial: shown(facts?.serial),
    search: searchWords(record),
    firstSeenAt: receivedAt,
    lastSeenAt: receivedAt,
  };
}

/** Everything printed on a laptop or its drives that somebody may have in hand when searching. */
function searchWords(record: MachineRecord): string {
  const { system } = record.inventory;
  const facts = system.outcome === 'read' ? system.value : null;
  const words = [
    record.machine.id,
    facts?.manufacturer,
    facts?.product,
    facts?.version,
    facts?.serial,
    facts?.uuid,
    facts?.boardSerial,
    ...driveWords(record.inventory),
  ];
  return visible(words.filter(Boolean).join(' ').toLowerCase(), 4000);
}

function driveWords({ drives }: Inventory): (string | null)[] {
  if (drives.outcome !== 'read') return [];
  return drives.value.flatMap(({ identity }) => [identity.model, identity.serial, identity.wwid]);
}

function shown(text: string | null | undefined): string | null {
  return text ? visible(text) : null;
}
