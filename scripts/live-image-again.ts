// Builds the live image a second time from the same .deb files, and fails unless every file of it has the same bytes.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const build = (...words: string[]): string =>
  execFileSync(process.execPath, ['scripts/live-image.ts', ...words], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
    .toString()
    .trim()
    .split('\n')
    .at(-1) ?? '';

const first = build();
mkdirSync(join(root, '.scratch'), { recursive: true });
const scratch = mkdtempSync(join(root, '.scratch/again-'));
try {
  const debs = join(root, 'build/live-image/debs');
  const second = digests(build('--out', join(scratch, 'second'), '--debs', debs));
  // An image out of the cache may be of packages that were fetched before these.
  const kept = digests(first);
  const same = kept.get('debs.json') === second.get('debs.json');
  const other = same ? kept : digests(build('--out', join(scratch, 'third'), '--debs', debs));
  const differing = compare(other, second);
  for (const name of differing) console.error(`${name}: other bytes / d’autres octets`);
  process.exitCode = differing.length === 0 ? 0 : 1;
} finally {
  rmSync(scratch, { recursive: true, force: true });
}

function digests(folder: string): Map<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((each) => each.isFile());
  return new Map(
    files.map(({ parentPath, name }) => {
      const path = join(parentPath, name);
      return [path.slice(folder.length + 1), createHash('sha256').update(readFileSync(path)).digest('hex')];
    }),
  );
}

function compare(one: Map<string, string>, other: Map<string, string>): string[] {
  const names = new Set([...one.keys(), ...other.keys()]);
  if (names.size < 10) throw new Error(`an image of ${names.size} files only`);
  return [...names].filter((name) => one.get(name) !== other.get(name)).sort();
}
