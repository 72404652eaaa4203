import type { ClockDoor, Files, ReadResult, Run, RunResult } from './types.ts';

/** Bytes in a recording: text where they are UTF-8, else base64. */
export type RecordedBytes = string | { base64: string };
/** What was not read: `null` where nothing was there, `refused` where reading was refused. */
export type Unread = null | { refused: string };

export type RecordedRun =
  | { exitCode: number; stdout: RecordedBytes; stderr: RecordedBytes }
  | { kind: 'missing' }
  | { kind: 'timed-out'; stdout: RecordedBytes; stderr: RecordedBytes }
  | { kind: 'broken'; detail: string };

/** What the doors answered on one machine, as JSON. `runs` is keyed by the argument vector joined by blanks. */
export type Recording = {
  runs: Record<string, RecordedRun>;
  files: Record<string, RecordedBytes | Unread>;
  lists: Record<string, string[] | Unread>;
  links: Record<string, string | Unread>;
};

/** Doors that answer from a recording. What it does not hold is a missing program or an absent file. */
export function replay(recording: Partial<Recording>): { run: Run; files: Files } {
  const { runs = {}, files = {}, lists = {}, links = {} } = recording;
  const bytes: Files['bytes'] = async (path, maxBytes = 1024 * 1024) =>
    bounded(await read(files, path, encoded), maxBytes);
  return {
    run: async (argv) => ran(own(runs, argv.join(' '))),
    files: {
      bytes,
      text: async (path, maxBytes) => {
        const answer = await bytes(path, maxBytes);
        return answer.kind === 'read'
          ? { kind: 'read', value: new TextDecoder().decode(answer.value) }
          : answer;
      },
      list: async (path) => await read(lists, path, (names) => names.toSorted()),
      real: async (path) => await read(links, path, (target) => target),
    },
  };
}

/** A clock that always says the same, for tests. */
export function stoppedClock(wall: string): ClockDoor {
  return { now: () => ({ wall, timeSource: 'rtc-unverified' }), monotonic: () => 0 };
}

function own<T>(table: Record<string, T>, key: string): T | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined;
}

function encoded(recorded: RecordedBytes): Uint8Array {
  return typeof recorded === 'string'
    ? new TextEncoder().encode(recorded)
    : Uint8Array.fromBase64(recorded.base64);
}

function ran(recorded: RecordedRun | undefined): RunResult {
  if (recorded === undefined) return { kind: 'missing' };
  if (!('stdout' in recorded)) return recorded;
  const output = { stdout: encoded(recorded.stdout), stderr: encoded(recorded.stderr) };
  return 'exitCode' in recorded
    ? { kind: 'exited', exitCode: recorded.exitCode, ...output }
    : { kind: 'timed-out', ...output };
}

async function read<R extends string | object, T>(
  table: Record<string, R | Unread>,
  path: string,
  decode: (recorded: Exclude<R, Unread>) => T,
): Promise<ReadResult<T>> {
  const recorded = own(table, path);
  if (recorded === undefined || recorded === null) return { kind: 'absent' };
  if (typeof recorded === 'object' && 'refused' in recorded) {
    return { kind: 'refused', detail: recorded.refused };
  }
  return { kind: 'read', value: decode(recorded as Exclude<R, Unread>) };
}

function bounded(answer: ReadResult<Uint8Array>, maxBytes: number): ReadResult<Uint8Array> {
  if (answer.kind !== 'read' || answer.value.length <= maxBytes) return answer;
  return { kind: 'refused', detail: `longer than ${maxBytes} bytes` };
}
