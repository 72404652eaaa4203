import { stickLine } from '../decide/stick-line.ts';
import type { HeaderFacts } from '../console/live-header.ts';
import type { Inhibitor } from '../effects/inhibit.ts';
import type { Files } from '../effects/types.ts';
import { type MediumState, parseMediumState, type RamState } from '../parse/live-state.ts';
import type { Keeper } from './keeper.ts';
import type { Link } from './link.ts';
import { mediumPhrases } from './medium-words.ts';
import { plugged } from './plugged.ts';
import type { Voice } from './voice.ts';

export type WatchDoors = {
  keeper: Keeper;
  link: Link;
  files: Files;
  voice: Pick<Voice, 'tell' | 'lang'>;
  inhibitor: Inhibitor;
  run: string;
  ram: () => Promise<RamState | null>;
  writing: () => boolean;
  addresses: () => string[];
  monotonic: () => number;
  draw: (facts: HeaderFacts) => void;
  about: Pick<HeaderFacts, 'version' | 'bench' | 'startedMs'> & { workshop: () => string | null };
  /** A stick's folder is there that was not: what it holds is read. */
  homeCame: () => Promise<void>;
  /** What the agent began without is known now: the workshop's settings, or what it was booted from. */
  settingsCame: () => void;
};

/** Looks, once a second, at what the header says; and keeps the machine on while something would be lost. */
export function watch(doors: WatchDoors, medium: MediumState | null): () => Promise<void> {
  const { keeper, link, files, voice, about } = doors;
  let [home, config] = [medium?.home ?? null, medium?.config ?? null];
  let here = home !== null || config !== null;
  let came = false;
  const told = new Set<string>();
  return async () => {
    const read = await files.text(`${doors.run}/medium.json`, 65_536);
    const now = read.kind === 'read' ? parseMediumState(read.value) : null;
    const writable = home !== null;
    home = now?.home ?? home;
    config = now?.config ?? config;
    const seen = await plugged(medium, home ?? config, files);
    if (seen.home !== here || (home !== null) !== writable) {
      here = seen.home;
      await keeper.useHome(here ? { home, config } : { home: null, config: null });
      if (here) await doors.homeCame();
      voice.tell(here ? (home === null ? READABLE : CAME) : GONE, here ? 'strong' : 'alarm');
    }
    for (const phrase of mediumPhrases(now)) {
      if (told.has(phrase.fr)) continue;
      told.add(phrase.fr);
      voice.tell(phrase, 'alarm');
    }
    if (!came && now !== null && (medium === null || (medium.config === null && now.config !== null))) {
      came = true;
      doors.settingsCame();
    }
    // A stick that takes no writes any more stays in, and the journal goes its own way.
    await keeper.journal.settle().catch(() => {});
    const facts = keeper.stickFacts({
      plugged: seen.disk || seen.home,
      ram: await doors.ram(),
      serverReached: link.reached(),
      writing: doors.writing(),
    });
    const { wiping, unsentInMemory, unsentOnStick } = keeper.powerFacts();
    doors.inhibitor.hold(wiping || unsentInMemory > 0 || unsentOnStick > 0);
    doors.draw({
      ...about,
      workshop: about.workshop(),
      nowMs: doors.monotonic(),
      server: link.state(),
      addresses: doors.addresses(),
      stick: stickLine(facts),
    });
  };
}

const GONE = {
  fr: 'La clé n’est plus là. Ce qui n’est pas encore reçu par le serveur est gardé en mémoire.',
  en: 'The stick is gone. What the server does not have yet is kept in memory.',
};
const READABLE = {
  fr: 'Une clé est là : ses réglages et ses fiches sont lus.',
  en: 'A stick is there: its settings and its records are read.',
};
const CAME = {
  fr: 'Une clé est là : ce qui n’était qu’en mémoire y est copié.',
  en: 'A stick is there: what was in memory only is copied to it.',
};
