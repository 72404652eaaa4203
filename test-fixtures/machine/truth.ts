import type { Disk, Machine, Mounted } from './machine.ts';

/**
 * The drives that something in the machine needs, found from the users downward: what is mounted, swapped to, attached or
 * assembled is followed to the drives below it.
 */
export function drivesInUse(machine: Machine): Set<string> {
  const found = new Set<string>();
  const seen = new Set<string | Mounted>();
  const downFromMount = (mount: Mounted): void => {
    if (seen.has(mount)) return;
    seen.add(mount);
    for (const name of mount.on) down(name);
    for (const { mount: below } of mount.over) downFromMount(below);
  };
  const down = (name: string): void => {
    if (seen.has(name)) return;
    seen.add(name);
    if (machine.disks.some((disk) => disk.name === name)) found.add(name);
    for (const layer of machine.layers.filter((each) => each.name === name)) {
      for (const below of layer.on) down(below);
      if (layer.file) downFromMount(layer.file.mount);
    }
  };
  for (const mount of machine.mounts) downFromMount(mount);
  for (const swap of machine.swaps) {
    if ('on' in swap) down(swap.on);
    else downFromMount(swap.file.mount);
  }
  // A partition by itself uses nothing; everything else that is made of nodes does.
  for (const { name, type } of machine.layers) if (type !== 'partition') down(name);
  return found;
}

/** Why a drive must be left alone although nothing uses it. */
export function isUnfit(disk: Disk, machine: Machine): boolean {
  const { serial, readOnly, bus, sectors } = disk;
  if (serial === null || readOnly || bus === 'iscsi' || bus === 'nvme-tcp' || sectors === 0) return true;
  if (machine.disks.some((other) => other !== disk && bearTheSame(disk, other))) return true;
  const own = machine.layers.filter(({ type, on }) => type === 'partition' && on.includes(disk.name));
  const anyPool = machine.layers.some(({ type }) => type === 'zpool');
  return [disk, ...own].some(({ name }) => {
    const { type, label } = machine.signatures.get(name) ?? {};
    // A member that does not say of which pool may be one of any that is imported.
    return label === 'REBOND' || (anyPool && type === 'zfs_member' && label === null);
  });
}

/** Namespaces of one drive share its serial, and differ by identifiers that both have. */
function bearTheSame(a: Disk, b: Disk): boolean {
  if (a.wwid !== null && a.wwid === b.wwid) return true;
  if (a.serial === null || a.serial !== b.serial) return false;
  const namespaces = a.subsystem !== null && a.subsystem === b.subsystem;
  return !(namespaces && a.wwid !== null && b.wwid !== null);
}

export function mayBeWiped(machine: Machine): Set<string> {
  const used = drivesInUse(machine);
  const free = machine.disks.filter((disk) => !used.has(disk.name) && !isUnfit(disk, machine));
  return new Set(free.map(({ name }) => name));
}
