import { generateKeptKey, type Phrase, visible } from '@rebond/protocol';
import type { DurableFolder } from '../effects/durable.ts';
import { CONFIG_MAX, parseConfig } from '../parse/config.ts';
import { pairStick, type StickFile, writeStick } from '../report/credentials.ts';
import type { Link } from './link.ts';

export const CONFIG_NAME = 'config.json';

export type Enrolled =
  | { kind: 'paired'; stick: StickFile }
  | { kind: 'refused'; reason: Phrase }
  | { kind: 'later' };

/**
 * Uses up the single-use code of config.json to pair this stick. The key is on the stick before the code is taken out
 * of the file: a power cut in between leaves a code that no longer works, and never a stick without its key.
 */
export async function enrol(code: string, link: Link, home: DurableFolder): Promise<Enrolled> {
  const answer = await pairStick(link.server, code, link.pin(), await generateKeptKey());
  if (answer.kind === 'unreachable') return { kind: 'later' };
  if (answer.kind === 'refused') return { kind: 'refused', reason: answer.reason };
  await writeStick(home, answer.stick);
  await forgetCode(home);
  return { kind: 'paired', stick: answer.stick };
}

/** Takes the enrolment code out of config.json and leaves the rest as it is. */
export async function forgetCode(home: DurableFolder): Promise<void> {
  const bytes = await home.read(CONFIG_NAME, CONFIG_MAX);
  const parsed = bytes && parseConfig(new TextDecoder().decode(bytes));
  if (!parsed || parsed.kind === 'bad' || !parsed.config.enrolment) return;
  const text = `${JSON.stringify({ ...parsed.config, enrolment: null }, null, 2)}\n`;
  await home.write(CONFIG_NAME, new TextEncoder().encode(text));
}

export function enrolledPhrase(enrolled: Exclude<Enrolled, { kind: 'later' }>): Phrase {
  if (enrolled.kind === 'paired') {
    const name = visible(enrolled.stick.workshop.name, 60);
    return {
      fr: `Cette clé est appairée avec « ${name} » ; son code a été retiré de config.json.`,
      en: `This stick is paired with “${name}”; its code was taken out of config.json.`,
    };
  }
  const { fr, en } = enrolled.reason;
  return {
    fr: `L’atelier refuse le code d’appairage de config.json : ${visible(fr, 300)}`,
    en: `The workshop refuses the pairing code of config.json: ${visible(en, 300)}`,
  };
}
