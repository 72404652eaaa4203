// The words with which a laptop is described. Nothing here runs anything.
import type { Battery } from './battery.ts';
import type { Dmi } from './dmi.ts';
import type { DriveDescription } from './drive.ts';
import type { Stick } from './stick.ts';

/** `uefi-secure` enforces Secure Boot with Microsoft's keys, as a laptop does when it leaves its factory. */
export type Firmware = (typeof FIRMWARES)[number];
export const FIRMWARES = ['bios', 'uefi', 'uefi-secure', 'uefi-ia32'] as const;

export type Boot =
  /** A USB stick: a raw image file (copied first), or a stick made earlier by `makeStick` (used in place). */
  | { stick: string | Stick; volatile?: number; writeProtected?: boolean }
  /** A CD, or with `as: 'usb'` the ISO written on a stick. */
  | { iso: string; as?: 'cd' | 'usb' }
  /** By network: the folder that TFTP serves and the file that DHCP names, which may be an http:// address for iPXE. */
  | { netboot: { folder: string; file: string } }
  /** A kernel given by the harness itself: for small guests. */
  | { kernel: string; initrd: string; append: string }
  | 'none';

export type Network = 'on' | 'off' | 'none';
/** QEMU 7.2’s e1000e does not tell the guest that its cable was pulled: frames are lost, and the link stays up. */
type NetworkCard = 'virtio-net-pci' | 'e1000e';

export type LaptopDescription = {
  /** A scratch folder; all that the laptop is made of lies there, and its maker removes it. */
  folder: string;
  boot: Boot;
  firmware?: Firmware;
  /** A name that QEMU knows; `pentium3` is a 32-bit one. */
  cpu?: string;
  cores?: number;
  ram?: Size;
  drives?: readonly DriveDescription[];
  battery?: Battery;
  dmi?: Dmi;
  /** The panel; the guest reads its EDID. */
  panel?: { width: number; height: number };
  /** The date of the clock in hardware at power-on, `2009-01-01` or `2009-01-01T08:00:00`; now if left out. */
  rtc?: string;
  /** `off`: there is a socket, and no cable in it. `none`: no card. */
  network?: Network;
  card?: NetworkCard;
  /** A console font (PSF), to read the screen with; `console.psf` of the image folder. */
  font?: string;
  /** Where to watch it with a VNC viewer, by a unix socket. */
  vnc?: string;
  /** QEMU's own words, put last. */
  extra?: readonly string[];
};

/** Bytes, or `64M`, `2G`, `512K`, `10s` for sectors of 512 bytes. */
export type Size = number | string;

const UNITS: Record<string, number> = { '': 1, s: 512, K: 2 ** 10, M: 2 ** 20, G: 2 ** 30, T: 2 ** 40 };

export function bytes(size: Size): number {
  if (typeof size === 'number') return size;
  const [, count, unit] = /^(\d+)([sKMGT]?)$/.exec(size) ?? [];
  if (count === undefined || unit === undefined)
    throw new LaptopError('bad-description', `not a size: ${size} (try 64M, 2G)`);
  return Number(count) * UNITS[unit]!;
}

export type LaptopErrorCode =
  | 'bad-description'
  | 'bad-file'
  | 'not-seen'
  | 'qemu-ended'
  | 'qemu-refused'
  | 'qemu-silent'
  | 'lacking-packages'
  | 'no-such-key'
  | 'not-running';

export class LaptopError extends Error {
  override readonly name = 'LaptopError';
  readonly code: LaptopErrorCode;

  constructor(code: LaptopErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
