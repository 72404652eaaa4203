// The Sanitize Device feature set (ACS-4 4.17, 7.36): states, what each command answers, and what it starts.
import type { Sanitize } from '../describe.ts';
import type { Residue } from '../store.ts';
import { aborted, type AtaResult, good, type TaskFile } from './registers.ts';

/** Idle, frozen, in progress, failed; the success of ACS-4's fifth state is a flag of the idle one here. */
type SanitizeState = 'SD0' | 'SD1' | 'SD2' | 'SD3';

export type SanitizeOperation = { kind: 'block' | 'crypto' | 'overwrite'; residue: Residue; atOnce: boolean };

export type SanitizeDoors = {
  /** The erase that is going on, from 0 to 1. */
  progress(): number;
  start(operation: SanitizeOperation): void;
  /** A key for what reads give after a crypto scramble: another each time. */
  freshKey: () => string;
};

export type SanitizeMachine = {
  state(): SanitizeState;
  command(task: TaskFile): AtaResult;
  ended(how: 'done' | 'failed'): void;
  /** Freezing is forgotten; an operation goes on by itself. */
  powerOn(): void;
};

export const SANITIZE = {
  status: 0x0000,
  crypto: 0x0011,
  block: 0x0012,
  overwrite: 0x0014,
  freeze: 0x0020,
  antifreeze: 0x0040,
} as const;

const KEY = { crypto: 0x43727970, block: 0x426b4572, freeze: 0x46724c6b, antifreeze: 0x416e7469 } as const;
const OVERWRITE_KEY = 0x4f57;
/** Table "SANITIZE DEVICE error reason" (ACS-4 7.36.10). */
const REASON = { none: 0, failed: 1, unsupported: 2, frozen: 3, antifreeze: 4 } as const;
const FLAG = { succeeded: 0x8000, inProgress: 0x4000, frozen: 0x2000, antifreeze: 0x1000 } as const;

export function makeSanitize(
  supported: Sanitize | null,
  options: { frozen: boolean; aborts: boolean },
  doors: SanitizeDoors,
): SanitizeMachine {
  let state: SanitizeState = options.frozen ? 'SD1' : 'SD0';
  let [succeeded, antifreeze, mayLeaveFailure] = [false, false, false];

  const status = (): AtaResult =>
    good({
      count:
        (succeeded ? FLAG.succeeded : 0) |
        (state === 'SD2' ? FLAG.inProgress : 0) |
        (state === 'SD1' ? FLAG.frozen : 0) |
        (antifreeze ? FLAG.antifreeze : 0),
      lba: state === 'SD2' ? Math.min(0xfffe, Math.floor(doors.progress() * 65_536)) : 0xffff,
    });

  const begin = (task: TaskFile): AtaResult => {
    const operation = operationOf(task, doors.freshKey);
    if (!operation || !supported?.[operation.kind] || options.aborts) return aborted(REASON.unsupported);
    if (state === 'SD1') return aborted(REASON.frozen);
    if (state === 'SD2') return aborted(REASON.none);
    if (state === 'SD3' && !mayLeaveFailure && (task.count & 0x10) !== 0) return aborted(REASON.failed);
    mayLeaveFailure = (task.count & 0x10) !== 0;
    [state, succeeded] = ['SD2', false];
    doors.start(operation);
    return status();
  };

  const freeze = (task: TaskFile): AtaResult => {
    if (task.lba !== KEY.freeze || state === 'SD2' || state === 'SD3') return aborted(REASON.none);
    if (antifreeze) return aborted(REASON.antifreeze);
    state = 'SD1';
    return status();
  };

  const command = (task: TaskFile): AtaResult => {
    if (!supported) return aborted();
    switch (task.features) {
      case SANITIZE.status:
        if (state === 'SD3' && (task.count & 1) !== 0) {
          if (!mayLeaveFailure) return aborted(REASON.failed);
          state = 'SD0';
        }
        // Of a failure STATUS tells by an error (ACS-4 7.36.8).
        return state === 'SD3' ? aborted(REASON.failed) : status();
      case SANITIZE.freeze:
        return freeze(task);
      case SANITIZE.antifreeze:
        if (task.lba !== KEY.antifreeze || state === 'SD1') return aborted(REASON.frozen);
        antifreeze = true;
        return status();
      default:
        return begin(task);
    }
  };

  return {
    state: () => state,
    command,
    ended: (how) => void ([state, succeeded] = how === 'done' ? ['SD0', true] : ['SD3', false]),
    powerOn() {
      antifreeze = false;
      if (state === 'SD1') state = 'SD0';
    },
  };
}

function operationOf(task: TaskFile, freshKey: () => string): SanitizeOperation | null {
  const key = task.lba % 2 ** 32;
  const high = Math.floor(task.lba / 2 ** 32);
  switch (task.features) {
    case SANITIZE.block:
      return key === KEY.block ? { kind: 'block', residue: { kind: 'zeros' }, atOnce: false } : null;
    case SANITIZE.crypto:
      return key === KEY.crypto
        ? { kind: 'crypto', residue: { kind: 'random', key: freshKey() }, atOnce: true }
        : null;
    case SANITIZE.overwrite:
      return high === OVERWRITE_KEY
        ? { kind: 'overwrite', residue: patternOf(key, task.count), atOnce: false }
        : null;
    default:
      return null;
  }
}

/** Bit 7 inverts the pattern between passes, so that the last of an even number of passes leaves its complement. */
function patternOf(pattern: number, count: number): Residue {
  const passes = count % 16 || 16;
  const inverted = (count & 0x80) !== 0 && passes % 2 === 0;
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE((inverted ? ~pattern : pattern) >>> 0);
  return { kind: 'pattern', bytes };
}
