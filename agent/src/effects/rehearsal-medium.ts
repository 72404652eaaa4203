import {
  access,
  constants,
  mkdir,
  open,
  readdir,
  readFile,
  realpath,
  rm,
  stat,
  truncate,
} from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { DriveIdentity, Target } from '@rebond/protocol';
import type { Run } from './types.ts';

/** Something to rehearse on: a sparse file of our own, or a loop device over it. Never a real drive. */
export type RehearsalMedium = {
  target: Target;
  kind: 'file' | 'block';
  /** The file that holds the bytes, for a loop device too. */
  file: string;
  /** Reads the identity and size again from the file system. */
  identify: () => Promise<MediumSeen | null>;
  /** Detaches and deletes it. */
  dispose: () => Promise<void>;
};

/** Files and our own loop devices have no number of this boot. */
type MediumSeen = { identity: DriveIdentity; sizeBytes: number; diskseq: null };

const SECTOR = 512;

/**
 * Makes a rehearsal medium in `folder`.
 * @param sizeBytes a multiple of 1 MiB
 * @param wantLoop `auto`: a loop device where this process may attach one, else the file itself
 */
export async function makeRehearsalMedium(
  folder: string,
  sessionId: string,
  sizeBytes: number,
  wantLoop: 'auto' | 'no',
  run: Run,
): Promise<RehearsalMedium> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  // The kernel names a loop device's file by its real path.
  const file = join(await realpath(folder), `rehearsal-${sessionId}.img`);
  const handle = await open(file, 'wx', 0o600);
  await handle.close();
  await truncate(file, sizeBytes);
  const loop = wantLoop === 'auto' && process.getuid?.() === 0 ? await attach(file, run) : null;
  const path = loop ?? file;
  const identify = () => identifyMedium(path, file, loop);
  const seen = await identify();
  if (!seen) throw new Error(`${file} cannot be read again`);
  return {
    target: {
      path,
      identity: seen.identity,
      medium: loop ? 'rehearsal-loop' : 'rehearsal-file',
      sizeBytes,
      logicalSectorBytes: SECTOR,
      diskseq: null,
    },
    kind: loop ? 'block' : 'file',
    file,
    identify,
    dispose: async () => {
      if (loop) await detach(loop, file, run);
      await rm(file, { force: true });
    },
  };
}

/** Removes what earlier sessions left here: loop devices over files of this folder, and the files. */
export async function removeLeftovers(folder: string, run: Run): Promise<void> {
  const real = await realpath(folder).catch(() => null);
  const names = real === null ? [] : await readdir(real);
  for (const name of names.filter((each) => /^rehearsal-[0-9a-f-]{36}\.img$/.test(each))) {
    const file = join(real ?? folder, name);
    for (const loop of await loopsOver(file)) await detach(loop, file, run);
    await rm(file, { force: true });
  }
}

async function attach(file: string, run: Run): Promise<string | null> {
  if (!(await may('/dev/loop-control'))) return null;
  const done = await run(['losetup', '--find', '--show', '--direct-io=on', file]);
  if (done.kind !== 'exited' || done.exitCode !== 0) return null;
  const path = new TextDecoder().decode(done.stdout).trim();
  if (!/^\/dev\/loop\d+$/.test(path)) return null;
  // The node is believed only when the kernel says that this very file is behind it.
  if ((await backingFile(basename(path))) === file) return path;
  await run(['losetup', '--detach', path]);
  return null;
}

async function detach(loop: string, file: string, run: Run): Promise<void> {
  if ((await backingFile(basename(loop))) === file) await run(['losetup', '--detach', loop]);
}

async function loopsOver(file: string): Promise<string[]> {
  const found: string[] = [];
  for (const name of (await readdir('/sys/block').catch(() => [])).filter((each) => /^loop\d+$/.test(each))) {
    if ((await backingFile(name)) === file) found.push(`/dev/${name}`);
  }
  return found;
}

async function backingFile(loopName: string): Promise<string | null> {
  try {
    return (await readFile(`/sys/block/${loopName}/loop/backing_file`, 'utf8')).trimEnd();
  } catch {
    return null; // not attached
  }
}

/** The identity of a rehearsal medium is the inode behind it: another file under the same name is another medium. */
async function identifyMedium(path: string, file: string, loop: string | null): Promise<MediumSeen | null> {
  try {
    if (loop && (await backingFile(basename(loop))) !== file) return null;
    const { dev, ino, size } = await stat(file);
    const sizeBytes = loop
      ? Number((await readFile(`/sys/block/${basename(loop)}/size`, 'utf8')).trim()) * SECTOR
      : size;
    return {
      identity: {
        transport: loop ? 'loop' : 'file',
        model: `RÉPÉTITION / REHEARSAL ${basename(path)}`.slice(0, 64),
        serial: `REHEARSAL-${dev}-${ino}`,
        wwid: null,
      },
      sizeBytes,
      diskseq: null,
    };
  } catch {
    return null;
  }
}

async function may(path: string): Promise<boolean> {
  try {
    await access(path, constants.R_OK | constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
