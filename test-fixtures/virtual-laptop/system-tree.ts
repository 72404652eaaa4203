// Where a small guest takes its kernel, modules, programs and libraries from: the live image itself, or any system's tree.
import { spawnSync } from 'node:child_process';
import { existsSync, globSync, mkdirSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { LaptopError } from './describe.ts';

export type SystemTree = {
  /** The kernel that goes with its modules. */
  kernel: string;
  /** The place of a file of the system on this machine, links followed within the system; null when it has none. */
  find(path: string): string | null;
  /** The version whose modules it has. */
  release: string;
};

/** A folder that holds an installed system, as a chroot would. */
export function treeOfFolder(folder: string): SystemTree {
  const [kernel] = globSync('boot/vmlinuz-*', { cwd: folder });
  const [release] = readdirSync(join(folder, 'usr/lib/modules'));
  if (!kernel || !release) throw new LaptopError('bad-file', `no kernel in ${folder}`);
  return { kernel: join(folder, kernel), release, find: (path) => within(folder, path) };
}

/** The system in a squashfs, taken out file by file as they are asked for. @param folder where they go */
export function treeOfSquashfs(squashfs: string, kernel: string, folder: string): SystemTree {
  mkdirSync(folder, { recursive: true });
  const take = (pattern: string): void => {
    const args = ['-no-progress', '-quiet', '-no-xattrs', '-force', '-dest', folder, squashfs, pattern];
    const run = spawnSync('unsquashfs', args, { encoding: 'utf8' });
    // 2: something else than a file's content could not be set, such as an owner.
    if (run.status !== 0 && run.status !== 2) throw new LaptopError('bad-file', run.stderr.trim());
  };
  take('usr/lib/modules/*/modules.*');
  const [release] = readdirSync(join(folder, 'usr/lib/modules'));
  if (!release) throw new LaptopError('bad-file', `no kernel modules in ${squashfs}`);
  const asked = new Set<string>();
  const find = (path: string): string | null => {
    const usual = path.replace(/^\/*(?:usr\/)?(bin|sbin|lib64|lib)\//, 'usr/$1/').replace(/^\/+/, '');
    if (within(folder, usual) === null && !asked.has(usual)) {
      asked.add(usual);
      // What a link of a library points to begins with its name.
      take(/\.so/.test(usual) ? `${usual}*` : usual);
    }
    return within(folder, usual);
  };
  return { kernel, release, find };
}

function within(folder: string, path: string): string | null {
  const usual = path.replace(/^\/*(?:usr\/)?(bin|sbin|lib64|lib)\//, 'usr/$1/');
  const full = join(folder, usual);
  return existsSync(full) && realpathSync(full).startsWith(realpathSync(folder)) ? realpathSync(full) : null;
}

/** The files of modules and of all that they stand on, those first; what is built in is left out. */
export function moduleFiles(tree: SystemTree, names: readonly string[]): string[] {
  const base = `usr/lib/modules/${tree.release}`;
  const read = (file: string): string[] =>
    readFileSync(tree.find(`${base}/${file}`) ?? '', 'utf8').split('\n');
  const needs = new Map<string, { path: string; on: string[] }>();
  for (const line of read('modules.dep')) {
    const [path, on] = line.split(':');
    if (path)
      needs.set(moduleName(path), { path, on: (on ?? '').split(' ').filter(Boolean).map(moduleName) });
  }
  const builtIn = new Set(read('modules.builtin').map(moduleName));
  const ordered = new Set<string>();
  const add = (name: string): void => {
    const found = needs.get(name);
    if (!found) {
      if (builtIn.has(name)) return;
      throw new LaptopError('bad-description', `no kernel module is called ${name}`);
    }
    if (ordered.has(`${base}/${found.path}`)) return;
    found.on.forEach(add);
    ordered.add(`${base}/${found.path}`);
  };
  for (const name of names) add(name.replaceAll('-', '_'));
  return [...ordered];
}

function moduleName(path: string): string {
  return (path.split('/').at(-1) ?? '').replace(/\.ko(\.\w+)?$/, '').replaceAll('-', '_');
}
