import { clip, PARAGRAPH_MAX, type ProbeFailure } from '@rebond/protocol';

/** What a parser gives: a value, or why there is none. No parser throws. */
export type Parsed<T> = { kind: 'parsed'; value: T } | { kind: 'failed'; failure: ProbeFailure };

export function parsed<T>(value: T): Parsed<T> {
  return { kind: 'parsed', value };
}

/** @param detail what the tool printed or what is wrong with it; hostile, clipped here */
export function failure(code: ProbeFailure['code'], source: string, detail: string): ProbeFailure {
  return { code, source: clip(source), detail: clip(detail.trim(), PARAGRAPH_MAX) };
}

export function failed(
  code: ProbeFailure['code'],
  source: string,
  detail: string,
): { kind: 'failed'; failure: ProbeFailure } {
  return { kind: 'failed', failure: failure(code, source, detail) };
}

/** A decimal integer that JSON can carry exactly; null for anything else, `12abc` and 2^53 among them. */
export function integer(text: string | null | undefined): number | null {
  if (text === null || text === undefined || !/^\s*[+-]?\d{1,16}\s*$/.test(text)) return null;
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : null;
}
