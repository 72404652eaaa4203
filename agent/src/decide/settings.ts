import type { BootWords } from '../parse/cmdline.ts';
import type { Config } from '../parse/config.ts';

/** What the live agent goes by: the stick's config.json first, then the kernel command line, then defaults. */
export type Settings = {
  /** Tried in order. */
  servers: { url: string; pin: string | null }[];
  workshop: string | null;
  bench: string;
  lang: 'fr' | 'en';
  keyboard: string;
  ethernet: NonNullable<Config['ethernet']> | null;
  wifi: NonNullable<Config['wifi']>;
  enrolmentCode: string | null;
  /** The id of a policy. */
  policy: string;
};

const DEFAULT_POLICY = 'best';

const DEFAULT_BENCH = { fr: 'Banc', en: 'Bench' };
export const DEFAULT_KEYBOARD = { fr: 'fr', en: 'us' } as const;

export function settingsOf(config: Config | null, boot: BootWords): Settings {
  const lang = config?.language ?? 'fr';
  const own = (config?.servers ?? []).map(({ url, pin }) => ({ url, pin: pin ?? null }));
  const booted = boot.server === null ? [] : [{ url: boot.server, pin: boot.pin }];
  return {
    servers: own.length > 0 ? own : booted,
    workshop: config?.workshop ?? boot.workshop,
    bench: config?.bench ?? DEFAULT_BENCH[lang],
    lang,
    keyboard: config?.keyboard ?? DEFAULT_KEYBOARD[lang],
    ethernet: config?.ethernet ?? null,
    wifi: config?.wifi ?? [],
    enrolmentCode: config?.enrolment?.code ?? null,
    policy: config?.policy ?? DEFAULT_POLICY,
  };
}
