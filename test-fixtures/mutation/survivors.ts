// Survivors that were looked at, one by one, with the reason why no test notices them.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Mutant } from './mutants.ts';

/** A mutant as a person finds it again after lines have moved. */
export type Key = { within: string; line: string; from: string; to: string };

type Explanation = { path: string; why: string; mutants: Key[] };

const LONGEST = 100;

/** @param lines of the file, as it was written */
export function keyOf({ within, line, from, to }: Mutant, lines: readonly string[]): Key {
  return { within, line: short(lines[line - 1] ?? ''), from: short(from), to: short(to) };
}

function short(text: string): string {
  const flat = text.replaceAll(/\s+/g, ' ').trim();
  return flat.length <= LONGEST ? flat : `${flat.slice(0, LONGEST)}…`;
}

export function readExplanations(): Explanation[] {
  return JSON.parse(readFileSync(join(import.meta.dirname, 'survivors.json'), 'utf8')) as Explanation[];
}

/** As the file of explanations would hold them, once somebody wrote why. */
export function toBeExplained(survivors: readonly Survivor[]): Explanation[] {
  const byPath = Map.groupBy(survivors, ({ path }) => path);
  return Array.from(byPath, ([path, each]) => ({ path, why: '', mutants: each.map(({ key }) => key) }));
}

export type Survivor = { path: string; key: Key };

/** Which survivors nobody explained, and which explanations speak of no survivor of the files that were tried. */
export function heldAgainst(
  explanations: readonly Explanation[],
  survivors: readonly Survivor[],
  tried: ReadonlySet<string>,
): { unexplained: Survivor[]; stale: Survivor[] } {
  const text = ({ path, key }: Survivor): string =>
    JSON.stringify([path, key.within, key.line, key.from, key.to]);
  const explained = explanations.flatMap(({ path, mutants }) => mutants.map((key) => ({ path, key })));
  const known = new Set(explained.map(text));
  const alive = new Set(survivors.map(text));
  return {
    unexplained: survivors.filter((each) => !known.has(text(each))),
    stale: explained.filter((each) => tried.has(each.path) && !alive.has(text(each))),
  };
}
