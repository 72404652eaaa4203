import type { Part, ProbeFailure } from '@rebond/protocol';
import type { Files, ReadResult, RunResult } from '../effects/types.ts';
import { failure } from '../parse/parsed.ts';

/** A program's output as text, or why there is none. Bytes that are not UTF-8 become U+FFFD. */
export type Said =
  | { kind: 'said'; stdout: string; stderr: string }
  | { kind: 'failed'; failure: ProbeFailure };

/** A program that ended, whatever its exit status, has said something if its standard output is not empty. */
export function said(result: RunResult, tool: string): Said {
  if (result.kind === 'missing') return silent('tool-missing', tool, 'the program is not installed');
  if (result.kind === 'timed-out') return silent('timed-out', tool, decode(result.stderr));
  if (result.kind === 'broken') return silent('tool-failed', tool, result.detail);
  const [stdout, stderr] = [decode(result.stdout), decode(result.stderr)];
  if (stdout.trim() !== '') return { kind: 'said', stdout, stderr };
  const code = isRefusal(stderr) ? 'refused' : 'tool-failed';
  return silent(code, tool, `exit status ${result.exitCode}\n${stderr}`);
}

function silent(code: ProbeFailure['code'], tool: string, detail: string): Said {
  return { kind: 'failed', failure: failure(code, tool, detail) };
}

export function isRefusal(text: string): boolean {
  return /permission denied|not permitted|are you root/i.test(text);
}

function decode(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

/** The failure of a read that should have worked: an absent place is not known, not empty. */
export function unread(answer: Exclude<ReadResult<unknown>, { kind: 'read' }>, path: string): ProbeFailure {
  return answer.kind === 'absent'
    ? failure('unreadable', path, 'there is no such place')
    : failure('refused', path, answer.detail);
}

export function failedPart(failure: ProbeFailure): Extract<Part<never>, { outcome: 'failed' }> {
  return { outcome: 'failed', failure };
}

/** One attribute of sysfs without the blanks around it; null where it cannot be read or is empty. */
export async function attribute(files: Files, path: string): Promise<string | null> {
  const answer = await files.text(path, 65_536);
  return answer.kind === 'read' ? answer.value.trim() || null : null;
}

/** A 0/1 attribute of sysfs. */
export async function flag(files: Files, path: string): Promise<boolean | null> {
  const text = await attribute(files, path);
  return text === '1' ? true : text === '0' ? false : null;
}
