import {
  clip,
  type Drive,
  type DriveCapabilities,
  type Evidence,
  type Inventory,
  type Mode,
  type Part,
  type PlanV2,
  type Reason,
  type Refusal,
  type Target,
} from '@rebond/protocol';
import { type Authority, awaitsOnlyConfirmation, refusals, type Topology } from '../decide/eligibility.ts';
import { planOverwrite } from '../decide/plan.ts';
import { openForOverwrite } from '../effects/block.ts';
import { makeRehearsalMedium, removeLeftovers } from '../effects/rehearsal-medium.ts';
import type { ClockDoor, Run } from '../effects/types.ts';
import { runPlan } from '../sanitize/run-plan.ts';
import type { StepEffects } from '../sanitize/steps/index.ts';
import type { Progress } from '../sanitize/steps/step.ts';
import type { BootMedium } from '../decide/boot-medium.ts';
import { type Choice, type Chosen, refusalOf } from '../session.ts';

type Shared = {
  run: Run;
  topology: () => Promise<Topology>;
  progress: (progress: Progress) => void;
  signal: AbortSignal;
  tool: Evidence['tool'];
  effects: StepEffects;
};

export type RehearsalOrder = { folder: string; sizeBytes: number; loop: 'auto' | 'no' };

/** A rehearsal: a medium of our own is the target, and every real drive is refused. */
export async function chooseRehearsal(
  order: RehearsalOrder,
  inventory: Inventory,
  sessionId: string,
  clock: ClockDoor,
  shared: Shared,
): Promise<Choice> {
  await removeLeftovers(order.folder, shared.run);
  const drives = drivesOf(inventory);
  const topology = await shared.topology();
  // Nobody asked for these drives: only what would stand against them in a real session is of interest.
  const refused = drives.map((drive) => {
    const asIf: Authority = {
      ...{ onLiveImage: true, notARehearsal: true, typedEnding: drive.identity.serial },
      boot: { kind: 'none' },
    };
    return refusalOf(drive, refusals(drive, drives, topology, asIf), true);
  });
  const medium = await makeRehearsalMedium(order.folder, sessionId, order.sizeBytes, order.loop, shared.run);
  const plan = overwriteOf(sessionId, 'rehearsal', medium.target, REHEARSAL_MEANS);
  const openTarget = () => openForOverwrite(medium.target.path, medium.kind);
  return {
    refusals: refused,
    chosen: [
      {
        plan,
        against: () => Promise.resolve([]),
        run: (journal) =>
          runPlan(plan, REHEARSAL_MEANS, {
            ...{ ...shared, clock, journal, openTarget },
            identify: medium.identify,
          }),
        dispose: medium.dispose,
      },
    ],
  };
}

export type RealOrder = {
  /** The drives that the operator means: by their paths, or each one that nothing stands against. */
  wanted: readonly string[] | 'all';
  onLiveImage: boolean;
  notARehearsal: boolean;
  boot: BootMedium;
  /** What stands against touching any drive at all. */
  against: readonly Reason[];
  /** Told before the first question: what is refused anyway, and what will be asked for. */
  survey: (refused: Refusal[], asked: Drive[]) => void;
  /** Shows the drive and asks for the end of its serial number. */
  confirm: (drive: Drive) => Promise<string | null>;
  /** Reads the drive's facts again. */
  readDrive: (path: string) => Promise<Drive | null>;
  /** What came to stand against any drive since. */
  since: () => Promise<Reason[]>;
};

