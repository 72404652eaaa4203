import { clip, type Drive, type Evidence, type Inventory, type Refusal, type Target } from '@rebond/protocol';
import { type Authority, awaitsOnlyConfirmation, refusals, type Topology } from '../decide/eligibility.ts';
import { planOverwrite } from '../decide/plan.ts';
import { openForOverwrite } from '../effects/block.ts';
import { makeRehearsalMedium, removeLeftovers } from '../effects/rehearsal-medium.ts';
import type { ClockDoor, Run } from '../effects/types.ts';
import { runPlan } from '../sanitize/run-plan.ts';
import type { Progress } from '../sanitize/overwrite.ts';
import { type Choice, refusalOf } from '../session.ts';

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
    const asIf: Authority = { onLiveImage: true, notARehearsal: true, typedEnding: drive.identity.serial };
    return refusalOf(drive, refusals(drive, drives, topology, asIf), true);
  });
  const medium = await makeRehearsalMedium(order.folder, sessionId, order.sizeBytes, order.loop, shared.run);
  const plan = planOverwrite(sessionId, 'rehearsal', medium.target, 'clear');
  const openTarget = () => openForOverwrite(medium.target.path, medium.kind);
  return {
    refusals: refused,
    chosen: {
      plan,
      run: (journal) => runPlan(plan, { ...shared, clock, journal, openTarget, identify: medium.identify }),
      dispose: medium.dispose,
    },
  };
}

export type RealOrder = {
  path: string;
  onLiveImage: boolean;
  notARehearsal: boolean;
  /** Shows the drive and asks for the end of its serial number. */
  confirm: (drive: Drive) => Promise<string | null>;
  /** Reads the drive's facts again. */
  readDrive: (path: string) => Promise<Drive | null>;
};

/** A real drive: named by the operator, free of every objection, and confirmed by the end of its serial number. */
export async function chooseReal(
  order: RealOrder,
  inventory: Inventory,
  sessionId: string,
  clock: ClockDoor,
  shared: Shared,
): Promise<Choice> {
  const drives = drivesOf(inventory);
  const topology = await shared.topology();
  const { onLiveImage, notARehearsal } = order;
  const asked: Authority = { onLiveImage, notARehearsal, typedEnding: null };
  const judged = drives.map((drive) => ({ drive, reasons: refusals(drive, drives, topology, asked) }));
  const others = judged.filter(({ drive }) => drive.path !== order.path);
  const wanted = judged.find(({ drive }) => drive.path === order.path);
  const refused = others.map(({ drive, reasons }) => refusalOf(drive, reasons, false));
  if (!wanted) return { chosen: null, refusals: [...refused, notFound(order.path)] };
  let { reasons } = wanted;
  if (awaitsOnlyConfirmation(reasons)) {
    const typedEnding = await order.confirm(wanted.drive);
    // Read anew: while the operator typed, the drive may have been mounted.
    reasons = refusals(wanted.drive, drives, await shared.topology(), { ...asked, typedEnding });
  }
  if (reasons.length > 0) {
    return { chosen: null, refusals: [...refused, refusalOf(wanted.drive, reasons, false)] };
  }
  const target = targetOf(wanted.drive);
  const plan = planOverwrite(sessionId, 'real', target, 'clear');
  const identify = async () => {
    const now = await order.readDrive(target.path);
    if (!now || now.sizeBytes === null || now.diskseq !== target.diskseq) return null;
    return { identity: now.identity, sizeBytes: now.sizeBytes };
  };
  const openTarget = () => openForOverwrite(target.path, 'block');
  return {
    refusals: refused,
    chosen: {
      plan,
      run: (journal) => runPlan(plan, { ...shared, clock, journal, openTarget, identify }),
      dispose: async () => {},
    },
  };
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
