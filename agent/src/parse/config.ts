import { type Phrase, POLICIES } from '@rebond/protocol';
import { z } from 'zod';

/** `rebond/config.json` on the stick, which a workshop edits with any computer. */
const Ipv4 = z.ipv4();
const Cidr = z.cidrv4();
/** systemd and iwd read one setting a line: a control character would begin another. */
const plain = (min: number, max: number) =>
  z
    .string()
    .min(min)
    .max(max)
    // oxlint-disable-next-line no-control-regex -- refusing them is the purpose
    .regex(/^[^\u0000-\u001f\u007f]*$/);

const ServerEntry = z.strictObject({
  url: z.url({ protocol: /^https?$/ }).max(256),
  pin: z
    .string()
    .regex(/^sha256\/[A-Za-z0-9+/]{43}=$/)
    .optional(),
});

const Ethernet = z.strictObject({
  address: Cidr,
  gateway: Ipv4.optional(),
  dns: z.array(Ipv4).max(4).optional(),
});

/** IEEE 802.11: a name has at most 32 bytes; WPA: a passphrase has 8 to 63 characters. */
const Wifi = z.strictObject({
  ssid: plain(1, 32).refine((ssid) => new TextEncoder().encode(ssid).length <= 32),
  passphrase: plain(8, 63),
});

export const Config = z.strictObject({
  schema: z.literal('rebond.config/1'),
  servers: z.array(ServerEntry).max(8).optional(),
  workshop: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,63}$/)
    .nullable()
    .optional(),
  bench: plain(1, 80).nullable().optional(),
  language: z.enum(['fr', 'en']).optional(),
  keyboard: z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,32}$/)
    .optional(),
  ethernet: Ethernet.nullable().optional(),
  wifi: z.array(Wifi).max(16).optional(),
  /** What is done to drives, by the id of a policy. */
  policy: z.enum(POLICIES.map(({ id }) => id) as [string, ...string[]]).optional(),
  enrolment: z
    .strictObject({ code: z.string().regex(/^[A-Za-z0-9-]{4,64}$/) })
    .nullable()
    .optional(),
});
export type Config = z.infer<typeof Config>;

export const CONFIG_MAX = 64 * 1024;

export type ParsedConfig = { kind: 'sound'; config: Config } | { kind: 'bad'; problem: Phrase };

/** Strict: what is half understood is not half believed. The problem names the field and never repeats its value. */
export function parseConfig(text: string): ParsedConfig {
  let json: unknown;
  try {
    json = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch {
    return bad(
      'ce n’est pas du JSON : il manque peut-être un guillemet ou une virgule',
      'it is not JSON: a quote or a comma may be missing',
    );
  }
  const parsed = Config.safeParse(json);
  if (parsed.success) return { kind: 'sound', config: parsed.data };
  const [issue] = parsed.error.issues;
  const where = issue?.path.join('.') ?? '';
  if (issue?.code === 'unrecognized_keys') {
    const names = [...(where ? [where] : []), issue.keys.join(', ')].join(' : ');
    return bad(`champ inconnu « ${names} »`, `unknown field “${names}”`);
  }
  return bad(
    `le champ « ${where || 'schema'} » ne convient pas`,
    `the field “${where || 'schema'}” will not do`,
  );
}

function bad(fr: string, en: string): ParsedConfig {
  return {
    kind: 'bad',
    problem: {
      fr: `config.json de la clé : ${fr}. Les réglages par défaut servent, rien n’est perdu. Corrigez ce fichier sur un autre ordinateur.`,
      en: `config.json on the stick: ${en}. The defaults are used, nothing is lost. Mend this file on another computer.`,
    },
  };
}
