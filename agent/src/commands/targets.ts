import {
  clip,
  type Drive,
  type DriveCapabilities,
  type Inventory,
  type Mode,
  type Part,
  type PlanV2,
  type Reason,
  type Refusal,
  type SanitizePolicy,
  type Target,
} from '@rebond/protocol';
import type { BootMedium } from '../decide/boot-medium.ts';
import { awaitsOnlyConfirmation, refusals, type Topology } from '../decide/eligibility.ts';
import { againstWholeMachine } from '../decide/hidden-drives.ts';
import { noticesOf } from '../decide/members.ts';
import { type Reach, reachOf } from '../decide/reach.ts';
import { matchOf, withResume } from '../decide/resume.ts';
import { nodeOf } from '../decide/topology.ts';
import type { ClockDoor } from '../effects/types.ts';
import type { Resumable } from '../parse/journal.ts';
import { type Turns, turns } from '../sanitize/turns.ts';
import { type Choice, refusalOf } from '../session.ts';
import { labelled } from './property-labels.ts';
import { chosenRung, type JudgeOffer, laddersOf, type Offer, type Shared } from './rungs.ts';

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
  /** What the workshop wants done. */
  policy: SanitizePolicy;
  /** Overwrites of earlier sessions that a power cut broke off; left out where there are none. */
  resumables?: readonly Resumable[];
  /** What a drive says of its own means; it changes nothing. */
  means: (drive: Drive) => Promise<Part<DriveCapabilities>>;
  /** Asks for the number on a label of the workshop, for a drive that has none of its own; null leaves it alone. */
  label: (drive: Drive, all: readonly Drive[]) => Promise<string | null>;
  /** Shows the drive, what will be done to it and why, and asks for the end of its serial number. */
  confirm: (drive: Drive, notices: readonly Reason[], plan: PlanV2) => Promise<string | null>;
  /** The same, after what was confirmed did not succeed, for a plan that reaches less. */
  confirmLower: (drive: Drive, plan: PlanV2) => Promise<string | null>;
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
  const judgeOne = (drive: Drive): Reason[] => judge(drive, before, UNASKED);
  const judged = await labelled(
    drives.map((drive) => ({ drive, reasons: judgeOne(drive) })),
    isWanted,
    order.label,
    judgeOne,
  );
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
  const offers: Offer[] = [];
  for (const { drive } of asked) {
    const capabilities = await order.means(drive);
    const target = targetOf(drive);
    const match = matchOf(order.resumables ?? [], target);
    const ladder = laddersOf(mode, sessionId, target, capabilities, order.policy);
    const mayFollow = order.policy.fallback !== 'none';
    const ways = withResume(ladder, match, () => crypto.randomUUID(), mayFollow);
    const [plan] = ways.rungs;
    if (plan === undefined) {
      choice.refusals.push(
        refusalOf(
          drive,
          ways.passedOver.map(({ reason }) => reason),
          false,
        ),
      );
      continue;
    }
    const typedEnding = await order.confirm(drive, told(drive, before), plan);
    const keyHex = match.kind === 'same' ? match.resumable.keyHex : null;
    const device = deviceOf(drive, before);
    offers.push({ drive, capabilities, ways, plan, typedEnding, device, keyHex });
  }
  // Read anew: while the operator typed, a drive may have been mounted.
  const now = await shared.topology();
  takeConfirmed(choice, offers, now, judge, { order, clock, shared, looking: turns() });
  return choice;
}

/** Each drive is judged by itself first, and then with the others that were confirmed, which its plan may reach. */
function takeConfirmed(
  choice: Choice,
  offers: readonly Offer[],
  now: Topology,
  judge: Judge,
  around: { order: RealOrder; clock: ClockDoor; shared: Shared; looking: Turns },
): void {
  const alone = offers.map((offer) => {
    const { drive, typedEnding } = offer;
    return { offer, reasons: judge(drive, now, { ...UNASKED, typedEnding }) };
  });
  const confirmed = alone.filter(({ reasons }) => reasons.length === 0).map(({ offer }) => offer.drive.path);
  for (const { offer, reasons } of alone) {
    const { drive, typedEnding } = offer;
    const judged: JudgeOffer = (plan, at) =>
      judge(drive, at, { typedEnding, confirmed, reach: reachOf(plan.technique) });
    const against = reasons.length > 0 ? reasons : judged(offer.plan, now);
    if (against.length > 0) choice.refusals.push(refusalOf(drive, against, false));
    else choice.chosen.push(chosenRung(offer, 0, offer.plan, { ...around, judged }));
  }
}

/** Namespaces of one NVMe drive are one device; a drive that shares nothing is its own. */
function deviceOf({ path }: Drive, topology: Topology): string {
  const unit = topology.kind === 'known' ? nodeOf(path, topology)?.unit : null;
  return unit?.kind === 'shared' ? unit.name : path;
}

function told(drive: Drive, topology: Topology): Reason[] {
  const node = topology.kind === 'known' ? nodeOf(drive.path, topology) : null;
  return topology.kind === 'known' && node ? noticesOf(node, topology) : [];
}

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

export function drivesOf(inventory: Inventory): Drive[] {
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
