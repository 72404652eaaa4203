import { BlockList } from 'node:net';
import { resolve } from 'node:path';
import { z } from 'zod';
import { StartRefusal } from './start-refusal.ts';

const PortNumber = z
  .string()
  .regex(/^\d{1,5}$/)
  .transform(Number)
  .pipe(z.int().max(65_535));

const HostName = z
  .string()
  .max(255)
  .regex(/^[A-Za-z0-9.:_-]+$/);

const Environment = z.object({
  PORT: z.string().default('8080').pipe(PortNumber),
  HOST: HostName.default('127.0.0.1'),
  REBOND_DATA: z.string().default('./data'),
  REBOND_KEY_PASSPHRASE_FILE: z.string().optional(),
  REBOND_WORKSHOP_NAME: z.string().trim().min(1).max(120).optional(),
  /** Where laptops reach this server when it is not where it listens; `:0` stands for the port it listens on. */
  REBOND_PUBLIC_URL: z
    .string()
    .max(300)
    .regex(/^https:\/\/(?:\[[0-9a-f:.]{2,45}\]|[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?)(?::\d{1,5})?\/?$/)
    .refine((url) => URL.canParse(url))
    .transform((url) => url.replace(/\/$/, ''))
    .optional(),
  REBOND_IMAGE: z.string().optional(),
  REBOND_NETBOOT_PORT: PortNumber.optional(),
  REBOND_NETBOOT_HOST: HostName.optional(),
  /** Goes into boot scripts as it is, so it is nothing but plain kernel arguments. */
  REBOND_NETBOOT_EXTRA: z
    .string()
    .max(512)
    .regex(/^[A-Za-z0-9._=,:/ -]*$/)
    .default(''),
  REBOND_LOG_LEVEL: z.enum(['silent', 'error', 'warn', 'info', 'debug']).default('info'),
});

export type Config = {
  port: number;
  host: string;
  /** True when only this machine can reach the address; then plain HTTP is enough. */
  loopback: boolean;
  dataFolder: string;
  passphraseFile: string | null;
  workshopName: string | null;
  /** Null where laptops reach the server under the address that it listens on. */
  publicUrl: string | null;
  /** The folder of the live image to offer. */
  imageFolder: string | null;
  /** The plain listener that laptops boot from; null for none. */
  netboot: { port: number; host: string; extra: string } | null;
  logLevel: string;
};

/** Reads the settings. An empty variable counts as unset. @throws StartRefusal naming the variable */
export function readConfig(environment: Record<string, string | undefined>): Config {
  const set = Object.fromEntries(Object.entries(environment).filter(([, value]) => value));
  const parsed = Environment.safeParse(set);
  if (!parsed.success) {
    const name = String(parsed.error.issues[0]?.path[0] ?? '');
    throw new StartRefusal(`Le réglage ${name} n’est pas valable.`, `The setting ${name} is not valid.`);
  }
  return configOf(parsed.data);
}

function configOf(set: z.infer<typeof Environment>): Config {
  const { PORT, HOST, REBOND_PUBLIC_URL, REBOND_IMAGE, REBOND_KEY_PASSPHRASE_FILE } = set;
  const config: Config = {
    port: PORT,
    host: HOST,
    loopback: isLoopback(HOST),
    dataFolder: resolve(set.REBOND_DATA),
    passphraseFile: REBOND_KEY_PASSPHRASE_FILE ? resolve(REBOND_KEY_PASSPHRASE_FILE) : null,
    workshopName: set.REBOND_WORKSHOP_NAME ?? null,
    publicUrl: REBOND_PUBLIC_URL ?? null,
    imageFolder: REBOND_IMAGE ? resolve(REBOND_IMAGE) : null,
    netboot: netbootOf(set),
    logLevel: set.REBOND_LOG_LEVEL,
  };
  if (config.netboot) refuseUnreachable(config);
  return config;
}

function netbootOf(set: z.infer<typeof Environment>): Config['netboot'] {
  if (set.REBOND_NETBOOT_PORT === undefined) return null;
  const extra = set.REBOND_NETBOOT_EXTRA.trim().replaceAll(/ +/g, ' ');
  return { port: set.REBOND_NETBOOT_PORT, host: set.REBOND_NETBOOT_HOST ?? set.HOST, extra };
}

/** A laptop that boots by network gets the server's address from here: it must be one that it can reach. */
function refuseUnreachable({ imageFolder, loopback, publicUrl }: Config): void {
  if (imageFolder === null) {
    throw new StartRefusal(
      'REBOND_NETBOOT_PORT demande une image : nommez son dossier dans REBOND_IMAGE.',
      'REBOND_NETBOOT_PORT needs an image: name its folder in REBOND_IMAGE.',
    );
  }
  if (loopback && publicUrl === null) {
    throw new StartRefusal(
      'Démarrés par le réseau, les ordinateurs n’atteindraient pas ce serveur : donnez une adresse du réseau dans HOST, ' +
        'ou celle qu’ils voient dans REBOND_PUBLIC_URL (https).',
      'Laptops booted by network would not reach this server: give an address of the network in HOST, ' +
        'or the one that they see in REBOND_PUBLIC_URL (https).',
    );
  }
}

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4');
LOOPBACK.addAddress('::1', 'ipv6');

export function isLoopback(host: string): boolean {
  if (host === 'localhost') return true;
  return LOOPBACK.check(host, host.includes(':') ? 'ipv6' : 'ipv4');
}

/** True for an address that stands for every address of this machine. */
export function isWildcard(host: string): boolean {
  return host === '0.0.0.0' || /^[0:]+$/.test(host);
}
