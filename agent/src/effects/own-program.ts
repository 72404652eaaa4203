import { isSea } from 'node:sea';

/** The command line that starts this program again: the one file by itself, or Node with the same source. */
export function ownProgram(): [string, ...string[]] {
  const [node = process.execPath, main = ''] = process.argv;
  return isSea() ? [process.execPath] : [node, ...process.execArgv, main];
}
