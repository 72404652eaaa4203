import { setTimeout as delay } from 'node:timers/promises';
import { storageFailed } from '../commands/storage-failed.ts';
import { resultPage } from '../console/result-page.ts';
import type { Row } from '../console/live-frame.ts';
import { runSession, type SessionDoors, type SessionResult } from '../session.ts';
import type { Keeper } from './keeper.ts';
import type { Link } from './link.ts';
import { menu, type MenuDoors } from './menu.ts';
import { liveSessionDoors, type LiveSession } from './session.ts';
import { stopQuestion } from './stop.ts';
import type { Voice } from './voice.ts';

export type StoryDoors = {
  voice: Voice;
  bench: string;
  keeper: Pick<Keeper, 'spools'>;
  /** The doors of one session, given how its wipes may be stopped. */
  session: (stop: ReturnType<typeof stopQuestion>) => SessionDoors;
  menu: MenuDoors;
  /** The agent is to be started anew before another session, with settings that came late. */
  again: () => boolean;
  /** Aborted when the agent is asked to end. */
  ending: AbortSignal;
};

/** One session after another, until the agent is asked to end. */
export async function liveStory(doors: StoryDoors): Promise<void> {
  const { voice, ending } = doors;
  while (!ending.aborted) {
    const stop = stopQuestion(voice, ending);
    try {
      const result = await runSession({ mode: 'real', bench: doors.bench }, doors.session(stop));
      for (const { text, style } of await page(result, doors)) voice.say(text, style);
    } catch (error) {
      const phrase = storageFailed(error);
      if (!phrase) throw error;
      voice.tell(phrase, 'alarm');
    } finally {
      stop.end();
    }
    if (!ending.aborted) await menu(doors.menu);
    if (doors.again()) return;
  }
}

async function page(result: SessionResult, { keeper, voice }: StoryDoors): Promise<Row[]> {
  const { inRam } = await keeper.spools.unsent();
  return resultPage(result, inRam > 0 ? 'ram' : 'stick', voice.lang);
}

/** The session's doors, with the question by which its wipes are stopped. */
export function storySession(
  live: Omit<LiveSession, 'signal'>,
): (stop: ReturnType<typeof stopQuestion>) => SessionDoors {
  return (stop) => {
    const doors = liveSessionDoors({
      ...live,
      signal: stop.signal,
      tell: (event) => {
        if (event.kind === 'begun') stop.begin();
        if (event.kind === 'step' && event.step === 'record') stop.end();
        live.tell(event);
      },
    });
    const { before, after } = doors.leftover;
    // The drives are done: what is asked now takes the place of the question how to stop them.
    const leftover: SessionDoors['leftover'] = {
      before,
      after: (sanitizations, clock) => {
        stop.end();
        return after(sanitizations, clock);
      },
    };
    return { ...doors, leftover };
  };
}

export type Background = {
  keeper: Pick<Keeper, 'send' | 'powerFacts' | 'recount'>;
  link: Pick<Link, 'look' | 'reached' | 'server' | 'state'>;
  voice: Pick<Voice, 'tell'>;
  tick: () => Promise<void>;
  /** What waits for the server: pairing, a look for a newer image. */
  joined: () => Promise<void>;
  /** Something failed that nobody waits for. */
  failed: (error: unknown) => void;
};

const LOOK_MS = { reached: 15_000, away: 4000 };
const SEND_MS = 20_000;

/** What goes on beside the session: the header each second, the server, the records that wait. */
export function startBackground(doors: Background, ending: AbortSignal): void {
  const { keeper, link, voice } = doors;
  const every = (pause: () => number, act: () => Promise<void>): void => {
    void (async () => {
      while (!ending.aborted) {
        await act().catch(doors.failed);
        await delay(pause());
      }
    })();
  };
  every(() => 1000, doors.tick);
  every(
    () => (link.reached() ? LOOK_MS.reached : LOOK_MS.away),
    async () => {
      if (await link.look()) await doors.joined();
    },
  );
  every(
    () => SEND_MS,
    async () => {
      const { unsentInMemory, unsentOnStick } = keeper.powerFacts();
      if (unsentInMemory + unsentOnStick === 0 || !link.reached()) return;
      const sent = await keeper.send(link.server);
      const received = sent.filter(({ kind }) => kind === 'acknowledged').length;
      if (received > 0) voice.tell(arrived(received), 'strong');
    },
  );
}

function arrived(count: number) {
  return count === 1
    ? {
        fr: 'Une fiche qui attendait est reçue par l’atelier.',
        en: 'A record that waited is received by the workshop.',
      }
    : {
        fr: `${count} fiches qui attendaient sont reçues par l’atelier.`,
        en: `${count} records that waited are received by the workshop.`,
      };
}
