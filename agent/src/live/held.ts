import { fateOf, isOfThisMachine } from '../decide/held-journals.ts';
import type { DurableFolder } from '../effects/durable.ts';
import { dropJournal, type JournalRest } from '../report/journal.ts';
import type { Earlier } from './keeper.ts';

const nameOf = (sessionId: string): string => `${sessionId}.held`;

/** Written before the screen says that the stick may leave: the server has this journal's first `lines` lines. */
export async function noteHeld(folder: DurableFolder, sessionId: string, lines: number): Promise<void> {
  await folder.write(nameOf(sessionId), new TextEncoder().encode(`${lines}\n`));
}

export async function forgetJournal(folder: DurableFolder, sessionId: string): Promise<void> {
  await dropJournal(folder, sessionId);
  await folder.remove(nameOf(sessionId));
}

/** The journals on the stick of which an account is due from here, and how many wait for the server's word. */
export async function dueFromStick(
  { journals, writable }: Pick<Earlier, 'journals' | 'writable'>,
  rests: readonly JournalRest[],
  now: Parameters<typeof isOfThisMachine>[1],
  /** Sessions of which the server has no record; null where it did not answer. */
  open: readonly string[] | null,
): Promise<{ due: JournalRest[]; waiting: number }> {
  const due: JournalRest[] = [];
  let waiting = 0;
  for (const rest of rests) {
    const held = await heldLines(journals, rest.sessionId);
    const fate = fateOf({
      ...{ lines: rest.events.length, held },
      ofThisMachine: isOfThisMachine(rest.events, now),
      readOnly: writable === null,
      recorded: open === null ? null : !open.includes(rest.sessionId),
    });
    if (fate === 'account') due.push(rest);
    if (fate === 'drop' && writable) await forgetJournal(writable, rest.sessionId);
    if (fate === 'leave') waiting += 1;
  }
  return { due, waiting };
}

async function heldLines(folder: Earlier['journals'], sessionId: string): Promise<number | null> {
  const bytes = await folder.read(nameOf(sessionId), 64).catch(() => null);
  const lines = bytes && /^(\d{1,6})\n$/.exec(new TextDecoder().decode(bytes))?.[1];
  return lines ? Number(lines) : null;
}
