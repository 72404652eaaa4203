// Inside the process that overwrites one drive.
import type { BlockWriter } from '../../effects/block.ts';
import type { MakeKeyStream } from '../../effects/openssl.ts';
import type { ParentProcess } from '../../effects/parent-process.ts';
import { startEngine } from './engine.ts';
import { Order, type OverwriteJob, type Report } from './job.ts';

export type ChildDoors = {
  parent: ParentProcess;
  writer: BlockWriter;
  keyed: MakeKeyStream;
  monotonic: () => number;
  /** Ends this process without one more request. */
  endAtOnce: () => void;
};

/**
 * Says that it is ready, waits for its one job, and does what it is told until that is done. When its orders end, or
 * one makes no sense, its parent is gone or is not the agent: it ends at once, in the middle of whatever it does.
 */
export async function overwriteChild(doors: ChildDoors): Promise<void> {
  const { parent, endAtOnce } = doors;
  const born = parent.pid();
  const stop = new AbortController();
  let run: ReturnType<typeof startEngine> | null = null;
  say(parent, { say: 'ready' });
  try {
    for await (const line of parent.lines) {
      const order = Order.parse(JSON.parse(line));
      switch (order.tell) {
        case 'begin':
          // Between its start and its asking the kernel to die with it, the parent may have gone already.
          if (run || order.parent !== born || parent.pid() !== born) return endAtOnce();
          run = begin(order.job, stop.signal, doors);
          break;
        case 'pause':
          run?.pause();
          break;
        case 'resume':
          run?.resume();
          break;
        case 'stop':
          stop.abort();
          break;
        default:
          order satisfies never;
      }
    }
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  }
  endAtOnce();
}

function begin(job: OverwriteJob, signal: AbortSignal, doors: ChildDoors): ReturnType<typeof startEngine> {
  const { parent, writer, keyed, monotonic } = doors;
  const run = startEngine(job, {
    ...{ writer, keyed, monotonic, signal },
    progress: (progress) => say(parent, { say: 'progress', ...progress }),
    checkpoint: (checkpoint) => say(parent, { say: 'checkpoint', checkpoint }),
  });
  // The parent ends the orders once it has this, and that ends the process.
  void run.seen.then((seen) => say(parent, { say: 'seen', seen }));
  return run;
}

function say(parent: ParentProcess, report: Report): void {
  parent.say(JSON.stringify(report));
}
