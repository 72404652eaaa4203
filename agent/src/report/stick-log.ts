import type { DurableFolder } from '../effects/durable.ts';

/** A journal's lines on the stick. What failed once is not trusted again in this session. */
export type StickLog = {
  state(): 'accepts' | 'refuses' | 'none';
  /** Whether the line is on the disk. */
  line(text: string): Promise<boolean>;
  /** What the stick failed with; else null. */
  error(): unknown;
  close(): Promise<void>;
};

/** @param withinMs a dying stick may answer after minutes, or never */
export async function stickLog(
  folder: DurableFolder | null,
  sessionId: string,
  withinMs: number,
): Promise<StickLog> {
  if (!folder) return NO_STICK;
  let failed: unknown = null;
  const attempt = async <T>(act: () => Promise<T>): Promise<T | null> => {
    try {
      return await within(act(), withinMs);
    } catch (error) {
      failed ??= error; // pulled out, full, worn out: the caller turns to the server
      return null;
    }
  };
  const opening = folder.appendTo(`${sessionId}.jsonl`);
  const log = await attempt(() => opening);
  // One that opens too late is closed: Node ends a process that forgets an open file.
  if (!log) void opening.then((late) => late.close()).catch(() => {});
  return {
    state: () => (failed === null ? 'accepts' : 'refuses'),
    line: async (text) => {
      if (failed === null) await attempt(async () => await log?.line(text));
      return failed === null;
    },
    error: () => failed,
    close: async () => void (await attempt(async () => await log?.close())),
  };
}

const NO_STICK: StickLog = {
  state: () => 'none',
  line: () => Promise.resolve(false),
  error: () => null,
  close: () => Promise.resolve(),
};

async function within<T>(work: Promise<T>, ms: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer of the stick within ${ms} ms`)), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
