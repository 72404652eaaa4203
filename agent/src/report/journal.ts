import { createHash } from 'node:crypto';
import { Uuid } from '@rebond/protocol';
import type { DurableFolder, ReadFolder } from '../effects/durable.ts';
import { type JournalEvent, journalLine, soundLines } from '../parse/journal.ts';

/** Several drives may note at once: lines follow each other as they were asked for, each whole. */
export type Journal = {
  /** Resolves once the line is kept for good. */
  note(event: JournalEvent): Promise<void>;
  /** SHA-256 of the lines so far. */
  digest(): string;
  close(): Promise<void>;
};

const MAX_BYTES = 64 * 1024 * 1024;

export type Opening = Extract<JournalEvent, { event: 'opened' }>;

export async function openJournal(folder: DurableFolder, opening: Opening): Promise<Journal> {
  const log = await folder.appendTo(`${opening.sessionId}.jsonl`);
  const hash = createHash('sha256');
  let before: Promise<unknown> = Promise.resolve();
  const append = async (line: string): Promise<void> => {
    await log.line(line);
    hash.update(`${line}\n`);
  };
  const journal: Journal = {
    note: (event) => {
      const line = journalLine(event);
      const turn = before.then(() => append(line));
      before = turn.catch(() => {}); // told to whoever noted it; the next line goes its own way
      return turn;
    },
    digest: () => hash.copy().digest('hex'),
    close: async () => {
      await before;
      await log.close();
    },
  };
  await journal.note(opening);
  return journal;
}

/** What is left of a journal: its sound lines up to the first that is torn, and the digest of those. */
export type JournalRest = { sessionId: string; events: JournalEvent[]; digest: string };

export async function leftJournals(folder: ReadFolder): Promise<JournalRest[]> {
  const rests: JournalRest[] = [];
  for (const name of await folder.names()) {
    const sessionId = Uuid.safeParse(name.replace(/\.jsonl$/, ''));
    if (!name.endsWith('.jsonl') || !sessionId.success) continue;
    const bytes = await folder.read(name, MAX_BYTES);
    if (bytes) rests.push({ sessionId: sessionId.data, ...soundLines(bytes) });
  }
  return rests;
}

export async function dropJournal(folder: DurableFolder, sessionId: string): Promise<void> {
  await folder.remove(`${Uuid.parse(sessionId)}.jsonl`);
}
