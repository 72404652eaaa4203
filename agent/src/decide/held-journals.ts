import type { JournalEvent } from '../parse/journal.ts';

/** A journal that a stick still has of an earlier session. */
type LeftOnStick = {
  /** Sound lines of it. */
  lines: number;
  /** Lines that the server had acknowledged when the stick was allowed to leave; null where it never was. */
  held: number | null;
  /** It is a session of this very machine, which was started again since. */
  ofThisMachine: boolean;
  /** Whether the server has a record of that session; null where it was not asked. */
  recorded: boolean | null;
  /** The stick takes no write: its journal stays, whatever is said of it, and is there again at the next start. */
  readOnly: boolean;
};

/** What becomes of it: an account is given; it is dropped, the server has the record; or it stays until one is sure. */
type Fate = 'account' | 'drop' | 'leave';

/**
 * A stick that was pulled, as it may be, has a journal without an end, while its session went on elsewhere and may have
 * ended well: the server knows. Without a record there, the session was cut off if it is this machine that starts anew;
 * on another machine it may still be running, and nothing is concluded.
 *
 * From a stick that takes no write an account is given only where the server surely has none: it would be given again
 * at each start, and be in memory only.
 */
export function fateOf({ lines, held, ofThisMachine, recorded, readOnly }: LeftOnStick): Fate {
  if (readOnly && recorded === null) return 'leave';
  if (readOnly && recorded) return 'drop';
  if (held === null || held < lines) return 'account';
  if (recorded === null) return 'leave';
  if (recorded) return 'drop';
  return ofThisMachine ? 'account' : 'leave';
}

type Inventory = Extract<JournalEvent, { event: 'opened' }>['inventory'];

/** The same machine by its identity, or by a drive inside it: not every machine has an identity of its own. */
export function isOfThisMachine(
  events: readonly JournalEvent[],
  now: { machineId: string; inventory: Inventory },
): boolean {
  const opened = events.find((event) => event.event === 'opened');
  if (!opened) return false;
  if (opened.machine.id === now.machineId) return true;
  const here = new Set(innerDrives(now.inventory));
  return innerDrives(opened.inventory).some((drive) => here.has(drive));
}

/** What is plugged in from outside goes from machine to machine. */
function innerDrives({ drives }: Inventory): string[] {
  const all = drives.outcome === 'read' ? drives.value : [];
  return all.flatMap(({ identity, removable }) =>
    identity.transport === 'usb' || removable || identity.serial === null
      ? []
      : [`${identity.transport} ${identity.model} ${identity.serial}`],
  );
}
