// `npm run live-image`: stick image, ISO and netboot files. Its last line is the folder that they are in.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { BuildError } from '../live-image/build-error.ts';
import { buildImage } from '../live-image/build.ts';
import { readDebs } from '../live-image/debs.ts';
import { inputsDigest } from '../live-image/inputs.ts';
import { buildAgentFile } from './agent-file.ts';
import { ensure, whatToInstall } from './debian-packages.ts';

const USAGE = `npm run live-image -- [--out DIR] [--debs DIR] [--agent FILE] [--force]
  --out DIR     les fichiers vont là / the files go there (build/live-image/…)
  --debs DIR    refaire à partir de ces paquets / rebuild from these packages (DIR/system, DIR/workbench)
  --agent FILE  cet agent-là / this agent's file instead of the built one
  --force       refaire même si l’image existe / build even if the image exists`;

const root = join(import.meta.dirname, '..');
const cache = join(root, 'build', 'live-image');
const began = performance.now();
const seconds = (): string => ((performance.now() - began) / 1000).toFixed(0).padStart(4);
const say = (line: string): void => console.error(`${seconds()} s  ▸ ${line}`);

type Options = { out?: string; debs?: string; agent?: string; force?: boolean };

try {
  console.log(await main(options()));
} catch (error) {
  if (!(error instanceof BuildError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}

function options(): Options {
  try {
    const string = { type: 'string' } as const;
    return parseArgs({ options: { out: string, debs: string, agent: string, force: { type: 'boolean' } } })
      .values;
  } catch {
    console.error(USAGE);
    process.exit(2);
  }
}

async function main({ out, debs, agent: file, force = false }: Options): Promise<string> {
  requireTools();
  if (file === undefined) say('agent');
  const agent =
    file === undefined ? await buildAgentFile() : { path: resolve(file), sha256: digestOf(resolve(file)) };
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  const given = process.env['SOURCE_DATE_EPOCH'];
  const inputs = await inputsDigest(join(root, 'live-image'), {
    agent: agent.sha256,
    node: process.version,
    version,
    epoch: given ?? '',
    debs: debs === undefined ? '' : await digestOfDebs(resolve(debs)),
  });
  const folder = out === undefined ? join(cache, inputs) : resolve(out);
  if (out === undefined && !force && existsSync(folder)) return folder;
  await buildImage({
    folder,
    debs: debs === undefined ? join(cache, 'debs') : resolve(debs),
    refetch: debs === undefined,
    agent,
    version,
    nodeVersion: process.version.slice(1),
    sourceDate: given === undefined ? commitTime() : Number(given),
    lockfile: readFileSync(join(root, 'package-lock.json'), 'utf8'),
    say,
  });
  say('fini / done');
  return folder;
}

function requireTools(): void {
  const needed = [{ program: 'mmdebstrap', package: 'mmdebstrap' }];
  if (process.getuid?.() !== 0) needed.push({ program: 'newuidmap', package: 'uidmap' });
  const lacking = ensure(needed, say);
  if (lacking.length === 0) return;
  console.error(whatToInstall(lacking));
  process.exit(1);
}

function digestOf(path: string): string {
  return createHash('sha256').update(readFileSync(path)).digest('hex');
}

async function digestOfDebs(folder: string): Promise<string> {
  const sets = [...(await readDebs(join(folder, 'system'))), ...(await readDebs(join(folder, 'workbench')))];
  return createHash('sha256')
    .update(sets.map((deb) => deb.sha256).join())
    .digest('hex');
}

/** Of the sources; an unpacked archive without git has only its packages' dates. */
function commitTime(): number {
  try {
    return Number(
      execFileSync('git', ['log', '-1', '--format=%ct'], { cwd: root, stdio: ['ignore', 'pipe', 'ignore'] }),
    );
  } catch {
    return 0;
  }
}
