import type { Reason } from '@rebond/protocol';
import type { PowerFacts } from '../decide/power.ts';
import type { StickFacts } from '../decide/stick-line.ts';
import { type DurableFolder, durableFolder, type ReadFolder, readFolder } from '../effects/durable.ts';
import type { Server } from '../effects/network.ts';
import type { Journal } from '../report/journal.ts';
import type { KeptJournal } from '../report/kept-journal.ts';
import { openSpools, type Spools } from '../report/spools.ts';
import type { Sent } from '../report/submit.ts';
import type { RamState } from '../parse/live-state.ts';
import { noteHeld } from './held.ts';

/** What the live agent keeps, where, and how far the server has it: all that the header and the power rules ask for. */
export type Keeper = {
  spools: Spools;
  /** Where the journal goes on the stick; null where none takes a write. */
  journals(): DurableFolder | null;
  home(): DurableFolder | null;
  /** What sticks hold from before: read also where they take no write. */
  earlier(): readonly Earlier[];
  /** The stick was pulled, or is there again. */
  useHome(places: StickPlaces): Promise<void>;
  journal: {
    /** @returns the journal, its lines counted */
    open(sessionId: string, journal: KeptJournal): Journal;
    closed(sessionId: string): void;
    /** Notes on the stick how far the server has it, before the stick may leave. */
    settle(): Promise<void>;
  };
  left: { found(count: number): void; accounted(): void };
  /** One drive more is being wiped, or one less. */
  wiping(change: 1 | -1): void;
  /** One sending at a time. */
  send(server: Server): Promise<Sent[]>;
  recount(): Promise<void>;
  powerFacts(): PowerFacts;
  stickFacts(now: {
    plugged: boolean;
    ram: RamState | null;
    serverReached: boolean;
    writing: boolean;
  }): StickFacts;
  /** What happened since the last record, for the next one. */
  remark(reason: Reason): void;
  takeRemarks: () => Reason[];
  /** Whether something waits for the next record. */
  remarked: () => boolean;
};

/** The stick's folder that takes writes, and the one that is read: the same one, another stick's, or none. */
export type StickPlaces = { home: string | null; config: string | null };

/** One stick's folder and its journals; `writable` is null where nothing on it can be changed. */
export type Earlier = { home: ReadFolder; journals: ReadFolder; writable: DurableFolder | null };

/** @param ramHome where records go that no stick takes: a folder in memory that outlives this process */
export async function openKeeper(places: StickPlaces, ramHome: string): Promise<Keeper> {
  const spools = await openSpools({ stick: places.home, ram: ramHome, shelf: places.config });
  let { home, journals, earlier } = await foldersOf(places);
  let open: Open | null = null;
  let [left, wiping] = [0, 0];
  let unsent = await spools.unsent();
  let sending: Promise<unknown> = Promise.resolve();
  let remarks: Reason[] = [];
  const recount = async (): Promise<void> => void (unsent = await spools.unsent());

  return {
    spools,
    journals: () => journals,
    home: () => home,
    earlier: () => earlier,
    useHome: async (now) => {
      await spools.useStick(now.home, now.config);
      ({ home, journals, earlier } = await foldersOf(now));
      await recount();
    },
    journal: {
      open: (sessionId, journal) => {
        const own: Open = { sessionId, journal, lines: 1, held: null };
        open = own;
        return {
          note: async (event) => {
            await journal.note(event);
            own.lines += 1;
          },
          digest: () => journal.digest(),
          close: () => journal.close(),
        };
      },
      closed: (sessionId) => {
        if (open?.sessionId === sessionId) open = null;
      },
      settle: async () => {
        if (open === null || journals === null || !acknowledged(open) || open.held === open.lines) return;
        const { sessionId, lines } = open;
        await noteHeld(journals, sessionId, lines);
        if (open?.sessionId === sessionId) open.held = lines;
      },
    },
    left: { found: (count) => void (left = count), accounted: () => void (left = 0) },
    wiping: (change) => void (wiping += change),
    send: async (server) => {
      const turn = sending.then(() => spools.send(server));
      sending = turn.catch(() => {}); // told to whoever asked for it; the next one goes its own way
      try {
        return await turn;
      } finally {
        await recount();
      }
    },
    recount,
    powerFacts: () => ({ wiping: wiping > 0, unsentInMemory: unsent.inRam, unsentOnStick: unsent.onStick }),
    stickFacts: (now) => ({
      ...now,
      journalBehind: open === null || (acknowledged(open) && isNoted(open, journals)) ? 0 : null,
      unsentRecords: unsent.onStick + unsent.inRam,
      leftJournals: left,
    }),
    remark: (reason) => void remarks.push(reason),
    remarked: () => remarks.length > 0,
    takeRemarks: () => {
      const taken = remarks.slice(0, 32);
      remarks = [];
      return taken;
    },
  };
}

/** The journal of the session that runs: lines written, and lines that the stick knows the server to have. */
type Open = { sessionId: string; journal: KeptJournal; lines: number; held: number | null };

function acknowledged({ journal }: Open): boolean {
  return journal.keeping().server === 'acknowledges';
}

function isNoted({ lines, held }: Open, journals: DurableFolder | null): boolean {
  return journals === null || held === lines;
}

async function foldersOf(places: StickPlaces) {
  const home = await folderOrNull(places.home);
  const journals = await folderOrNull(places.home && `${places.home}/journal`);
  const read = new Set([places.home, places.config].filter((path) => path !== null));
  const earlier = [...read].map((path): Earlier =>
    path === places.home && home && journals
      ? { home, journals, writable: journals }
      : { home: readFolder(path), journals: readFolder(`${path}/journal`), writable: null },
  );
  return { home, journals, earlier };
}

/** A stick that takes no writes is as good as none for what is new: what it has is read and left alone. */
async function folderOrNull(path: string | null): Promise<DurableFolder | null> {
  return path === null ? null : await durableFolder(path).catch(() => null);
}
