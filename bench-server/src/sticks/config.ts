import { z } from 'zod';
import { FORM_TOKEN } from '../auth/routes.ts';

/** Layouts of the live image's `loadkeys`, with their names as people call them. */
export const KEYBOARDS = {
  fr: ['AZERTY, français', 'AZERTY, French'],
  'be-latin1': ['AZERTY, belge', 'AZERTY, Belgian'],
  fr_CH: ['QWERTZ, suisse romand', 'QWERTZ, Swiss French'],
  de: ['QWERTZ, allemand', 'QWERTZ, German'],
  us: ['QWERTY, américain', 'QWERTY, American'],
  uk: ['QWERTY, britannique', 'QWERTY, British'],
  es: ['QWERTY, espagnol', 'QWERTY, Spanish'],
  it: ['QWERTY, italien', 'QWERTY, Italian'],
} as const satisfies Record<string, readonly [string, string]>;

export const ConfigAsked = z.strictObject({
  ...FORM_TOKEN,
  bench: z
    .string()
    .max(80)
    // oxlint-disable-next-line no-control-regex -- the agent refuses them too
    .regex(/^[^\u0000-\u001f\u007f]*$/),
  language: z.enum(['fr', 'en']),
  keyboard: z.enum(Object.keys(KEYBOARDS) as [keyof typeof KEYBOARDS]),
});
type Asked = Pick<z.infer<typeof ConfigAsked>, 'bench' | 'language' | 'keyboard'>;

/**
 * The `rebond/config.json` of a stick of this workshop, as the agent reads it.
 * @param server its address as laptops see it, and the pin of its key; null on the loopback, where there is none
 * @param code pairs the stick once
 */
export function stickConfig(
  asked: Asked,
  server: { url: string; pin: string | null },
  workshop: string,
  code: string,
): string {
  const bench = asked.bench.trim();
  const config = {
    schema: 'rebond.config/1',
    servers: [{ url: server.url, ...(server.pin === null ? {} : { pin: server.pin }) }],
    workshop,
    ...(bench === '' ? {} : { bench }),
    language: asked.language,
    keyboard: asked.keyboard,
    enrolment: { code },
  };
  return `${JSON.stringify(config, null, 2)}\n`;
}

/** What laptops call this server: its public name where it has one, else what the lead's browser calls it. */
export function laptopUrl(publicUrl: string | null, protocol: string, host: string): string {
  if (publicUrl === null) return `${protocol}://${host}`;
  // Port 0 is whichever the server was given.
  return new URL(publicUrl.replace(/:0$/, `:${new URL(`${protocol}://${host}`).port}`)).origin;
}