/** Real drives: meant by the operator, free of every objection, each confirmed by the end of its serial number. */
export async function chooseReal(
  order: RealOrder,
  inventory: Inventory,
  sessionId: string,
  clock: ClockDoor,
  shared: Shared,
): Promise<Choice> {
  const drives = drivesOf(inventory);
  const { wanted, onLiveImage, notARehearsal, boot } = order;
  const isWanted = (drive: Drive): boolean => wanted === 'all' || wanted.includes(drive.path);
  const reasonsOf = (drive: Drive, topology: Topology, typedEnding: string | null): Reason[] => [
    ...order.against,
    ...refusals(drive, drives, topology, { onLiveImage, notARehearsal, boot, typedEnding }),
  ];
  const before = await shared.topology();
  const judged = drives.map((drive) => ({ drive, reasons: reasonsOf(drive, before, null) }));
  const asked = judged.filter(({ drive, reasons }) => isWanted(drive) && awaitsOnlyConfirmation(reasons));
  const refused = judged.filter((each) => !asked.includes(each));
  const choice: Choice = {
    chosen: [],
    refusals: refused.map(({ drive, reasons }) => refusalOf(drive, reasons, false)),
  };
  if (wanted !== 'all') choice.refusals.push(...notListed(wanted, drives));
  order.survey(
    choice.refusals,
    asked.map(({ drive }) => drive),
  );
  const typed = new Map<Drive, string | null>();
  for (const { drive } of asked) typed.set(drive, await order.confirm(drive));
  // Read anew: while the operator typed, a drive may have been mounted.
  const now = await shared.topology();
  for (const [drive, ending] of typed) {
    const reasons = reasonsOf(drive, now, ending);
    if (reasons.length > 0) choice.refusals.push(refusalOf(drive, reasons, false));
    else choice.chosen.push(chosenDrive(drive, order, sessionId, clock, shared, reasonsOf, ending));
  }
  return choice;
}

function chosenDrive(
  drive: Drive,
  order: RealOrder,
  sessionId: string,
  clock: ClockDoor,
  shared: Shared,
  reasonsOf: (drive: Drive, topology: Topology, typedEnding: string | null) => Reason[],
  ending: string | null,
): Chosen {
  const target = targetOf(drive);
  const plan = overwriteOf(sessionId, 'real', target, NOT_ASKED);
  const identify = async () => {
    const now = await order.readDrive(target.path);
    if (!now || now.sizeBytes === null || now.diskseq !== target.diskseq) return null;
    return { identity: now.identity, sizeBytes: now.sizeBytes };
  };
  const openTarget = () => openForOverwrite(target.path, 'block');
  return {
    plan,
    // Another drive's wipe may have taken hours.
    against: async () => [
      ...(shared.signal.aborted ? [STOPPED] : []),
      ...(await order.since()),
      ...reasonsOf(drive, await shared.topology(), ending),
    ],
    run: (journal) => runPlan(plan, NOT_ASKED, { ...shared, clock, journal, openTarget, identify }),
    dispose: async () => {},
  };
}

/** A file or loop device takes reads and writes, and nothing else. */
const REHEARSAL_MEANS: Part<DriveCapabilities> = {
  outcome: 'read',
  sources: ['rebond'],
  value: { interface: 'plain' },
};

/** An overwrite needs no word of the drive; that nobody asked is said, never taken for an answer. */
const NOT_ASKED: Part<DriveCapabilities> = {
  outcome: 'failed',
  failure: { code: 'unreadable', source: 'rebond', detail: 'the drive was not asked for its own means' },
};

function overwriteOf(
  sessionId: string,
  mode: Mode,
  target: Target,
  capabilities: Part<DriveCapabilities>,
): PlanV2 {
  const planId = crypto.randomUUID();
  return planOverwrite({ planId, sessionId, mode, target, levelRequested: 'clear', capabilities });
}

const STOPPED: Reason = {
  code: 'stopped-by-operator',
  fr: 'L’opérateur a tout arrêté avant que ce disque ne soit touché.',
  en: 'The operator stopped everything before this drive was touched.',
};

function notListed(wanted: readonly string[], drives: readonly Drive[]): Refusal[] {
  return wanted.filter((path) => !drives.some((drive) => drive.path === path)).map(notFound);
}

function notFound(path: string): Refusal {
  return {
    path: clip(path),
    identity: { transport: 'unknown', model: null, serial: null, wwid: null },
    sizeBytes: null,
    reasons: [
      {
        code: 'not-found',
        fr: 'Aucun disque de cette machine ne porte ce nom. Rien n’a été touché.',
        en: 'No drive of this machine bears this name. Nothing was touched.',
      },
    ],
  };
}

function drivesOf(inventory: Inventory): Drive[] {
  return inventory.drives.outcome === 'read' ? inventory.drives.value : [];
}

function targetOf(drive: Drive): Target {
  const { path, identity, medium, sizeBytes, logicalSectorBytes, diskseq } = drive;
  // Both sizes are known: a drive without them has been refused.
  return {
    path,
    identity,
    medium,
    sizeBytes: sizeBytes ?? 0,
    logicalSectorBytes: logicalSectorBytes ?? 0,
    diskseq,
  };
}
