import {
  clip,
  type Drive,
  type Evidence,
  type Inventory,
  type Mode,
  type Reason,
  type Refusal,
  type SanitizePlan,
  type Target,
} from '@rebond/protocol';
import { type Authority, awaitsOnlyConfirmation, refusals, type Topology } from '../decide/eligibility.ts';
import { againstWholeMachine } from '../decide/hidden-drives.ts';
import { noticesOf } from '../decide/members.ts';
import { planOverwrite } from '../decide/plan.ts';
import { type Reach, reachOf } from '../decide/reach.ts';
import { stillConfirmed } from '../decide/still-confirmed.ts';
import { nodeOf } from '../decide/topology.ts';
import { openForOverwrite } from '../effects/block.ts';
import { makeRehearsalMedium, removeLeftovers } from '../effects/rehearsal-medium.ts';
import type { ClockDoor, Run } from '../effects/types.ts';
import { runPlan } from '../sanitize/run-plan.ts';
import type { Progress } from '../sanitize/overwrite.ts';
import type { BootMedium } from '../decide/boot-medium.ts';
import { type Choice, type Chosen, refusalOf } from '../session.ts';

type Shared = {
  run: Run;
  topology: () => Promise<Topology>;
  progress: (progress: Progress) => void;
  signal: AbortSignal;
  tool: Evidence['tool'];
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
      ...{ mode: 'real', onLiveImage: true, notARehearsal: true, typedEnding: drive.identity.serial },
      ...{ boot: { kind: 'none' }, reach: 'addressed', confirmed: [] },
    };
    return refusalOf(drive, refusals(drive, drives, topology, asIf), true);
  });
  const medium = await makeRehearsalMedium(order.folder, sessionId, order.sizeBytes, order.loop, shared.run);
  const plan = planOverwrite(sessionId, 'rehearsal', medium.target, 'clear');
  const openTarget = () => openForOverwrite(medium.target.path, medium.kind);
  return {
    refusals: refused,
    remarks: againstWholeMachine(topology),
    chosen: [
      {
        plan,
        against: () => Promise.resolve([]),
        run: (journal) => runPlan(plan, { ...shared, clock, journal, openTarget, identify: medium.identify }),
        dispose: medium.dispose,
      },
    ],
  };
}

export type RealOrder = {
  /** `real`, or a rehearsal against drives of the network: every other interlock is the same. */
  mode: Mode;
  /** The drives that the operator means: by their paths, or each one that nothing stands against. */
  wanted: readonly string[] | 'all';
  onLiveImage: boolean;
  notARehearsal: boolean;
  boot: BootMedium;
  /** What stands against touching any drive at all. */
  against: readonly Reason[];
  /** Told before the first question: what is refused anyway, and what will be asked for. */
  survey: (refused: Refusal[], asked: Drive[]) => void;
  /** Shows the drive, says what the operator should know of it, and asks for the end of its serial number. */
  confirm: (drive: Drive, notices: readonly Reason[]) => Promise<string | null>;
  /** Reads the drive's facts again. */
  readDrive: (path: string) => Promise<Drive | null>;
  /** What came to stand against any drive since. */
  since: () => Promise<Reason[]>;
};

type Judge = (
  drive: Drive,
  topology: Topology,
  said: { typedEnding: string | null; reach: Reach; confirmed: readonly string[] },
) => Reason[];
const UNASKED = { typedEnding: null, reach: 'addressed', confirmed: [] } as const;

/** Drives meant by the operator, free of every objection, each confirmed by the end of its serial number. */
export async function chooseReal(
  order: RealOrder,
  inventory: Inventory,
  sessionId: string,
  clock: ClockDoor,
  shared: Shared,
): Promise<Choice> {
  const drives = drivesOf(inventory);
  const { mode, wanted, onLiveImage, notARehearsal, boot } = order;
  const isWanted = (drive: Drive): boolean => wanted === 'all' || wanted.includes(drive.path);
  const judge: Judge = (drive, topology, said) => [
    ...order.against,
    ...refusals(drive, drives, topology, { mode, onLiveImage, notARehearsal, boot, ...said }),
  ];
  const before = await shared.topology();
  const judged = drives.map((drive) => ({ drive, reasons: judge(drive, before, UNASKED) }));
  const asked = judged.filter(({ drive, reasons }) => isWanted(drive) && awaitsOnlyConfirmation(reasons));
  const refused = judged.filter((each) => !asked.includes(each));
  const choice: Choice = {
    chosen: [],
    refusals: refused.map(({ drive, reasons }) => refusalOf(drive, reasons, mode === 'rehearsal')),
    remarks: againstWholeMachine(before),
  };
  if (wanted !== 'all') choice.refusals.push(...notListed(wanted, drives));
  order.survey(
    choice.refusals,
    asked.map(({ drive }) => drive),
  );
  const typed = new Map<Drive, string | null>();
  for (const { drive } of asked) typed.set(drive, await order.confirm(drive, told(drive, before)));
  // Read anew: while the operator typed, a drive may have been mounted.
  const now = await shared.topology();
  const planned = (drive: Drive, judged: (at: Topology) => Reason[]): Chosen => {
    const plan = planOverwrite(sessionId, mode, targetOf(drive), 'clear');
    return chosenDrive(drive, plan, order, clock, shared, judged);
  };
  takeConfirmed(choice, typed, now, judge, planned);
  return choice;
}

/** Each drive is judged by itself first, and then with the others that were confirmed, which its plan may reach. */
function takeConfirmed(
  choice: Choice,
  typed: ReadonlyMap<Drive, string | null>,
  now: Topology,
  judge: Judge,
  planned: (drive: Drive, judged: (at: Topology) => Reason[]) => Chosen,
): void {
  const alone = Array.from(typed, ([drive, typedEnding]) => ({
    ...{ drive, typedEnding },
    reasons: judge(drive, now, { ...UNASKED, typedEnding }),
  }));
  const confirmed = alone.filter(({ reasons }) => reasons.length === 0).map(({ drive }) => drive.path);
  for (const { drive, typedEnding, reasons } of alone) {
    const judged = (at: Topology): Reason[] =>
      judge(drive, at, { typedEnding, confirmed, reach: reachOf(chosen.plan.technique) });
    const chosen = planned(drive, judged);
    const against = reasons.length > 0 ? reasons : judged(now);
    if (against.length > 0) choice.refusals.push(refusalOf(drive, against, false));
    else choice.chosen.push(chosen);
  }
}

function told(drive: Drive, topology: Topology): Reason[] {
  const node = topology.kind === 'known' ? nodeOf(drive.path, topology) : null;
  return topology.kind === 'known' && node ? noticesOf(node, topology) : [];
}

function chosenDrive(
  drive: Drive,
  plan: SanitizePlan,
  order: RealOrder,
  clock: ClockDoor,
  shared: Shared,
  reasonsAt: (topology: Topology) => Reason[],
): Chosen {
  const identify = (): Promise<Drive | null> => order.readDrive(drive.path);
  const openTarget = () => openForOverwrite(drive.path, 'block');
  return {
    plan,
    // Another drive's wipe may have taken hours.
    against: async () => [
      ...(shared.signal.aborted ? [STOPPED] : []),
      ...(await order.since()),
      ...reasonsAt(await shared.topology()),
      ...stillConfirmed(plan.target, await identify()),
    ],
    run: (journal) => runPlan(plan, { ...shared, clock, journal, openTarget, identify }),
    dispose: async () => {},
  };
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
