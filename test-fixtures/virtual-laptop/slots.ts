// Where drives are plugged in: QEMU's words for each, at power-on and while it runs.
import { comma } from './dmi.ts';
import type { DriveDescription, Fault } from './drive.ts';
import { FIRST_DRIVE_FD } from './qemu.ts';

type Json = Record<string, unknown>;

/** How QEMU can take it out of a running laptop. */
type Removal =
  /** The device goes, and the guest is told. */
  | 'device'
  /** The device stays and answers every request with an error: QEMU has no hot plug for SATA. */
  | 'medium'
  /** The card leaves its reader. */
  | 'card';

export type Slot = {
  id: string;
  coldArguments: readonly string[];
  removal: Removal;
  /** What `blockdev-add` and `device_add` take, to plug it back in. */
  devices: readonly Json[];
};

/** What lies under the drive: a file, or the server of a drive with a forgetful cache on the n-th socket. */
export type Backing = { file: string; readOnly?: boolean } | { socket: number };

export type Wanted = Pick<DriveDescription, 'kind' | 'model' | 'block' | 'rotation' | 'faults'> & {
  id: string;
  index: number;
  serial?: string;
  backing: Backing;
  boot?: boolean;
};

export function driveSlot(wanted: Wanted): Slot {
  const { id, kind, faults = [] } = wanted;
  const node = {
    driver: 'raw',
    'node-name': id,
    ...readOnly(wanted.backing),
    file: faulty(protocol(wanted.backing), faults),
  };
  const devices = devicesOf(wanted);
  if (kind !== 'sata') {
    const removal = kind === 'sd' ? 'card' : 'device';
    return {
      id,
      removal,
      devices,
      coldArguments: ['-blockdev', JSON.stringify(node), ...devices.flatMap(deviceArgument)],
    };
  }
  // Only a drive of the old style can be taken from under its controller.
  const { 'node-name': _, ...old } = node;
  const described = `if=none,id=${id},file=${comma(`json:${JSON.stringify(old)}`)}`;
  return {
    id,
    removal: 'medium',
    devices,
    coldArguments: ['-drive', described, ...devices.flatMap(deviceArgument)],
  };
}

/** An optical drive with a disc in it. */
export function discSlot(iso: string, index: number): Slot {
  const node = {
    driver: 'raw',
    'node-name': 'disc',
    'read-only': true,
    file: { driver: 'file', filename: iso },
  };
  const device = { driver: 'ide-cd', id: 'disc-device', bus: `ide.${index}`, drive: 'disc', bootindex: 0 };
  return {
    id: 'disc',
    removal: 'card',
    devices: [device],
    coldArguments: ['-blockdev', JSON.stringify(node), ...deviceArgument(device)],
  };
}

function protocol(backing: Backing): Json {
  if ('socket' in backing)
    return {
      driver: 'nbd',
      export: '',
      server: { type: 'fd', str: String(FIRST_DRIVE_FD + backing.socket) },
    };
  return { driver: 'file', filename: backing.file, locking: 'off' };
}

function readOnly(backing: Backing): Json {
  return 'file' in backing && backing.readOnly ? { 'read-only': true } : {};
}

function faulty(image: Json, faults: readonly Fault[]): Json {
  if (faults.length === 0) return image;
  const rules = faults.flatMap(({ sector, on = 'both' }) => {
    const types = on === 'both' ? ['read', 'write'] : [on];
    return types.map((iotype) => ({ event: 'none', iotype, errno: 5, sector }));
  });
  return { driver: 'blkdebug', image, 'inject-error': rules };
}

function devicesOf({ id, kind, index, serial, model, block, rotation, boot }: Wanted): Json[] {
  const common = {
    id: `${id}-device`,
    drive: id,
    ...(serial === undefined || kind === 'sd' ? {} : { serial }),
    ...(boot ? { bootindex: 0 } : {}),
    ...(block ? { logical_block_size: block, physical_block_size: block } : {}),
  };
  switch (kind) {
    case 'nvme':
    case 'virtio': {
      const port = { driver: 'pcie-root-port', id: `${id}-port`, chassis: index + 1, slot: index + 1 };
      return [port, { driver: kind === 'nvme' ? 'nvme' : 'virtio-blk-pci', bus: port.id, ...common }];
    }
    case 'sata':
      return [
        {
          driver: 'ide-hd',
          bus: `ide.${index}`,
          rotation_rate: rotation ?? 1,
          ...(model ? { model } : {}),
          ...common,
        },
      ];
    case 'sd':
      return [
        { driver: 'sdhci-pci', id: `${id}-reader` },
        { driver: 'sd-card', ...common },
      ];
    case 'usb':
      return [{ driver: 'usb-storage', bus: 'xhci.0', removable: true, ...common }];
    default:
      return kind satisfies never;
  }
}

function deviceArgument(device: Json): string[] {
  return ['-device', JSON.stringify(device)];
}
