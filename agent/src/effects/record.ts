import type { RecordedBytes, RecordedRun, Recording, Unread } from './replay.ts';
import type { Files, ReadResult, Run, RunResult } from './types.ts';

/**
 * Doors that pass everything on to real ones and keep what these answered. `recording()` gives it so far, keys
 * sorted, ready for `JSON.stringify` and for `replay`.
 */
export function record(doors: { run: Run; files: Files }): {
  run: Run;
  files: Files;
  recording(): Recording;
} {
  const kept: Recording = { runs: {}, files: {}, lists: {}, links: {} };
  const bytes: Files['bytes'] = async (path, maxBytes) => {
    const answer = await doors.files.bytes(path, maxBytes);
    kept.files[path] = unreadOr(answer, decoded);
    return answer;
  };
  return {
    run: async (argv, limits) => {
      const result = await doors.run(argv, limits);
      kept.runs[argv.join(' ')] = ranAs(result);
      return result;
    },
    files: {
      bytes,
      text: async (path, maxBytes) => {
        const answer = await bytes(path, maxBytes);
        return answer.kind === 'read'
          ? { kind: 'read', value: new TextDecoder().decode(answer.value) }
          : answer;
      },
      list: async (path) => keep(kept.lists, path, await doors.files.list(path)),
      real: async (path) => keep(kept.links, path, await doors.files.real(path)),
    },
    recording: () => ({
      runs: sorted(kept.runs),
      files: sorted(kept.files),
      lists: sorted(kept.lists),
      links: sorted(kept.links),
    }),
  };
}

function keep<T>(table: Record<string, T | Unread>, path: string, answer: ReadResult<T>): ReadResult<T> {
  table[path] = unreadOr(answer, (value) => value);
  return answer;
}

function unreadOr<T, R>(answer: ReadResult<T>, encode: (value: T) => R): R | Unread {
  if (answer.kind === 'absent') return null;
  return answer.kind === 'refused' ? { refused: answer.detail } : encode(answer.value);
}

function decoded(bytes: Uint8Array): RecordedBytes {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return { base64: bytes.toBase64() }; // not UTF-8: kept byte for byte
  }
}

function ranAs(result: RunResult): RecordedRun {
  if (result.kind === 'missing' || result.kind === 'broken') return result;
  const output = { stdout: decoded(result.stdout), stderr: decoded(result.stderr) };
  return result.kind === 'exited'
    ? { exitCode: result.exitCode, ...output }
    : { kind: 'timed-out', ...output };
}

function sorted<T>(table: Record<string, T>): Record<string, T> {
  return Object.fromEntries(Object.entries(table).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
