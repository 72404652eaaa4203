// The command line of `npm run virtual-laptop`.
import { parseArgs } from 'node:util';
import type { Battery } from './battery.ts';
import { type Boot, FIRMWARES, type Firmware, LaptopError, type Network, type Size } from './describe.ts';
import { DRIVE_KINDS, type DriveDescription, type DriveKind, type Fault } from './drive.ts';

export type Options = {
  image: string | null;
  firmware: Firmware;
  boot: 'stick' | 'iso' | 'netboot';
  drives: DriveDescription[];
  battery: Battery | null;
  ram: Size;
  cores: number;
  cpu: string | null;
  rtc: string | null;
  network: Network;
  vnc: string | null;
  help: boolean;
};

export const USAGE = `npm run virtual-laptop -- [options]
  --firmware bios|uefi|uefi-secure|uefi-ia32   (uefi-secure)
  --boot stick|iso|netboot                     (stick)
  --drive nvme,sata=2G,usb,sd,virtio           (nvme,sata; each of 64M)
  --battery health=82,cycles=311,charge=60,state=discharging | none
  --ram 2G   --cores 1   --cpu pentium3   --rtc 2009-01-01
  --network on|off|none
  --fault drive=0,sector=123456,on=read        (again for more)
  --vnc PATH      une prise unix pour un afficheur VNC / a unix socket for a VNC viewer
  --image DIR     l’image à démarrer / the image to boot (la plus récente / the newest)`;

export function parseOptions(args: readonly string[]): Options {
  const values = read(args);
  const drives = list(values.drive ?? ['nvme,sata']).map(parseDrive);
  for (const fault of (values.fault ?? []).map(parseFault)) {
    const drive = drives[fault.drive];
    if (!drive) throw bad(`--fault: there is no drive ${fault.drive}`);
    drive.faults = [...(drive.faults ?? []), fault.fault];
  }
  return {
    image: values.image ?? null,
    firmware: oneOf('--firmware', FIRMWARES, values.firmware ?? 'uefi-secure'),
    boot: oneOf('--boot', ['stick', 'iso', 'netboot'] as const, values.boot ?? 'stick'),
    drives,
    battery: parseBattery(values.battery ?? 'health=82'),
    ram: values.ram ?? '2G',
    cores: count('--cores', values.cores ?? '1'),
    cpu: values.cpu ?? null,
    rtc: values.rtc ?? null,
    network: oneOf('--network', ['on', 'off', 'none'] as const, values.network ?? 'on'),
    vnc: values.vnc ?? null,
    help: values.help ?? false,
  };
}

const text = { type: 'string' } as const;
const several = { type: 'string', multiple: true } as const;

function read(args: readonly string[]) {
  const options = {
    ...{
      image: text,
      firmware: text,
      boot: text,
      battery: text,
      ram: text,
      cores: text,
      cpu: text,
      rtc: text,
    },
    ...{ network: text, vnc: text, drive: several, fault: several },
    help: { type: 'boolean', short: 'h' } as const,
  };
  try {
    return parseArgs({ args: [...args], options, allowPositionals: false }).values;
  } catch (cause) {
    throw bad(cause instanceof Error ? cause.message : String(cause));
  }
}

function list(values: readonly string[]): string[] {
  return values.flatMap((value) => value.split(',')).filter((value) => value !== '' && value !== 'none');
}

function parseDrive(word: string): DriveDescription {
  const [kind = '', size = '64M'] = word.split('=');
  return { kind: oneOf<DriveKind>('--drive', DRIVE_KINDS, kind), size };
}

function parseFault(words: string): { drive: number; fault: Fault } {
  const { drive = '0', sector = '', on = 'both', ...rest } = pairs('--fault', words);
  refuseRest('--fault', rest);
  const fault = {
    sector: count('--fault sector', sector),
    on: oneOf('--fault on', ['read', 'write', 'both'] as const, on),
  };
  return { drive: count('--fault drive', drive), fault };
}

function parseBattery(words: string): Battery | null {
  if (words === 'none') return null;
  const { health = '82', cycles, charge, state, ...rest } = pairs('--battery', words);
  refuseRest('--battery', rest);
  return {
    health: count('--battery health', health),
    ...(cycles && { cycles: count('--battery cycles', cycles) }),
    ...(charge && { charge: count('--battery charge', charge) }),
    ...(state && { state: oneOf('--battery state', ['full', 'charging', 'discharging'] as const, state) }),
  };
}

function pairs(option: string, words: string): Record<string, string> {
  const split = words.split(',').map((word) => word.split('='));
  if (split.some((pair) => pair.length !== 2)) throw bad(`${option} takes name=value, separated by commas`);
  return Object.fromEntries(split) as Record<string, string>;
}

function refuseRest(option: string, rest: Record<string, string>): void {
  const [name] = Object.keys(rest);
  if (name !== undefined) throw bad(`${option} does not know ${name}`);
}

function count(option: string, digits: string): number {
  if (!/^\d{1,12}$/.test(digits)) throw bad(`${option} takes a whole number`);
  return Number(digits);
}

function oneOf<T extends string>(option: string, known: readonly T[], word: string): T {
  const found = known.find((each) => each === word);
  if (found === undefined) throw bad(`${option} takes one of ${known.join(', ')}`);
  return found;
}

function bad(message: string): LaptopError {
  return new LaptopError('bad-description', message);
}

/** The boot medium that was asked for, from an image. */
export function bootFrom(asked: Options, image: { stick: string; iso: string; netboot: string }): Boot {
  if (asked.boot === 'stick') return { stick: image.stick };
  if (asked.boot === 'iso') return { iso: image.iso };
  const file =
    asked.firmware === 'bios' ? 'undionly.kpxe' : asked.firmware === 'uefi' ? 'ipxe.efi' : 'shimx64.efi';
  return { netboot: { folder: image.netboot, file } };
}
