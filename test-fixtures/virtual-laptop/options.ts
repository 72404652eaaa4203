// The command line of `npm run virtual-laptop`.
import { parseArgs } from 'node:util';
import type { Battery } from './battery.ts';
import {
  type Boot,
  bytes,
  FIRMWARES,
  type Firmware,
  LaptopError,
  type Network,
  type Size,
} from './describe.ts';
import type { Stick } from './stick.ts';
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
  /** For the stick: a bench server of this machine and the pin of its key, or a config.json. */
  server: { url: string; pin: string } | null;
  config: string | null;
  /** For a network boot: the address of the bench server's own listener. */
  netboot: string | null;
  help: boolean;
};

export const USAGE = `npm run virtual-laptop -- [options]
  --firmware bios|uefi|uefi-secure|uefi-ia32   (uefi-secure)
  --boot stick|iso|netboot                     (stick)
  --server https://127.0.0.1:8080 --pin sha256/…     pour la clé, un serveur de cette machine / for the stick, a server here:
                  REBOND_PUBLIC_URL=https://10.0.2.2:8080 npm start
  --config FILE   ou un config.json, de la page « Clés USB » / or a config.json, of the page “Sticks”
  --netboot http://127.0.0.1:8081     avec --boot netboot : l’adresse de REBOND_NETBOOT_PORT (docs/netboot.md) / its address
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
    if (fault.fault.sector >= bytes(drive.size) / 512)
      throw bad(`--fault: drive ${fault.drive} has ${bytes(drive.size) / 512} sectors`);
    drive.faults = [...(drive.faults ?? []), fault.fault];
  }
  return {
    image: values.image ?? null,
    firmware: oneOf('--firmware', FIRMWARES, values.firmware ?? 'uefi-secure'),
    boot: oneOf('--boot', ['stick', 'iso', 'netboot'] as const, values.boot ?? 'stick'),
    drives,
    battery: parseBattery(values.battery ?? 'health=82'),
    ram: sized('--ram', values.ram ?? '2G', '256M', '64G'),
    cores: count('--cores', values.cores ?? '1', 1, 8),
    cpu: values.cpu === undefined ? null : shaped('--cpu', values.cpu, /^[A-Za-z0-9_.+=,-]{1,100}$/),
    rtc: values.rtc === undefined ? null : date('--rtc', values.rtc),
    network: oneOf('--network', ['on', 'off', 'none'] as const, values.network ?? 'on'),
    vnc: values.vnc ?? null,
    help: values.help ?? false,
    ...reached(values),
  };
}

/** Who the laptop speaks to, and whether that goes with how it boots. */
function reached(values: ReturnType<typeof read>): Pick<Options, 'server' | 'config' | 'netboot'> {
  const { server, pin, config, netboot, boot = 'stick' } = values;
  if ((server === undefined) !== (pin === undefined)) throw bad('--server and --pin go together');
  if (pin !== undefined && !/^sha256\/[A-Za-z0-9+/]{43}=$/.test(pin))
    throw bad('--pin is sha256/ and 43 characters and =, as the server prints it');
  if (server !== undefined && config !== undefined)
    throw bad('--config has the server in it: without --server');
  if ((server ?? config) !== undefined && boot !== 'stick')
    throw bad('--server and --config are written on a stick: --boot stick');
  if ((netboot !== undefined) !== (boot === 'netboot'))
    throw bad(
      '--boot netboot goes with --netboot http://127.0.0.1:PORT, where the bench server hands out the image',
    );
  if (netboot !== undefined && !/^http:\/\/(?:127\.0\.0\.1|localhost):\d{1,5}\/?$/.test(netboot))
    throw bad('--netboot is http://127.0.0.1:PORT: the laptop reaches this machine only');
  return {
    server: server !== undefined && pin !== undefined ? { url: server, pin } : null,
    config: config ?? null,
    netboot: netboot ?? null,
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
    ...{ network: text, vnc: text, server: text, pin: text, config: text, netboot: text },
    ...{ drive: several, fault: several },
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
  const known = oneOf<DriveKind>('--drive', DRIVE_KINDS, kind);
  return { kind: known, size: sized('--drive', size, '1M', '16T') };
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
    health: count('--battery health', health, 1, 120),
    ...(cycles && { cycles: count('--battery cycles', cycles, 0, 100_000) }),
    ...(charge && { charge: count('--battery charge', charge, 0, 100) }),
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

function count(option: string, digits: string, least = 0, most = 1e12): number {
  const value = /^\d{1,12}$/.test(digits) ? Number(digits) : Number.NaN;
  if (!(value >= least && value <= most))
    throw bad(`${option} takes a whole number from ${least} to ${most}`);
  return value;
}

function sized(option: string, size: string, least: string, most: string): string {
  if (bytes(size) < bytes(least) || bytes(size) > bytes(most))
    throw bad(`${option} takes ${least} to ${most}`);
  return size;
}

function shaped(option: string, word: string, shape: RegExp): string {
  if (!shape.test(word)) throw bad(`${option} does not take ${word}`);
  return word;
}

/** A day of the calendar, and perhaps a time. */
function date(option: string, word: string): string {
  shaped(option, word, /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}:\d{2})?$/);
  const [day] = word.split('T');
  const parsed = new Date(word.includes('T') ? `${word}Z` : `${word}T00:00:00Z`);
  if (Number.isNaN(parsed.getTime()) || parsed.toISOString().slice(0, 10) !== day)
    throw bad(`${option}: there is no ${word}`);
  return word;
}

function oneOf<T extends string>(option: string, known: readonly T[], word: string): T {
  const found = known.find((each) => each === word);
  if (found === undefined) throw bad(`${option} takes one of ${known.join(', ')}`);
  return found;
}

function bad(message: string): LaptopError {
  return new LaptopError('bad-description', message);
}

/** The boot medium that was asked for, from an image; a network boot has its loaders from the server. */
export function bootFrom(
  asked: Options,
  image: { stick: string | Stick; iso: string },
  netboot: { folder: string; file: string } | null,
): Boot {
  if (asked.boot === 'iso') return { iso: image.iso };
  return netboot === null ? { stick: image.stick } : { netboot };
}
