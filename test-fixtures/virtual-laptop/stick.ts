// A USB stick, from the host's side: the file, and what is on its FAT partition.
import { spawnSync } from 'node:child_process';
import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { copySparse } from './copy.ts';
import { LaptopError } from './describe.ts';
import { ensureVirtualLaptop } from './ensure.ts';

/** Another computer's view of the stick: only while no laptop runs from it. */
export type StickFiles = {
  read(path: string): Buffer;
  text(path: string): string;
  write(path: string, content: string | Uint8Array): void;
  /** Names in a folder; folders end in `/`. */
  list(path: string): string[];
  exists(path: string): boolean;
  remove(path: string): void;
  makeFolder(path: string): void;
};

export type Stick = { path: string; files: StickFiles };

/** A private copy of a stick's image. It outlives the laptops that it is put into. */
export function makeStick(from: string, folder: string, name = 'stick.img'): Stick {
  const path = join(folder, name);
  ensureVirtualLaptop();
  copySparse(from, path);
  return { path, files: stickFiles(path) };
}

/** @param image a raw image of a disk with a partition table, or of a FAT file system alone */
export function stickFiles(image: string): StickFiles {
  const drive = `${image}@@${fatOffset(image)}`;
  const run = (program: string, args: string[], input?: Uint8Array): Buffer => {
    const options = {
      input,
      maxBuffer: 2 ** 30,
      env: { MTOOLS_SKIP_CHECK: '1', PATH: '/usr/bin:/bin', LC_ALL: 'C.UTF-8' },
    };
    const done = spawnSync(program, ['-i', drive, ...args], options);
    if (done.status === 0) return done.stdout;
    const why = done.error?.message ?? done.stderr.toString().trim();
    throw new LaptopError('bad-file', `${program} ${args.join(' ')}: ${why}`);
  };
  const read = (path: string): Buffer => run('mtype', [on(path)]);
  const list = (path: string): string[] =>
    run('mdir', ['-b', '-a', on(path)])
      .toString()
      .split('\n')
      .map((line) =>
        line
          .replace(/^::\/?/, '')
          .replace(on(path).slice(3), '')
          .replace(/^\//, ''),
      )
      .filter((name) => name !== '');
  return {
    read,
    text: (path) => read(path).toString(),
    write: (path, content) => void run('mcopy', ['-o', '-', on(path)], Buffer.from(content)),
    list,
    exists(path) {
      try {
        run('mdir', ['-b', '-a', on(path)]);
        return true;
      } catch {
        return false;
      }
    },
    remove: (path) => void run('mdel', [on(path)]),
    makeFolder: (path) => void run('mmd', ['-D', 's', on(path)]),
  };
}

function on(path: string): string {
  return `::/${path.replace(/^\/+/, '')}`;
}

const FAT = new Set([0x01, 0x04, 0x06, 0x0b, 0x0c, 0x0e, 0xef]);

/** Where the first FAT partition begins, in bytes; 0 when the image is a file system without a table. */
export function fatOffset(image: string): number {
  if (statSync(image).size < 512) throw new LaptopError('bad-file', `not an image of a stick: ${image}`);
  const boot = Buffer.alloc(512);
  const file = openSync(image, 'r');
  readSync(file, boot, 0, 512, 0);
  closeSync(file);
  for (let entry = 446; entry < 510; entry += 16)
    if (FAT.has(boot[entry + 4]!) && boot.readUInt32LE(entry + 12) > 0)
      return boot.readUInt32LE(entry + 8) * 512;
  return 0;
}
