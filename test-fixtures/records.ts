import {
  achieves,
  canonicalBytes,
  envelopeBytes,
  type Evidence,
  type EvidenceV1,
  type EvidenceV2,
  grade,
  type Inventory,
  judge,
  lastAttempts,
  type MachineRecord,
  type Mode,
  type ObservationsV1,
  RECORD_TYPE,
  REHEARSAL_NOTICE,
  seal,
  sha256Hex,
  type Target,
} from '@rebond/protocol';
import { makeInventory } from './inventory.ts';
import { AT, type Laptop } from './laptops.ts';

const MIB = 1024 ** 2;
const GIB = 1024 ** 3;

/** Text that tries everything: markup, a spreadsheet formula, a terminal, a path, direction, NUL. */
export const HOSTILE =
  "<script>alert(1)</script>=cmd|' /C calc'!A0\u001b[2J../../etc\u202egpj.exe\u0000\"><img src=x onerror=alert(2)>";

export type RecordWishes = {
  sequence?: number;
  mode?: Mode;
  /** Put into every text field that takes it. */
  text?: string;
  outcomes?: readonly ('done' | 'failed' | 'unknown')[];
  batteryPercent?: number | null;
  /** Evidence of version 2 in place of `outcomes`; the record is then of version 3. */
  steps?: (sessionId: string) => EvidenceV2[];
  /** Alters the inventory before it is graded. */
  inventory?: (inventory: Inventory) => void;
  change?: (record: MachineRecord) => void | Promise<void>;
};

/** The canonical envelope bytes of a lawful record; `change` runs before signing and may make it unlawful. */
export async function recordBytes(laptop: Laptop, wishes: RecordWishes = {}): Promise<Uint8Array> {
  const record = await makeRecord(laptop, wishes);
  await wishes.change?.(record);
  return envelopeBytes(await seal(RECORD_TYPE, record, laptop.key));
}

async function makeRecord(laptop: Laptop, wishes: RecordWishes = {}): Promise<MachineRecord> {
  const { mode = 'rehearsal', outcomes = ['done', 'failed', 'unknown'] } = wishes;
  const sanitizations: Evidence[] =
    wishes.steps?.(laptop.sessionId) ??
    (await Promise.all(outcomes.map((outcome, index) => evidence(laptop, wishes, mode, outcome, index))));
  const targets = mode === 'real' ? lastAttempts(sanitizations).map((each) => each.evidence.plan.target) : [];
  const inventory = makeInventory({ ...wishes, targets });
  wishes.inventory?.(inventory);
  const text = (own: string): string => wishes.text ?? own;
  return {
    ...(wishes.steps ? { schema: 'rebond.record/3', image: null } : { schema: 'rebond.record/1' }),
    recordId: crypto.randomUUID(),
    sessionId: laptop.sessionId,
    sequence: wishes.sequence ?? 0,
    accountOf: null,
    audience: laptop.audience,
    mode,
    notice: mode === 'rehearsal' ? REHEARSAL_NOTICE : null,
    machine: { id: laptop.machineId, basis: 'dmi' },
    agent: { version: text('0.1.0'), sha256: null },
    inventory,
    refusals: [
      {
        path: text('/dev/sdz'),
        identity: {
          transport: 'usb',
          model: text('Clé de démarrage'),
          serial: text('STICK-1'),
          wwid: text('usb-stick'),
        },
        sizeBytes: 16 * GIB,
        reasons: [
          {
            code: 'boot-drive',
            fr: text('Cette machine a démarré dessus.'),
            en: text('This machine booted from it.'),
          },
        ],
      },
    ],
    sanitizations,
    grade: await grade(inventory, sanitizations),
    remarks: [{ code: 'note', fr: text('Une remarque.'), en: text('A remark.') }],
    openedAt: AT,
    closedAt: AT,
    durationMs: 754_000,
    chain: [...laptop.chain],
  };
}

async function evidence(
  laptop: Laptop,
  { text }: RecordWishes,
  mode: Mode,
  outcome: 'done' | 'failed' | 'unknown',
  index: number,
): Promise<Evidence> {
  const own = (word: string): string => text ?? word;
  const target: Target = {
    path: `${own(mode === 'rehearsal' ? '.scratch/disque' : '/dev/nvme')}${index}${mode === 'rehearsal' ? '.img' : 'n1'}`,
    identity: {
      transport: mode === 'rehearsal' ? 'file' : 'nvme',
      model: own('Disque'),
      serial: own(`SERIE-${index}`),
      wwid: null,
    },
    medium: mode === 'rehearsal' ? 'rehearsal-file' : 'nvme',
    sizeBytes: 64 * MIB,
    logicalSectorBytes: 512,
    diskseq: null,
  };
  const { level, clause } = achieves('overwrite', target.medium);
  const plan: EvidenceV1['plan'] = {
    schema: 'rebond.plan/1',
    sessionId: laptop.sessionId,
    mode,
    target,
    technique: 'overwrite',
    verification: 'full-read-back',
    levelRequested: 'clear',
    levelExpected: level,
    clause,
    notCovered: [
      { fr: own('Les secteurs remplacés par le disque.'), en: own('Sectors that the drive replaced.') },
    ],
    reasons: [],
  };
  const observations = seen(target, outcome, own);
  return {
    schema: 'rebond.evidence/1',
    plan,
    observations,
    ...judge({ plan, observations }),
    tool: { name: own('rebond'), version: own('0.1.0') },
    stream: { algorithm: 'aes-256-ctr', keyHex: await sha256Hex(canonicalBytes({ index })) },
    startedAt: AT,
    durationMs: 93_000,
    journalSha256: await sha256Hex(canonicalBytes({ journal: index })),
  };
}

function seen(
  target: Target,
  outcome: 'done' | 'failed' | 'unknown',
  own: (word: string) => string,
): ObservationsV1 {
  const { sizeBytes } = target;
  const differs = outcome === 'failed';
  return {
    written: { bytes: outcome === 'unknown' ? sizeBytes / 2 : sizeBytes, durationMs: 31_000, errors: [] },
    flushed: outcome !== 'unknown',
    readBack:
      outcome === 'unknown'
        ? null
        : {
            bytes: sizeBytes,
            matchedBytes: differs ? sizeBytes - 512 : sizeBytes,
            durationMs: 30_000,
            mismatches: differs ? [4096] : [],
            mismatchedSectors: differs ? 1 : 0,
            errors: [],
            direct: true,
          },
    after: outcome === 'unknown' ? null : { identity: target.identity, sizeBytes },
    stopped:
      outcome === 'unknown'
        ? {
            code: 'power-lost',
            fr: own('La machine s’est arrêtée pendant l’écriture.'),
            en: own('The machine stopped while writing.'),
          }
        : null,
  };
}
