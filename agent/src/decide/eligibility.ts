import { type Drive, type Mode, printedNumber, type Reason } from '@rebond/protocol';
import { type BootMedium, bootMediumReasons } from './boot-medium.ts';
import type { Reach } from './reach.ts';
import { REASONS } from './refusal-reasons.ts';
import { type BlockNode, type KnownTopology, nodeOf, type Topology } from './topology.ts';
import { useOf } from './use.ts';

export type { Topology } from './topology.ts';
export { REHEARSAL_REFUSAL } from './refusal-reasons.ts';

/** By what right a drive may be touched. */
export type Authority = {
  /** In a rehearsal only drives of the network may be touched, and only there. */
  mode: Mode;
  onLiveImage: boolean;
  /** The operator passed `--i-am-not-a-rehearsal`. */
  notARehearsal: boolean;
  /** What the operator typed when asked for the end of the serial; null before being asked. */
  typedEnding: string | null;
  /** What the running system was booted from. */
  boot: BootMedium;
  reach: Reach;
  /** Paths of the drives that are confirmed for themselves; what reaches the whole drive needs all that share it. */
  confirmed: readonly string[];
};

/** The label of the one partition of our sticks: its records and keys are nobody's to wipe. */
const STICK_LABEL = 'REBOND';

/** At least this many characters of the serial must be typed, or all of it where it is shorter. */
export const ENDING_LENGTH = 4;

const SYSTEM_PLACES = [
  '/',
  '/boot',
  '/boot/efi',
  '/usr',
  '/run/live/medium',
  '/lib/live/mount/medium',
  '/cdrom',
];

/** Why this drive must not be overwritten; empty only when every interlock is satisfied. Unknown is never safe. */
export function refusals(
  drive: Drive,
  all: readonly Drive[],
  topology: Topology,
  authority: Authority,
): Reason[] {
  return [
    ...bootMediumReasons(drive, authority.boot),
    ...identityReasons(drive, all, topology),
    ...transportReasons(drive, authority.mode),
    ...useReasons(drive, topology, authority),
    ...authorityReasons(drive, authority),
  ];
}

/** True when the drive could be wiped if only its serial's ending were typed. */
export function awaitsOnlyConfirmation(reasons: readonly Reason[]): boolean {
  return reasons.length === 1 && reasons[0]?.code === REASONS.notConfirmed.code;
}

export function endingMatches(serial: string | null, typed: string | null): boolean {
  const whole = normal(serial);
  const ending = normal(typed);
  return whole.length > 0 && ending.length >= Math.min(ENDING_LENGTH, whole.length) && whole.endsWith(ending);
}

function normal(text: string | null): string {
  return text?.trim().toUpperCase() ?? '';
}

function* identityReasons(drive: Drive, all: readonly Drive[], topology: Topology): Generator<Reason> {
  if (printedNumber(drive.identity) === null) yield REASONS.unidentified;
  if (!drive.sizeBytes || !drive.logicalSectorBytes) yield REASONS.sizeUnknown;
  // Drives that are refused count too: which of the two is meant cannot be told by a number that both bear.
  const others = all.filter((other) => other.path !== drive.path && isStillThere(other, topology));
  if (others.some((other) => areTwins(drive, other, topology))) yield REASONS.duplicate;
}

/** A twin that was unplugged can no longer be taken for the other. */
function isStillThere({ path }: Drive, topology: Topology): boolean {
  return topology.kind === 'unknown' || nodeOf(path, topology) !== null;
}

/** Two namespaces of one NVMe drive bear its serial number both, and differ by their world-wide identifiers. */
function areTwins(a: Drive, b: Drive, topology: Topology): boolean {
  const same = (one: string | null, other: string | null): boolean =>
    normal(one) !== '' && normal(one) === normal(other);
  if (same(a.identity.wwid, b.identity.wwid)) return true;
  if (!same(a.identity.serial, b.identity.serial)) return false;
  const toldApart = normal(a.identity.wwid) !== '' && normal(b.identity.wwid) !== '';
  return !(toldApart && topology.kind === 'known' && shareOneDrive(a, b, topology));
}

