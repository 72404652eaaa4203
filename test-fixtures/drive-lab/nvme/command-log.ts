// What a drive was asked, in words: so that a test can say what must have been sent, and what must not.
import type { Command } from './command.ts';
import { sanitizeWords } from './sanitize.ts';
import type { AdminName, IoName, Status } from './words.ts';

export type Logged = {
  /** 0 for admin commands. */
  queue: number;
  nsid: number;
  /** As `sanitize block`, `format ses=1 lbaf=0`, `write 8 at 0`. */
  words: string;
  status: Status;
};

export type Note = (entry: Logged) => void;

export type CommandLog = {
  note: Note;
  entries: () => readonly Logged[];
  /** How many were left out since the log was full. */
  dropped: () => number;
};

const KEPT = 20_000;

/** The newest are kept. */
export function commandLog(): CommandLog {
  const entries: Logged[] = [];
  let dropped = 0;
  return {
    entries: () => entries,
    dropped: () => dropped,
    note(entry) {
      if (entries.length >= KEPT) dropped += entries.splice(0, KEPT / 10).length;
      entries.push(entry);
    },
  };
}

const ACTION: Record<number, string> = { 1: 'exit-failure', 2: 'block', 3: 'overwrite', 4: 'crypto' };

export function adminDetail(name: AdminName, command: Command): string {
  const { cdw10 } = command;
  switch (name) {
    case 'sanitize': {
      const { action, passes, unrestricted, noDeallocate } = sanitizeWords(command);
      const more = `${action === 3 ? ` passes=${passes}` : ''}${unrestricted ? ' ause' : ''}`;
      return `sanitize ${ACTION[action] ?? action}${more}${noDeallocate ? ' no-dealloc' : ''}`;
    }
    case 'format':
      return `format ses=${(cdw10 >>> 9) & 7} lbaf=${cdw10 & 15}`;
    case 'identify':
      return `identify cns=${cdw10 & 0xff}`;
    case 'getLog':
      return `getLog page=${cdw10 & 0xff}`;
    case 'setFeatures':
    case 'getFeatures':
      return `${name} ${cdw10 & 0xff}`;
    case 'manageNamespace':
      return (cdw10 & 15) === 0 ? 'manageNamespace create' : 'manageNamespace delete';
    case 'attachNamespace':
      return (cdw10 & 15) === 0 ? 'attachNamespace attach' : 'attachNamespace detach';
    case 'selfTest':
      return `selfTest ${cdw10 & 15}`;
    case 'abort':
    case 'asynchronousEvent':
    case 'keepAlive':
      return name;
  }
}

export function ioDetail(name: IoName | null, command: Command): string {
  if (!name) return `opcode ${command.opcode}`;
  if (name === 'flush') return name;
  if (name === 'manageData') return (command.cdw11 & 4) === 0 ? 'manageData' : 'manageData deallocate';
  const first = (BigInt(command.cdw11) << 32n) | BigInt(command.cdw10);
  return `${name} ${(command.cdw12 & 0xffff) + 1} at ${first}`;
}
