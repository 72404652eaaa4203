// The mutants of several files, numbered from 1 over all of them.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { instrumented } from './instrument.ts';
import { ROOT } from './loading.ts';
import { type Mutant, mutantsOf } from './mutants.ts';
import { readSource } from './syntax.ts';

export type Numbered = {
  /** The mutant of number n at n - 1. */
  all: (Mutant & { path: string })[];
  /** By path: the text with all mutants in it. */
  instrumented: Map<string, string>;
  numbersOf: (path: string) => number[];
  sourceOf: (number: number) => string;
};

/** @param paths in the repository */
export function numberedMutants(paths: readonly string[]): Numbered {
  const all: Numbered['all'] = [];
  const texts = new Map<string, string>();
  const numbers = new Map<string, number[]>();
  for (const path of paths) {
    const source = readSource(path, readFileSync(join(ROOT, path), 'utf8'));
    const mutants = mutantsOf(source);
    const first = all.length + 1;
    texts.set(path, instrumented(source, mutants, first));
    numbers.set(
      path,
      mutants.map((_, index) => first + index),
    );
    all.push(...mutants.map((mutant) => ({ ...mutant, path })));
  }
  return {
    all,
    instrumented: texts,
    numbersOf: (path) => numbers.get(path) ?? [],
    sourceOf: (number) => all[number - 1]?.path ?? '',
  };
}
