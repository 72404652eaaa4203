import { native } from './native.ts';

/** prctl(2). */
const PR_SET_PDEATHSIG = 1;
const SIGKILL = 9n;

/**
 * Asks the kernel to kill this process the moment its parent dies, however it dies and whatever this process is doing
 * then. False where that cannot be asked: the end of standard input must then do.
 */
export function dieWithParent(): boolean {
  const found = native({ prctl: { arguments: ['i32', 'u64', 'u64', 'u64', 'u64'], return: 'i32' } });
  return found?.functions.prctl(PR_SET_PDEATHSIG, SIGKILL, 0n, 0n, 0n) === 0;
}
