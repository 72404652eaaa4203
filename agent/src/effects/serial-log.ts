import { open } from 'node:fs/promises';

/** Lines that may wait for a serial line that takes none; more are dropped rather than kept in memory. */
const WAITING_MAX = 2000;

/**
 * Appends lines to a serial console, one after the other, without ever making the caller wait: nobody may be there to
 * read, and the work goes on all the same.
 */
export function serialLog(path: string): (line: string) => void {
  const waiting: string[] = [];
  let writing = false;
  const drain = async (): Promise<void> => {
    writing = true;
    try {
      const handle = await open(path, 'a');
      try {
        while (waiting.length > 0) await handle.appendFile(`${waiting.splice(0, 50).join('\n')}\n`);
      } finally {
        await handle.close();
      }
    } catch {
      waiting.length = 0; // no serial line after all: the screen says the same
    } finally {
      writing = false;
    }
    // Said while the line was being closed.
    if (waiting.length > 0) await drain();
  };
  return (line) => {
    if (waiting.length < WAITING_MAX) waiting.push(line);
    if (!writing) void drain();
  };
}
