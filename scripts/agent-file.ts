// `npm run agent-file`: the agent as one executable file that needs nothing installed, for any x86-64 Linux.
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { copyFile, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { ensure, whatToInstall } from './debian-packages.ts';

const run = promisify(execFile);
const root = join(import.meta.dirname, '..');

export type AgentFile = { path: string; sha256: string };

/**
 * Bundles the agent and puts it into a copy of the project's own Node, whose symbols are stripped first. The same
 * sources give the same bytes, whatever the folder of the checkout: for that there is no V8 code cache in it, which
 * would save 40 ms of start and differs from one build to the next.
 * @throws Error with a sentence for a person when `strip` is not there
 */
export async function buildAgentFile(folder = join(root, 'build', 'agent')): Promise<AgentFile> {
  const lacking = ensure([{ program: 'strip', package: 'binutils' }], (line) => console.error(line));
  if (lacking.length > 0) throw new Error(whatToInstall(lacking));
  const work = join(folder, `work-${process.pid}`);
  await mkdir(work, { recursive: true });
  try {
    await bundle(join(work, 'agent.mjs'));
    await copyFile(process.execPath, join(work, 'node'));
    await run('strip', ['node'], { cwd: work });
    await writeFile(join(work, 'sea.json'), JSON.stringify(SETTINGS));
    await run(process.execPath, ['--build-sea', 'sea.json'], { cwd: work });
    const path = join(folder, 'rebond');
    await rename(join(work, SETTINGS.output), path);
    return { path, sha256: await sha256Of(path) };
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function bundle(outfile: string): Promise<void> {
  await build({
    absWorkingDir: root,
    entryPoints: ['agent/src/main.ts'],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node26',
    legalComments: 'none',
    logLevel: 'error',
    // CommonJS libraries inside ask for Node's own modules by `require`, which a module does not have.
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(process.execPath);",
    },
  });
}

/**
 * Names without folders: the file holds them. `execArgvExtension: none`: neither NODE_OPTIONS nor an option of Node's
 * may change what the agent does.
 */
const SETTINGS = {
  ...{ main: 'agent.mjs', mainFormat: 'module', executable: 'node', output: 'rebond' },
  ...{ disableExperimentalSEAWarning: true, useCodeCache: false, execArgvExtension: 'none' },
};

async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path, { highWaterMark: 1024 * 1024 }), hash);
  return hash.digest('hex');
}

if (import.meta.main) {
  const { path, sha256 } = await buildAgentFile();
  console.log(`${sha256}  ${path}`);
}
