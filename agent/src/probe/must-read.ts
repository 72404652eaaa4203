import type { Files, ReadResult } from '../effects/types.ts';

/** A place that must be readable was not: nothing may be concluded from the others. */
export class Unreadable extends Error {
  override name = 'Unreadable';
}

export async function mustRead(files: Files, path: string): Promise<string> {
  return must(await files.text(path), path);
}

export async function mustList(files: Files, path: string): Promise<string[]> {
  return must(await files.list(path), path);
}

/** Null where there truly is no such place. */
export async function mayRead(files: Files, path: string): Promise<string | null> {
  const result = await files.text(path);
  return result.kind === 'absent' ? null : must(result, path);
}

export async function mayList(files: Files, path: string): Promise<string[] | null> {
  const result = await files.list(path);
  return result.kind === 'absent' ? null : must(result, path);
}

function must<T>(result: ReadResult<T>, path: string): T {
  if (result.kind !== 'read') throw new Unreadable(path);
  return result.value;
}
