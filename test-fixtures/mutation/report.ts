// What a run of mutants comes to, in words and in one object.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './loading.ts';
import type { Numbered } from './numbered.ts';
import { heldAgainst, keyOf, readExplanations, type Survivor } from './survivors.ts';
import type { Outcome } from './words.ts';

/** `timedOut` counts as killed: each of them was seen to hang. `ratio` is of all that were generated. */
type Result = {
  generated: number;
  killed: number;
  survived: number;
  timedOut: number;
  ratio: number;
  seconds: number;
};

export type Report = { result: Result; lines: string[]; unexplained: Survivor[]; stale: number };

export function reportOf(
  numbered: Numbered,
  outcomes: ReadonlyMap<number, Outcome>,
  seconds: number,
): Report {
  const of = (...kinds: Outcome['kind'][]): number[] =>
    [...outcomes]
      .flatMap(([number, { kind }]) => (kinds.includes(kind) ? [number] : []))
      .sort((a, b) => a - b);
  const [killed, timedOut, survived] = [of('killed'), of('endless', 'late'), of('survived')];
  const survivors = survived.map((number) => survivorOf(number, numbered));
  const tried = new Set([...outcomes.keys()].map((number) => numbered.sourceOf(number)));
  const { unexplained, stale } = heldAgainst(readExplanations(), survivors, tried);
  const unknown = new Set(unexplained);
  const generated = outcomes.size;
  return {
    result: {
      generated,
      killed: killed.length,
      survived: survived.length,
      timedOut: timedOut.length,
      ratio: Number(((killed.length + timedOut.length) / Math.max(1, generated)).toFixed(4)),
      seconds,
    },
    lines: [
      ...byFile(numbered, outcomes),
      ...timedOut.map((number) => `∞ ${lineOf(number, numbered, outcomes.get(number))}`),
      ...survived
        .filter((_, index) => unknown.has(survivors[index] as Survivor))
        .map((number) => `✗ not explained: ${lineOf(number, numbered, outcomes.get(number))}`),
      ...stale.map(({ path, key }) => `✗ explained, and no survivor: ${path} ${JSON.stringify(key)}`),
    ],
    unexplained,
    stale: stale.length,
  };
}

function survivorOf(number: number, { all }: Numbered): Survivor {
  const mutant = mutantAt(number, all);
  const lines = readFileSync(join(ROOT, mutant.path), 'utf8').split('\n');
  return { path: mutant.path, key: keyOf(mutant, lines) };
}

function mutantAt(number: number, all: Numbered['all']): Numbered['all'][number] {
  const mutant = all[number - 1];
  if (!mutant) throw new Error(`there is no mutant ${number}`);
  return mutant;
}

/** Where a mutant is, and what it changes. */
export function lineOf(number: number, { all }: Numbered, outcome: Outcome | undefined): string {
  const { path, line, column, within, operator, from, to } = mutantAt(number, all);
  const flat = (text: string): string => text.replaceAll(/\s+/g, ' ').slice(0, 80);
  const unseen = outcome?.kind === 'survived' && outcome.tests === 0 ? ' (no test comes here)' : '';
  return `${path}:${line}:${column} ${within} [${operator}] ${flat(from)} → ${flat(to) || 'nothing'}${unseen}`;
}

function byFile({ all }: Numbered, outcomes: ReadonlyMap<number, Outcome>): string[] {
  const groups = Map.groupBy(outcomes, ([number]) => mutantAt(number, all).path);
  return Array.from(groups, ([path, each]) => {
    const alive = each.filter(([, { kind }]) => kind === 'survived').length;
    return `${String(each.length - alive).padStart(5)} of ${String(each.length).padStart(5)} killed: ${path}`;
  });
}
