import { setTimeout as delay } from 'node:timers/promises';
import { type Phrase, visible } from '@rebond/protocol';
import { networkFiles } from '../decide/network-files.ts';
import { DEFAULT_KEYBOARD, type Settings, settingsOf } from '../decide/settings.ts';
import type { Files, Run } from '../effects/types.ts';
import { CONFIG_MAX, parseConfig } from '../parse/config.ts';
import { type LastExit, parseLastExit } from '../parse/live-state.ts';
import { CONFIG_NAME } from './enrol.ts';
import type { LiveFacts } from './facts.ts';

type Write = (file: { path: string; text: string; mode: number }) => Promise<void>;

/** How often a file that cannot be read is tried, and the pause between, in milliseconds: a stick may just be waking up. */
const CONFIG_TRIES = { times: 4, pauseMs: 1000 };

/** The workshop's settings, and what is wrong with its file if anything is. Read also where nothing can be written. */
export async function readSettings(
  facts: LiveFacts,
  files: Files,
  pauseMs: number = CONFIG_TRIES.pauseMs,
): Promise<{ settings: Settings; problem: Phrase | null }> {
  const folder = facts.medium?.config ?? null;
  const attempt = () => files.text(`${folder}/${CONFIG_NAME}`, CONFIG_MAX);
  let read = folder === null ? null : await attempt();
  for (let tries = 1; read?.kind === 'refused' && tries < CONFIG_TRIES.times; tries += 1) {
    await delay(pauseMs);
    read = await attempt();
  }
  if (read === null || read.kind === 'absent')
    return { settings: settingsOf(null, facts.boot), problem: null };
  if (read.kind === 'refused') {
    const why = visible(read.detail, 80);
    const problem = {
      fr: `config.json de la clé est illisible (${why}). Les réglages par défaut servent, rien n’est perdu.`,
      en: `config.json on the stick cannot be read (${why}). The defaults are used, nothing is lost.`,
    };
    return { settings: settingsOf(null, facts.boot), problem };
  }
  const parsed = parseConfig(read.value);
  return parsed.kind === 'sound'
    ? { settings: settingsOf(parsed.config, facts.boot), problem: null }
    : { settings: settingsOf(null, facts.boot), problem: parsed.problem };
}

/** Keyboard and network as configured. Nothing waits for the network. @returns what did not work */
export async function setUp(settings: Settings, run: Run, write: Write): Promise<Phrase[]> {
  const problems: Phrase[] = [];
  const keyboard = await setKeyboard(settings, run);
  if (keyboard) problems.push(keyboard);
  try {
    for (const file of networkFiles(settings)) await write(file);
    await run(['networkctl', 'reload']);
  } catch (error) {
    // The error names a path, and never what was to be written there.
    const code = (error as NodeJS.ErrnoException).code ?? 'error';
    problems.push({
      fr: `Le réseau n’a pas pu être réglé (${code}).`,
      en: `The network could not be set up (${code}).`,
    });
  }
  return problems;
}

/** A layout that is not there is replaced by the language's own; the technician is told which one is in effect. */
async function setKeyboard({ keyboard, lang }: Settings, run: Run): Promise<Phrase | null> {
  const load = async (name: string): Promise<boolean> => {
    const loaded = await run(['loadkeys', name]);
    return loaded.kind === 'exited' && loaded.exitCode === 0;
  };
  if (await load(keyboard)) return null;
  const usual = DEFAULT_KEYBOARD[lang];
  // The kernel's own layout, until another is loaded.
  const now = usual !== keyboard && (await load(usual)) ? usual : 'us';
  return {
    fr: `Le clavier « ${keyboard} » n’est pas connu : c’est « ${now} » qui sert (${LAYOUTS[now].fr}). Corrigez "keyboard" dans rebond/config.json.`,
    en: `The keyboard “${keyboard}” is not known: “${now}” is in effect (${LAYOUTS[now].en}). Mend "keyboard" in rebond/config.json.`,
  };
}

const LAYOUTS: Record<'fr' | 'us', Phrase> = {
  fr: { fr: 'AZERTY, français', en: 'AZERTY, French' },
  us: { fr: 'QWERTY, américain', en: 'QWERTY, American' },
};

/** Why the agent ended before, if it did; the file is taken away so that it is told once. */
export async function lastExit(
  run: string,
  files: Files,
  remove: (path: string) => Promise<void>,
): Promise<Phrase[]> {
  const path = `${run}/last-exit`;
  const read = await files.text(path, 65_536);
  const exit = read.kind === 'read' ? parseLastExit(read.value) : null;
  if (exit === null) return [];
  await remove(path).catch(() => {}); // told once more at the next start: no harm
  if (exit.result === 'success') return [];
  return [
    {
      fr: `Le programme s’était arrêté (${why(exit, 'fr')}) et vient de repartir. Rien n’est perdu : les fiches gardées le restent, et un effacement coupé n’est pas compté comme fait.`,
      en: `The program had stopped (${why(exit, 'en')}) and has just started again. Nothing is lost: the records kept stay, and a wipe that was cut off is not counted as done.`,
    },
    ...exit.tail.slice(-3).map((line) => ({ fr: `  ${visible(line, 160)}`, en: `  ${visible(line, 160)}` })),
  ];
}

const RESULTS: Record<string, Phrase> = {
  signal: { fr: 'tué par un signal', en: 'killed by a signal' },
  'core-dump': { fr: 'tué par une faute', en: 'killed by a fault' },
  'exit-code': { fr: 'erreur', en: 'error' },
  'oom-kill': { fr: 'mémoire épuisée', en: 'out of memory' },
  timeout: { fr: 'sans réponse', en: 'no answer' },
  watchdog: { fr: 'sans réponse', en: 'no answer' },
};

function why({ result, status }: LastExit, lang: 'fr' | 'en'): string {
  const known = Object.hasOwn(RESULTS, result) ? RESULTS[result]?.[lang] : undefined;
  return `${known ?? visible(result, 40)} ${visible(status, 20)}`.trim();
}
