// How the child loads the project: files under test with their mutants inside, `vitest` by the harness, and any file
// again, with everything that rests on it, where a mutant lives in what runs once when a file is loaded.
import { registerHooks } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

export const ROOT = join(import.meta.dirname, '..', '..');
const HARNESS = pathToFileURL(join(import.meta.dirname, 'harness.ts')).href;

/** Paths in the repository: who imports whom. */
export type Imports = [from: string, to: string][];

export type Loader = {
  /** Imports a file of the repository. @param generation 0 for the copy that all share */
  load(path: string, generation: number): Promise<unknown>;
  imports: Imports;
  /** The files that rest on this one, itself among them: those get a copy of their own in each generation. */
  restingOn(path: string): ReadonlySet<string>;
  /** Only these are loaded anew for a generation. */
  renew(paths: ReadonlySet<string>): void;
};

/** @param instrumentedText by path in the repository; called when such a file is loaded */
export function makeLoader(instrumentedText: ReadonlyMap<string, string>, known: Imports): Loader {
  const imports: Imports = [...known];
  let renewed: ReadonlySet<string> = new Set();
  registerHooks({
    resolve(specifier, context, next) {
      const parent = pathOf(context.parentURL);
      if (specifier === 'vitest' && parent?.endsWith('.test.ts')) return { url: HARNESS, shortCircuit: true };
      const found = next(specifier, context);
      const path = pathOf(found.url);
      if (path === null || parent === null) return found;
      imports.push([parent, path]);
      const generation = new URL(context.parentURL ?? HARNESS).search;
      return generation !== '' && renewed.has(path) ? { ...found, url: found.url + generation } : found;
    },
    load(url, context, next) {
      const source = instrumentedText.get(pathOf(url) ?? '');
      return source === undefined ? next(url, context) : { format: 'module', source, shortCircuit: true };
    },
  });
  return {
    load: (path, generation) =>
      import(pathToFileURL(join(ROOT, path)).href + (generation === 0 ? '' : `?${generation}`)),
    imports,
    restingOn: (path) => restingOn(path, imports),
    renew(paths) {
      renewed = paths;
    },
  };
}

/** In the repository; null for what is not the project's own. */
function pathOf(url: string | undefined): string | null {
  if (!url?.startsWith('file:')) return null;
  const path = relative(ROOT, fileURLToPath(url.split('?')[0] ?? url));
  const own =
    !path.startsWith('..') && !path.includes('node_modules') && dirname(path) !== 'test-fixtures/mutation';
  return own ? path : null;
}

function restingOn(path: string, imports: Imports): ReadonlySet<string> {
  const found = new Set([path]);
  for (let before = 0; before !== found.size;) {
    before = found.size;
    for (const [from, to] of imports) if (found.has(to)) found.add(from);
  }
  return found;
}
