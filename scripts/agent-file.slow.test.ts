import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { defaultLimits } from '../agent/src/decide/give-up.ts';
import { openForOverwrite } from '../agent/src/effects/block.ts';
import { overwriteSpawner } from '../agent/src/effects/overwrite-process.ts';
import { USUAL } from '../agent/src/sanitize/engine/job.ts';
import { startOverwrite } from '../agent/src/sanitize/engine/run.ts';
import { newStreamKey } from '../agent/src/sanitize/key-stream.ts';
import { type Scratch, scratch } from '../test-fixtures/scratch.ts';
import { type AgentFile, buildAgentFile } from './agent-file.ts';

const run = promisify(execFile);
const vectors = join(import.meta.dirname, '..', 'agent', 'protocol', 'vectors');

describe('the agent as one file', () => {
  let folder: Scratch;
  let agent: AgentFile;
  beforeAll(async () => {
    folder = scratch();
    agent = await buildAgentFile(folder.path);
    return () => folder[Symbol.dispose]();
  });

  it('runs with nothing around it: no Node, no PATH, no packages', async () => {
    const bare = { cwd: '/', env: { PATH: '/nonexistent' } };
    const { version } = JSON.parse(
      await readFile(join(import.meta.dirname, '../agent/package.json'), 'utf8'),
    );
    expect((await run(agent.path, ['--version'], bare)).stdout).toBe(`${version}\n`);
    const args = [
      'verify',
      join(vectors, 'record-rehearsal.json'),
      '--trust',
      join(vectors, 'trust.json'),
      '--json',
    ];
    const { stdout } = await run(agent.path, args, bare);
    expect(JSON.parse(stdout)).toMatchObject({ kind: 'record', status: 'valid' });
  });

  it('takes no orders from NODE_OPTIONS', async () => {
    const env = { NODE_OPTIONS: '--import data:text/javascript,process.exit(42)' };
    await expect(run(agent.path, ['--version'], { env })).resolves.toBeDefined();
  });

  it('overwrites a target in a process of its own, which is itself', async () => {
    using medium = scratch();
    const path = join(medium.path, 'drive.img');
    const sizeBytes = 8 * 1024 * 1024;
    await writeFile(path, new Uint8Array(sizeBytes).fill(0xa5));
    const pattern = { kind: 'keyed', algorithm: 'aes-256-ctr', keyHex: newStreamKey() } as const;
    const writer = await openForOverwrite(path, 'file');
    const { seen } = startOverwrite(
      {
        ...{ sizeBytes, logicalSectorBytes: 512, ...USUAL, passes: [pattern], resume: null },
        readBack: { extent: { kind: 'full' }, expected: pattern },
        limits: defaultLimits(sizeBytes),
      },
      {
        ...{ writer, spawn: overwriteSpawner([agent.path, 'overwrite-child']) },
        ...{ progress: () => {}, checkpoint: () => {}, signal: new AbortController().signal },
      },
    );
    expect(await seen).toMatchObject({ readBack: { matchedBytes: sizeBytes }, stopped: null });
    await writer.close();
    expect((await run(agent.path, ['--help'])).stdout).not.toContain('overwrite-child');
    await expect(run(agent.path, ['overwrite-child'])).rejects.toMatchObject({ code: 2 });
  });

  it('is the same, byte for byte, when it is built again', async () => {
    using other = scratch();
    expect((await buildAgentFile(other.path)).sha256).toBe(agent.sha256);
  });
});
