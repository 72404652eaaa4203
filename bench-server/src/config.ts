import { BlockList } from 'node:net';
import { resolve } from 'node:path';
import { z } from 'zod';
import { StartRefusal } from './start-refusal.ts';

const Environment = z.object({
  PORT: z
    .string()
    .regex(/^\d{1,5}$/)
    .default('8080')
    .transform(Number)
    .pipe(z.int().max(65_535)),
  HOST: z
    .string()
    .max(255)
    .regex(/^[A-Za-z0-9.:_-]+$/)
    .default('127.0.0.1'),
  REBOND_DATA: z.string().default('./data'),
  REBOND_KEY_PASSPHRASE_FILE: z.string().optional(),
  REBOND_WORKSHOP_NAME: z.string().trim().min(1).max(120).optional(),
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
  const { PORT, HOST, REBOND_DATA, REBOND_KEY_PASSPHRASE_FILE, REBOND_WORKSHOP_NAME, REBOND_LOG_LEVEL } =
    parsed.data;
  return {
    port: PORT,
    host: HOST,
    loopback: isLoopback(HOST),
    dataFolder: resolve(REBOND_DATA),
    passphraseFile: REBOND_KEY_PASSPHRASE_FILE ? resolve(REBOND_KEY_PASSPHRASE_FILE) : null,
    workshopName: REBOND_WORKSHOP_NAME ?? null,
    logLevel: REBOND_LOG_LEVEL,
  };
}

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4');
LOOPBACK.addAddress('::1', 'ipv6');

export function isLoopback(host: string): boolean {
  if (host === 'localhost') return true;
  return LOOPBACK.check(host, host.includes(':') ? 'ipv6' : 'ipv4');
}
