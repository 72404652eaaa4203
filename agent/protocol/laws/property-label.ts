import type { DriveIdentity } from '../words/drive.ts';
import type { MachineRecord } from '../words/record.ts';
import type { Target } from '../words/sanitize.ts';
import { ProtocolError } from './errors.ts';

/** True where the drive itself says which one it is. */
export function hasSerial({ serial }: DriveIdentity): boolean {
  return serial !== null && serial.trim() !== '';
}

/** What a person compares with the thing in hand: the serial number, else the workshop's label; null where there is neither. */
export function printedNumber(identity: DriveIdentity): string | null {
  return hasSerial(identity) ? identity.serial : (identity.propertyLabel ?? null);
}

/** A label never stands beside a serial number, and only where the kernel would tell that the drive was replugged. */
export function labelLawful({ identity, diskseq }: Pick<Target, 'identity' | 'diskseq'>): boolean {
  return identity.propertyLabel === undefined || (!hasSerial(identity) && diskseq !== null);
}

/**
 * Refuses labels that cannot be: on a drive with a serial number, twice in one machine, or said by the drive itself, and
 * from version 4 on a real drive that was sanitized with neither serial number nor label.
 * @throws ProtocolError impossible
 */
export function checkLabels({ schema, mode, inventory, sanitizations }: MachineRecord): void {
  const at = (index: number, what: string) =>
    new ProtocolError('impossible', `sanitizations.${index}.${what}`);
  const pathOf = new Map<string, string>();
  for (const [index, { schema: version, plan, observations }] of sanitizations.entries()) {
    const { target } = plan;
    const { propertyLabel } = target.identity;
    if (!labelLawful(target)) throw at(index, 'label-beside-serial');
    if (observations.after?.identity.propertyLabel !== undefined) throw at(index, 'label-read');
    const unnamed =
      schema === 'rebond.record/4' && mode === 'real' && printedNumber(target.identity) === null;
    if (unnamed) throw at(index, 'neither-serial-nor-label');
    if (propertyLabel === undefined) continue;
    // No certificate of version 1 can name it.
    if (version === 'rebond.evidence/1') throw at(index, 'label-in-version-1');
    if ((pathOf.get(propertyLabel) ?? target.path) !== target.path) throw at(index, 'label-twice');
    pathOf.set(propertyLabel, target.path);
  }
  const drives = inventory.drives.outcome === 'read' ? inventory.drives.value : [];
  if (drives.some(({ identity }) => identity.propertyLabel !== undefined)) {
    throw new ProtocolError('impossible', 'inventory.drives.label-read');
  }
}