function shareOneDrive(a: Drive, b: Drive, topology: KnownTopology): boolean {
  const [one, other] = [nodeOf(a.path, topology)?.unit, nodeOf(b.path, topology)?.unit];
  return one?.kind === 'shared' && other?.kind === 'shared' && one.name === other.name;
}

function* transportReasons({ identity: { transport } }: Drive, mode: Mode): Generator<Reason> {
  switch (transport) {
    case 'network':
    case 'loop':
    case 'file':
      if (mode === 'real') yield transport === 'network' ? REASONS.network : REASONS.notADrive;
      return;
    case 'unknown':
      yield REASONS.transportUnknown;
      return;
    case 'sata':
    case 'ata':
    case 'sas':
    case 'scsi':
    case 'nvme':
    case 'usb':
    case 'mmc':
    case 'virtio':
      if (mode === 'rehearsal') yield REASONS.localInRehearsal;
  }
}

function* useReasons(drive: Drive, topology: Topology, authority: Authority): Generator<Reason> {
  const node = topology.kind === 'known' ? nodeOf(drive.path, topology) : null;
  if (topology.kind === 'unknown' || node === null) {
    yield REASONS.useUnknown;
    return;
  }
  const rehearsable = authority.mode === 'rehearsal' && node.kind === 'loop';
  if (node.kind !== 'disk' && !rehearsable) yield REASONS.notADrive;
  if (node.diskseq === null || drive.diskseq === null) yield REASONS.replugUnseen;
  else if (node.diskseq !== drive.diskseq) yield REASONS.replugged;
  if (node.readOnly) yield REASONS.readOnly;
  yield* contentReasons(node, topology);
  yield* inUseReasons(node, topology);
  if (authority.reach === 'whole-drive') yield* siblingReasons(node, topology, authority);
}

function* inUseReasons(node: BlockNode, topology: KnownTopology): Generator<Reason> {
  const { places, swap, assemblies, backs } = useOf(node, topology);
  if (places.some((place) => SYSTEM_PLACES.includes(place))) yield REASONS.boot;
  if (places.length > 0) yield REASONS.mounted;
  if (swap) yield REASONS.swap;
  if (assemblies.length > 0) yield REASONS.held;
  if (backs.length > 0) yield REASONS.backs;
  if (node.claim === 'busy') yield REASONS.inUse;
  if (node.claim === 'unknown') yield REASONS.useUnknown;
}

function* contentReasons(node: BlockNode, { nodes }: KnownTopology): Generator<Reason> {
  const own = nodes.filter(({ name, partOf }) => name === node.name || partOf === node.name);
  const contents = own.map(({ content }) => content);
  if (contents.some((content) => content.kind === 'unknown')) yield REASONS.contentUnknown;
  const isStick = contents.some((content) => content.kind === 'read' && content.label === STICK_LABEL);
  if (isStick) yield REASONS.stick;
}

/** The other namespaces of the drive would be destroyed along with this one. */
function* siblingReasons(
  node: BlockNode,
  topology: KnownTopology,
  { confirmed }: Authority,
): Generator<Reason> {
  const { unit } = node;
  if (unit.kind === 'unknown') yield REASONS.siblingsUnknown;
  if (unit.kind !== 'shared') return;
  const siblings = topology.nodes.filter(
    (other) => other.name !== node.name && other.unit.kind === 'shared' && other.unit.name === unit.name,
  );
  if (siblings.some((sibling) => !inUseReasons(sibling, topology).next().done)) yield REASONS.siblingInUse;
  if (siblings.some(({ name }) => !confirmed.includes(`/dev/${name}`))) yield REASONS.siblingNotConfirmed;
}

function* authorityReasons({ identity }: Drive, authority: Authority): Generator<Reason> {
  const { mode, onLiveImage, notARehearsal, typedEnding } = authority;
  if (mode === 'real' && !onLiveImage && !notARehearsal) yield REASONS.notLive;
  if (!endingMatches(printedNumber(identity), typedEnding)) yield REASONS.notConfirmed;
}
