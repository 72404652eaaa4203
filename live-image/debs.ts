// The set of .deb files of which a tree is made: fetched once by apt, which verifies Debian's signature, then kept.
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { copyFile, link, mkdir, open, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { type Archive, type Part, TARGETS_FORMAT, parseTargets, sourcesList } from './archive.ts';
import { BuildError } from './build-error.ts';
import { type Deb, builtAt, toDeb } from './deb.ts';
import { run, tryRun } from './run.ts';

type Say = (line: string) => void;
type Fetch = { packages: readonly string[]; folder: string };

/** Fetches what the lists of packages need into their folders, each of which then holds exactly that. */
export async function fetchDebs(work: string, wanted: readonly Fetch[], say: Say): Promise<void> {
  const apt = await prepareApt(work, say);
  for (const { packages, folder } of wanted) await fetchSet(apt, packages, folder);
}

/** All .deb files of a folder, in the order of their names. */
export async function readDebs(folder: string): Promise<Deb[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.deb')).sort();
  if (names.length === 0)
    throw new BuildError('bad-debs', `Aucun paquet dans ${folder}.`, `No package in ${folder}.`);
  const debs: Deb[] = [];
  for (const name of names) debs.push(await readDeb(join(folder, name)));
  return debs;
}

async function readDeb(path: string): Promise<Deb> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path, { highWaterMark: 1024 * 1024 }), hash);
  const { size } = await stat(path);
  await using file = await open(path);
  const { buffer } = await file.read(Buffer.alloc(68), 0, 68, 0);
  const control = await run(['dpkg-deb', '--field', path]);
  return toDeb({ path, sizeBytes: size, sha256: hash.digest('hex'), builtAt: builtAt(buffer) }, control);
}

type Apt = { options: string[]; archives: string };

/** An apt with its own state: the machine's settings and proxies apply, the machine's packages do not. */
async function prepareApt(work: string, say: Say): Promise<Apt> {
  const state = join(work, 'apt');
  for (const part of ['lists/partial', 'archives/partial', 'etc'])
    await mkdir(join(state, part), { recursive: true });
  await writeFile(join(state, 'status'), '');
  const list = join(state, 'etc/sources.list');
  const settings = {
    'Dir::State': state,
    'Dir::State::lists': join(state, 'lists'),
    'Dir::State::status': join(state, 'status'),
    'Dir::Cache': state,
    'Dir::Cache::archives': join(state, 'archives'),
    'Dir::Etc::preferences': '/dev/null',
    'Dir::Etc::preferencesparts': '/dev/null',
    'APT::Architecture': 'amd64',
    'APT::Architectures': 'amd64',
    'APT::Install-Recommends': 'false',
    'Acquire::Languages': 'none',
    'APT::Sandbox::User': '',
    'Debug::NoLocking': 'true',
  };
  const base = Object.entries(settings).flatMap(([name, value]) => ['-o', `${name}=${value}`]);
  const options = [...base, '-o', `Dir::Etc::sourcelist=${list}`, '-o', 'Dir::Etc::sourceparts=/dev/null'];
  await update(await archiveOf(base), options, list, say);
  return { options, archives: join(state, 'archives') };
}

/** The machine's own lists say where Debian is; a machine that has none yet fetches them into this apt's state. */
async function archiveOf(base: readonly string[]): Promise<Archive> {
  const targets = ['indextargets', '--format', TARGETS_FORMAT, 'Created-By: Packages'];
  const { stdout } = await tryRun(['apt-get', ...targets]);
  if (/\tDebian\tDebian$/m.test(stdout)) return parseTargets(stdout);
  await tryRun(['apt-get', ...base, 'update']);
  return parseTargets((await tryRun(['apt-get', ...base, ...targets])).stdout);
}

/** A mirror may lack the updates or the security archive: then without, and said. */
async function update(archive: Archive, options: readonly string[], list: string, say: Say): Promise<void> {
  const choices: Part[][] = [
    ['main', 'updates', 'security'],
    ['main', 'updates'],
    ['main', 'security'],
    ['main'],
  ];
  for (const [index, parts] of choices.entries()) {
    await writeFile(list, sourcesList(archive, parts));
    const last = index === choices.length - 1;
    if (last) await run(['apt-get', ...options, 'update']);
    else if (
      (await tryRun(['apt-get', ...options, 'update', '-o', 'APT::Update::Error-Mode=any'])).status !== 0
    )
      continue;
    const absent = (['updates', 'security'] as const).filter(
      (part) => !parts.includes(part) || (part === 'security' && archive.security === null),
    );
    if (absent.length > 0)
      say(
        `  Sans ${absent.join(' ni ')} : l’archive n’en a pas. / Without ${absent.join(' and ')}: the archive has none.`,
      );
    return;
  }
}

async function fetchSet(
  { options, archives }: Apt,
  packages: readonly string[],
  folder: string,
): Promise<void> {
  const install = ['install', '--yes', '--no-install-recommends', '?essential', ...packages];
  const nowhere = ['-o', 'Dir::Cache::archives=/nonexistent/'];
  const planned = await run(['apt-get', ...options, ...nowhere, '--print-uris', ...install]);
  const names = Array.from(planned.matchAll(/^'[^']+' (\S+\.deb) \d+ /gm), ([, name = '']) => name);
  if (names.length === 0)
    throw new BuildError('package-missing', 'apt ne trouve aucun paquet.', 'apt finds no package.');
  await run(['apt-get', ...options, '--download-only', ...install]);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  for (const name of names) {
    const [from, to] = [join(archives, basename(name)), join(folder, basename(name))];
    await link(from, to).catch(() => copyFile(from, to));
  }
}
