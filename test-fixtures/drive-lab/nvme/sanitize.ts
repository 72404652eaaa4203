// The Sanitize command and its states (Base 1.4, 5.24 and 8.15): all of the medium, whatever namespaces there are.
import type { Residue } from '../store.ts';
import { type Command, DONE, type Outcome, refused } from './command.ts';
import type { SanitizeAction } from './describe.ts';
import { beginErase } from './erasing.ts';
import { endSelfTest, SELF_TEST_RESULT } from './self-test.ts';
import { misbehaves, type NvmeState } from './state.ts';
import type { AdminName } from './words.ts';

const EXIT_FAILURE = 1;
const ACTIONS: Record<number, SanitizeAction> = { 2: 'block', 3: 'overwrite', 4: 'crypto' };

/** The words of command dwords 10 and 11 (figure 388). */
export function sanitizeWords({ cdw10, cdw11 }: Pick<Command, 'cdw10' | 'cdw11'>): {
  action: number;
  unrestricted: boolean;
  passes: number;
  invert: boolean;
  noDeallocate: boolean;
  pattern: number;
} {
  return {
    action: cdw10 & 7,
    unrestricted: (cdw10 & 8) !== 0,
    // No passes stands for 16.
    passes: (cdw10 >>> 4) & 15 || 16,
    invert: (cdw10 & 0x100) !== 0,
    noDeallocate: (cdw10 & 0x200) !== 0,
    pattern: cdw11,
  };
}

export function sanitize(state: NvmeState, command: Command): Outcome {
  const words = sanitizeWords(command);
  const failed = state.sanitize.last === 'failed';
  if (state.erasing)
    return refused(state.erasing.kind === 'sanitize' ? 'sanitize-in-progress' : 'format-in-progress');
  if (words.action === EXIT_FAILURE) return exitFailure(state);
  const action = ACTIONS[words.action];
  if (!action || !state.model.sanitize.includes(action)) return refused('invalid-field');
  if (state.frozen) return refused('sequence-error');
  if (misbehaves(state, 'enhanced-advertised-but-unsupported')) return refused('invalid-opcode');
  // A failure in restricted mode is left by a success in restricted mode only.
  if (failed && !state.sanitize.unrestricted && words.unrestricted) return refused('sanitize-failed');
  const inhibited = words.noDeallocate && state.model.noDeallocateInhibited;
  if (inhibited && !state.warnsOfDeallocation) return refused('invalid-field');
  start(state, command, action, inhibited);
  return DONE;
}

function exitFailure(state: NvmeState): Outcome {
  if (state.sanitize.last !== 'failed') return DONE;
  if (!state.sanitize.unrestricted) return refused('sanitize-failed');
  state.sanitize = { ...state.sanitize, last: 'never' };
  return DONE;
}

const SANITIZE_COMPLETED = 0x0081_0106;

function start(state: NvmeState, command: Command, action: SanitizeAction, inhibited: boolean): void {
  const words = sanitizeWords(command);
  endSelfTest(state, SELF_TEST_RESULT.sanitized);
  state.sanitize = {
    ...{ last: 'running', command: command.cdw10, unrestricted: words.unrestricted },
    globallyErased: false,
  };
  const seconds = state.model.durations[action] * (action === 'overwrite' ? words.passes : 1);
  beginErase(state, {
    ...{ kind: 'sanitize', namespaces: [...state.namespaces.keys()], seconds, atOnce: action === 'crypto' },
    ranges: [{ start: 0, end: state.medium.store.size }],
    // What is deallocated reads as zeros (DLFEAT 1).
    residue: words.noDeallocate && !inhibited ? residueOf(state, action, words) : { kind: 'zeros' },
    ended(how) {
      const last = how === 'failed' ? 'failed' : inhibited ? 'succeeded-deallocated' : 'succeeded';
      state.sanitize = { ...state.sanitize, last, globallyErased: how === 'done' };
      state.outside.event(SANITIZE_COMPLETED);
    },
  });
}

function residueOf(
  state: NvmeState,
  action: SanitizeAction,
  { pattern, passes, invert }: ReturnType<typeof sanitizeWords>,
): Residue {
  switch (action) {
    case 'block':
      return { kind: 'ones' };
    case 'crypto':
      return { kind: 'random', key: `${state.model.serial} sanitize ${state.erased}` };
    case 'overwrite': {
      // With OIPBP each pass inverts the pattern of the one before.
      const last = invert && passes % 2 === 0 ? ~pattern >>> 0 : pattern;
      const bytes = Buffer.alloc(4);
      bytes.writeUInt32LE(last);
      return { kind: 'pattern', bytes };
    }
  }
}

/** How many passes of an overwrite are over. */
export function passesDone(state: NvmeState): number {
  const { command, last } = state.sanitize;
  const words = sanitizeWords({ cdw10: command, cdw11: 0 });
  if (ACTIONS[words.action] !== 'overwrite') return 0;
  if (last === 'succeeded' || last === 'succeeded-deallocated') return words.passes;
  return last === 'running' ? Math.floor((state.erasing?.erase.progress() ?? 0) * words.passes) : 0;
}

/** Admin commands that a drive still obeys while it sanitizes or has failed to (figure 453). */
const ALWAYS: ReadonlySet<AdminName> = new Set([
  'getLog',
  'identify',
  'abort',
  'setFeatures',
  'getFeatures',
  'asynchronousEvent',
  'keepAlive',
  'sanitize',
]);
const LOGS_ALWAYS: ReadonlySet<number> = new Set([0x01, 0x02, 0x04, 0x81]);

/** @returns the refusal of an admin command, or of all I/O (`null`), in the present state */
export function refusedWhileSanitizing(
  state: NvmeState,
  name: AdminName | null,
  command: Command,
): Outcome | null {
  const running = state.sanitize.last === 'running';
  if (!running && state.sanitize.last !== 'failed') return null;
  const allowed = name !== null && ALWAYS.has(name);
  if (allowed && (name !== 'getLog' || LOGS_ALWAYS.has(command.cdw10 & 0xff))) return null;
  return refused(running ? 'sanitize-in-progress' : 'sanitize-failed');
}
