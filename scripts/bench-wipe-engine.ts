// The engine as the agent runs it: the built agent file, one process for each drive.
import { readFileSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import type { OverwritePattern, OverwriteSeen } from '../agent/src/sanitize/engine/words.ts';
import { defaultLimits } from '../agent/src/decide/give-up.ts';
import { openForOverwrite } from '../agent/src/effects/block.ts';
import { overwriteSpawner, type SpawnOverwrite } from '../agent/src/effects/overwrite-process.ts';
import { USUAL } from '../agent/src/sanitize/engine/job.ts';
import { startOverwrite } from '../agent/src/sanitize/engine/run.ts';
import { newStreamKey } from '../agent/src/sanitize/key-stream.ts';
import { type Usage, usageOf } from './bench-wipe-tools.ts';

type Wiped = Usage & {
  /** Of the pass, its flush included, and of the read-back. */
  writeSeconds: number;
  readSeconds: number;
};

export type Wipe = (device: string, what: 'zero' | 'keyed', cgroup?: string) => Promise<Wiped>;

/** @param agent the agent as one file */
export function wiper(agent: string): Wipe {
  return async (device, what, cgroup) => {
    const sizeBytes = Number(readFileSync(`/sys/block/${basename(device)}/size`, 'utf8')) * 512;
    const pattern: OverwritePattern =
      what === 'zero'
        ? { kind: 'zero' }
        : { kind: 'keyed', algorithm: 'aes-256-ctr', keyHex: newStreamKey() };
    const writer = await openForOverwrite(device, 'block');
    const usage = { before: 0, after: { cpuSeconds: 0, peakRssMiB: 0 } };
    const { pid, seen } = startOverwrite(
      {
        ...{ sizeBytes, logicalSectorBytes: 512, ...USUAL, passes: [pattern], resume: null },
        readBack: what === 'zero' ? null : { extent: { kind: 'full' }, expected: pattern },
        limits: defaultLimits(sizeBytes),
      },
      {
        ...{ writer, spawn: measured(overwriteSpawner([agent, 'overwrite-child']), usage) },
        ...{ progress: () => {}, checkpoint: () => {}, signal: new AbortController().signal },
      },
    );
    if (cgroup) writeFileSync(`${cgroup}/cgroup.procs`, String(pid));
    const { pass, readBack } = whole(await seen, sizeBytes, what);
    await writer.close();
    return {
      writeSeconds: pass.durationMs / 1000,
      readSeconds: (readBack?.durationMs ?? 0) / 1000,
      cpuSeconds: usage.after.cpuSeconds - usage.before,
      peakRssMiB: usage.after.peakRssMiB,
    };
  };
}

/** Figures of work that was not done would be worth nothing. */
function whole({ passes: [pass], readBack, stopped }: OverwriteSeen, size: number, what: 'zero' | 'keyed') {
  const read = what === 'zero' || (readBack?.matchedBytes === size && readBack.direct);
  if (!pass?.flushed || pass.bytes !== size || stopped || !read)
    throw new Error(`not overwritten: ${stopped?.en}`);
  return { pass, readBack };
}

/** What a process used, from its job to its end: not for starting, which does not grow with the drive. */
function measured(spawn: SpawnOverwrite, usage: { before: number; after: Usage }): SpawnOverwrite {
  return (descriptor) => {
    const child = spawn(descriptor);
    return {
      ...child,
      send(line) {
        if (line.includes('"begin"')) usage.before = usageOf(child.pid)?.cpuSeconds ?? 0;
        child.send(line);
      },
      kill() {
        usage.after = usageOf(child.pid) ?? usage.after;
        child.kill();
      },
    };
  };
}
