// The story of an image: packages → system tree → parts → stick, ISO, netboot folder, and what they are made of.
import { createHash } from 'node:crypto';
import { cp, chmod, copyFile, mkdir, readFile, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BuildError } from './build-error.ts';
import { type Deb, installedPackages, publicFacts } from './deb.ts';
import { fetchDebs, readDebs } from './debs.ts';
import { SECTOR, diskHead, writeDisk } from './disk.ts';
import { parsePackages } from './lists.ts';
import { type Numbers, numbersOf, serialOf } from './numbers.ts';
import { run } from './run.ts';
import { agentPackages, bootParts, makeSbom, parseLicences } from './sbom.ts';
import { type SystemParts, assemble, makeSystem } from './trees.ts';

const room = import.meta.dirname;
/** Of the whole stick image. A stick of 1 GB holds it, and two slots and the spool fit in it. */
const STICK_MIB = 796;
/** What must stay free beside two slots: boot files, and records of many weeks without a server. */
const SPARE_MIB = 64;
const MIB = 1024 * 1024;
const COMPRESSION = { level: 15, block: '128K' };

export type Request = {
  /** Where the finished files go; it appears only when they are all there. */
  folder: string;
  /** A folder with `system` and `workbench` in it; filled from the archive unless `refetch` is false. */
  debs: string;
  refetch: boolean;
  agent: { path: string; sha256: string };
  version: string;
  nodeVersion: string;
  /** Seconds since 1970 of the sources. */
  sourceDate: number;
  lockfile: string;
  say: (line: string) => void;
};

