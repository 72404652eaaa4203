// A parent of the engine's processes, as the agent is one, that a test can kill or run in a small guest:
//   overwrite-driver.ts '<JSON of Asked>'    prints one JSON object per line
// Bundled into one file it is its own child too.
import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { createInterface } from 'node:readline';
import { OVERWRITE_CHILD, overwriteChildCommand } from '../agent/src/commands/overwrite-child.ts';
import { openForOverwrite } from '../agent/src/effects/block.ts';
import { overwriteSpawner } from '../agent/src/effects/overwrite-process.ts';
import type { OverwriteJob } from '../agent/src/sanitize/engine/job.ts';
import { type DriveProgress, startOverwrite } from '../agent/src/sanitize/engine/run.ts';

export type Asked = {
  targets: readonly {
    path: string;
    kind: 'file' | 'block';
    /** Its size is looked up where it is left out. */
    job: Omit<OverwriteJob, 'sizeBytes'> & { sizeBytes?: number };
  }[];
  /** Node's own options for the children. */
  flags?: readonly string[];
};

/** What it prints, about the n-th target. */
export type Told = { target: number } & (
  | { pid: number }
  | { progress: DriveProgress }
  | { checkpoint: Parameters<Parameters<typeof startOverwrite>[1]['checkpoint']>[0] }
  | { seen: Awaited<ReturnType<typeof startOverwrite>['seen']> }
);

if (process.argv[2] === OVERWRITE_CHILD) await overwriteChildCommand();
else await drive(JSON.parse(process.argv[2] ?? '') as Asked);

async function drive({ targets, flags = [] }: Asked): Promise<void> {
  const main = join(import.meta.dirname, '../agent/src/main.ts');
  const self = existsSync(main) ? main : import.meta.filename;
  const spawn = overwriteSpawner([process.execPath, ...flags, self, OVERWRITE_CHILD]);
  const stop = new AbortController();
  const runs = await Promise.all(
    targets.map(async ({ path, kind, job }, target) => {
      const tell = (told: object): void =>
        void process.stdout.write(`${JSON.stringify({ target, ...told })}\n`);
      const writer = await openForOverwrite(path, kind);
      const run = startOverwrite(
        { sizeBytes: sizeOf(path), ...job },
        {
          ...{ writer, spawn, signal: stop.signal },
          progress: (progress) => tell({ progress }),
          checkpoint: (checkpoint) => tell({ checkpoint }),
        },
      );
      tell({ pid: run.pid });
      return { writer, run, tell };
    }),
  );
  const orders = createInterface({ input: process.stdin }).on('line', (line) => {
    if (line === 'stop') stop.abort();
    if (line === 'pause') runs.forEach(({ run }) => run.pause());
    if (line === 'resume') runs.forEach(({ run }) => run.resume());
  });
  await Promise.all(
    runs.map(async ({ writer, run, tell }) => {
      tell({ seen: await run.seen });
      await writer.close();
    }),
  );
  orders.close();
  process.stdin.destroy();
}

function sizeOf(path: string): number {
  const size = `/sys/class/block/${basename(path)}/size`;
  return existsSync(size) ? Number(readFileSync(size, 'utf8')) * 512 : 0;
}
