import { createHash } from 'node:crypto';
import type { DurableFolder } from '../effects/durable.ts';
import { journalLine } from '../parse/journal.ts';
import type { Journal, Opening } from './journal.ts';
import type { Where } from './journal-part.ts';
import { NotKept } from './not-kept.ts';
import { type Pace, type ServerCopy, serverCopy } from './server-copy.ts';
import { type StickLog, stickLog } from './stick-log.ts';

/** Who keeps the journal right now. The stick may be pulled only while the server `acknowledges`: all lines so far. */
type Keeping = {
  stick: 'accepts' | 'refuses' | 'none';
  server: 'acknowledges' | 'silent' | 'refuses' | 'none';
};
export type KeptJournal = Journal & { keeping(): Keeping };

export type Places = { folder: DurableFolder | null; server: Where | null };

/** Milliseconds: how long a line waits for the stick and for the server, and the end for what is not yet sent. */
export type Limits = Pace & { stick: number; server: number; close: number };
const LIMITS: Limits = {
  ...{ stick: 30_000, server: 20_000, close: 3000 },
  ...{ firstRetry: 500, lastRetry: 8000, heartbeat: 20_000 },
};

/**
 * A session's journal on the stick, on the server, or on both. A line is noted once one of them has it for good, so
 * that a step whose `planned` line nobody keeps is never begun. While the stick accepts, the server is not waited for.
 * @throws NotKept also from `note`
 */
export async function openKeptJournal(
  opening: Opening,
  places: Places,
  limits: Limits = LIMITS,
): Promise<KeptJournal> {
  const hash = createHash('sha256');
  const stick = await stickLog(places.folder, opening.sessionId, limits.stick);
  const copy = places.server && serverCopy(places.server, limits);
  let before: Promise<unknown> = Promise.resolve();
  const journal: KeptJournal = {
    note: (event) => {
      const line = journalLine(event);
      const turn = before.then(() => {
        hash.update(`${line}\n`);
        return keep(line, stick, copy, limits);
      });
      before = turn.catch(() => {}); // told to whoever noted it; the next line goes its own way
      return turn;
    },
    digest: () => hash.copy().digest('hex'),
    keeping: () => ({ stick: stick.state(), server: copy?.state() ?? 'none' }),
    close: async () => {
      await before;
      await copy?.held(limits.close);
      copy?.stop();
      await stick.close();
    },
  };
  try {
    await journal.note(opening);
  } catch (error) {
    copy?.stop();
    await stick.close();
    throw error;
  }
  return journal;
}

async function keep(line: string, stick: StickLog, copy: ServerCopy | null, limits: Limits): Promise<void> {
  copy?.add(line);
  if (await stick.line(line)) return;
  const cause = stick.error();
  const options = cause === null ? undefined : { cause };
  if (!copy) throw new NotKept(stick.state() === 'none' ? 'no-place' : 'stick-failed', options);
  const outcome = await copy.held(limits.server);
  if (outcome !== 'held')
    throw new NotKept(outcome === 'refused' ? 'server-refused' : 'server-silent', options);
}