export async function buildImage(request: Request): Promise<void> {
  const { folder, debs, say } = request;
  const work = `${folder}.work`;
  await rm(work, { recursive: true, force: true });
  await mkdir(work, { recursive: true });
  try {
    const lists = await packageLists();
    if (request.refetch) await fetch(work, debs, lists, say);
    const sets = {
      system: await readDebs(join(debs, 'system')),
      workbench: await readDebs(join(debs, 'workbench')),
    };
    const built = [...sets.system, ...sets.workbench].map((deb) => deb.builtAt);
    const numbers = numbersOf(serialOf(request.sourceDate, built));
    const common = { epoch: numbers.serial, say };
    say('système / system');
    const payload = await stagePayload(work, request, numbers.serial);
    const system = await makeSystem(work, { debs: sets.system, packages: lists.system, payload, ...common });
    say('atelier / workbench');
    const input = await stageInput(work, request, numbers, system);
    const parts = join(work, 'parts');
    await assemble({
      ...{ debs: sets.workbench, packages: lists.workbench, input, output: parts, tar: system.tar },
      ...common,
    });
    say('clé / stick');
    await finish(join(work, 'image'), parts, request, numbers, system, sets);
    await rm(folder, { recursive: true, force: true });
    await rename(join(work, 'image'), folder);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

type Lists = { system: string[]; workbench: string[] };
type Sets = { system: Deb[]; workbench: Deb[] };

async function packageLists(): Promise<Lists> {
  const read = async (name: string): Promise<string[]> =>
    parsePackages(await readFile(join(room, 'lists', `${name}.packages`), 'utf8'));
  return { system: await read('system'), workbench: await read('workbench') };
}

async function fetch(work: string, debs: string, lists: Lists, say: Request['say']): Promise<void> {
  say('paquets Debian / Debian packages');
  const wanted = (['system', 'workbench'] as const).map((tree) => ({
    packages: lists[tree],
    folder: join(debs, tree),
  }));
  await fetchDebs(work, wanted, say);
}

/** What goes into the system tree, with modes that do not depend on who checked the sources out. */
async function stagePayload(work: string, { agent, version }: Request, serial: number): Promise<string> {
  const payload = join(work, 'payload');
  await cp(join(room, 'overlay'), join(payload, 'overlay'), { recursive: true });
  await cp(join(room, 'lists'), join(payload, 'lists'), { recursive: true });
  for (const hook of ['system.sh', 'licences.sh'])
    await copyFile(join(room, 'hooks', hook), join(payload, hook));
  await copyFile(agent.path, join(payload, 'rebond'));
  await writeFile(
    join(payload, 'image.json'),
    `${JSON.stringify({ version, serial, agentSha256: agent.sha256 })}\n`,
  );
  await plainModes(payload);
  return payload;
}

async function stageInput(
  work: string,
  request: Request,
  numbers: Numbers,
  system: SystemParts,
): Promise<string> {
  const input = join(work, 'in');
  await cp(join(room, 'boot'), join(input, 'boot'), { recursive: true });
  for (const hook of ['assemble.sh', 'licences.sh'])
    await copyFile(join(room, 'hooks', hook), join(input, hook));
  await copyFile(system.vmlinuz, join(input, 'vmlinuz'));
  await copyFile(system.initrd, join(input, 'initrd.img'));
  const cmdline = (await readFile(join(room, 'boot/cmdline'), 'utf8')).trim();
  const facts = {
    SERIAL: numbers.serial,
    VERSION: request.version,
    AGENT: request.agent.sha256,
    FAT_ID: numbers.fatId,
    GPT_GUID: numbers.gptGuid,
    ISO_DATE: numbers.isoDate,
    SIZE_MIB: STICK_MIB,
    SQUASHFS_LEVEL: COMPRESSION.level,
    SQUASHFS_BLOCK: COMPRESSION.block,
    CMDLINE: cmdline,
  };
  const lines = Object.entries(facts).map(([name, value]) => `${name}='${value}'\n`);
  await writeFile(join(input, 'facts.sh'), lines.join(''));
  await plainModes(input);
  return input;
}

async function plainModes(folder: string): Promise<void> {
  await chmod(folder, 0o755);
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    const executable = entry.isDirectory() || ((await stat(path)).mode & 0o100) !== 0;
    await chmod(path, executable ? 0o755 : 0o644);
  }
}

async function finish(
  image: string,
  parts: string,
  request: Request,
  numbers: Numbers,
  system: SystemParts,
  sets: Sets,
): Promise<void> {
  await mkdir(image, { recursive: true });
  const at = (name: string): string => join(image, name);
  const partition = join(parts, 'stick.fat');
  const head = diskHead({
    boot: await readFile(join(parts, 'boot.img')),
    core: await readFile(join(parts, 'core.img')),
    partitionSectors: (await stat(partition)).size / SECTOR,
    diskId: numbers.diskId,
  });
  await writeDisk(at('rebond.img'), head, partition);
  for (const name of ['rebond.iso', 'manifest.json', 'netboot']) await rename(join(parts, name), at(name));
  await checkSlot(at('netboot'));
  await copyFile(system.font, at('console.psf'));
  await copyFile(request.agent.path, at('rebond'));
  await chmod(at('rebond'), 0o755);
  await copyFile(at('netboot/manifest.json'), at('manifest.json'));
  await describe(image, parts, request, numbers, system, sets);
}

/** @throws BuildError `too-big` when two slots would not fit on the stick */
async function checkSlot(netboot: string): Promise<void> {
  let bytes = 0;
  for (const name of ['vmlinuz', 'initrd.img', 'filesystem.squashfs'])
    bytes += (await stat(join(netboot, name))).size;
  const slotMib = Math.ceil(bytes / MIB);
  if (2 * slotMib + SPARE_MIB <= STICK_MIB) return;
  throw new BuildError(
    'too-big',
    `Un système de ${slotMib} Mio ne tient pas deux fois sur une clé de ${STICK_MIB} Mio.`,
    `A system of ${slotMib} MiB does not fit twice on a stick of ${STICK_MIB} MiB.`,
  );
}

async function describe(
  image: string,
  parts: string,
  request: Request,
  { serial }: Numbers,
  system: SystemParts,
  sets: Sets,
) {
  const text = (name: string): Promise<string> => readFile(join(parts, name), 'utf8');
  const installed = installedPackages(await run(['tar', '-xOf', system.tar, './var/lib/dpkg/status']));
  const squashfs = await readFile(join(image, 'netboot/filesystem.squashfs'));
  const sbom = makeSbom({
    version: request.version,
    serial,
    imageSha256: createHash('sha256').update(squashfs).digest('hex'),
    agentSha256: request.agent.sha256,
    nodeVersion: request.nodeVersion,
    // apt made the tree and is not in it any more.
    debs: publicFacts(sets.system).filter(({ name }) => installed.has(name)),
    boot: bootParts(await text('boot-parts.tsv'), publicFacts(sets.workbench)),
    licences: parseLicences(`${await readFile(system.licences, 'utf8')}\n${await text('boot-licences.tsv')}`),
    npm: agentPackages(JSON.parse(request.lockfile)),
  });
  const debs = {
    schema: 'rebond.debs/1',
    system: publicFacts(sets.system),
    workbench: publicFacts(sets.workbench),
  };
  await writeFile(join(image, 'sbom.cdx.json'), `${JSON.stringify(sbom, null, 1)}\n`);
  await writeFile(join(image, 'debs.json'), `${JSON.stringify(debs, null, 1)}\n`);
}
