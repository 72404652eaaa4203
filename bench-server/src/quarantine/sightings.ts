import {
  type Clock,
  type Drive,
  type DriveIdentity,
  lastAttempts,
  type MachineRecord,
  type Medium,
  type Refusal,
  visible,
} from '@rebond/protocol';
import type { Seen, SightingRow } from '../db/schema.ts';
import { driveKey, recognizable, twinKey } from './identity.ts';

/** Every drive that a record speaks of, once each. A rehearsal only shows that its drives are there. */
export function sightingsOf(digest: string, record: MachineRecord): SightingRow[] {
  const keys = new Set<string>();
  return [...allOf(record)].map((each, place) => {
    const { path, identity, medium, seen, drive, at } = each;
    const within = [digest, path];
    const own = driveKey(identity, within);
    const key = keys.has(own) ? twinKey(within) : own;
    keys.add(key);
    return {
      ...{ recordDigest: digest, place, driveKey: key, seen, drive, medium, path: visible(path) },
      inside: isInside(identity, medium) ? 1 : 0,
      model: identity.model === null ? null : visible(identity.model),
      serial: recognizable(identity.serial),
      wwid: recognizable(identity.wwid),
      propertyLabel: identity.propertyLabel ?? null,
      ...{ at: at.wall, timeSource: at.timeSource },
    };
  });
}

type Sighting = {
  path: string;
  identity: DriveIdentity;
  medium: Medium;
  seen: Seen;
  drive: number | null;
  at: Clock;
};

function* allOf(record: MachineRecord): Generator<Sighting> {
  const { mode, sanitizations, refusals, inventory, closedAt: at } = record;
  const listed = inventory.drives.outcome === 'read' ? inventory.drives.value : [];
  const told = new Set<string>();
  if (mode === 'real') {
    for (const { evidence, index: drive } of lastAttempts(sanitizations)) {
      const { path, identity, medium } = evidence.plan.target;
      told.add(path);
      yield { path, identity, medium, seen: evidence.outcome, drive, at: evidence.startedAt };
    }
    for (const refusal of refusals) {
      const { path, identity } = refusal;
      if (told.has(path) || refusal.reasons.some(({ code }) => code === 'not-found')) continue;
      told.add(path);
      yield { path, identity, medium: mediumOf(path, listed), seen: seenOf(refusal), drive: null, at };
    }
  }
  for (const { path, identity, medium } of listed) {
    if (!told.has(path)) yield { path, identity, medium, seen: 'listed', drive: null, at };
  }
}

function mediumOf(path: string, listed: readonly Drive[]): Medium {
  return listed.find((drive) => drive.path === path)?.medium ?? 'unknown';
}

/** What was started from, our own sticks, and what is no drive of this machine: nobody puts these away. */
const NOT_ITS_DATA = ['boot-medium', 'boot', 'rebond-stick', 'network', 'not-a-drive', 'rehearsal'];
/** It cannot be told, measured, written to, or no technique can be used on it. */
const CANNOT_BE_DRIVEN = [
  ...['unidentified', 'size-unknown', 'transport-unknown', 'read-only'],
  ...['means-unknown', 'no-level', 'attempts-expired', 'unproven', 'over-budget', 'flawed-encryption'],
];
const WENT_AWAY = ['drive-gone', 'replugged', 'size-changed'];
const BECAME_ANOTHER = /^(?:transport|model|serial|wwid)-changed$/;

/** Why a drive was refused says whether it can be driven at all, or only not here and now. */
function seenOf({ reasons }: Refusal): Seen {
  const codes = reasons.map(({ code }) => code);
  if (codes.some((code) => NOT_ITS_DATA.includes(code))) return 'untouched';
  if (codes.some((code) => WENT_AWAY.includes(code) || BECAME_ANOTHER.test(code))) return 'vanished';
  return codes.some((code) => CANNOT_BE_DRIVEN.includes(code)) ? 'undrivable' : 'untouched';
}

const BUILT_IN = ['sata', 'ata', 'sas', 'scsi', 'nvme', 'mmc', 'virtio'];

function isInside({ transport }: DriveIdentity, medium: Medium): boolean {
  return BUILT_IN.includes(transport) && medium !== 'sd-card' && medium !== 'behind-bridge';
}
