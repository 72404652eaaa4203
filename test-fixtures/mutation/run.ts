// Runs children until every mutant has an outcome. One child at a time: mutants share its loaded files.
import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import { ROOT } from './loading.ts';
import type { DryRun, Order, Outcome, Told } from './words.ts';

/** A child that has tried so many is replaced: what it loaded again and again is never given back. */
const MOST_PER_CHILD = 1500;
/** A child that tells nothing of a test that long after its time hangs itself. */
const BEYOND_MS = 10_000;
/** Beyond its time a mutant is tried once more, alone, with so many times the patience, before it counts as hung. */
const SECOND_PATIENCE = 3;

/** @param tried called after each mutant */
export async function runMutants(
  order: Pick<Order, 'sources'>,
  numbers: readonly number[],
  tried: (mutant: number, outcome: Outcome) => void,
): Promise<{ dryRun: DryRun; outcomes: Map<number, Outcome> }> {
  const dryRun = await dry(order);
  const outcomes = new Map<number, Outcome>();
  const hung: number[] = [];
  const left = [...numbers];
  const settle = (mutant: number, outcome: Outcome): void => {
    outcomes.set(mutant, outcome);
    tried(mutant, outcome);
  };
  while (left.length > 0) {
    const todo = left.slice(0, MOST_PER_CHILD);
    await batch({ ...order, dryRun, todo, patience: 1 }, (mutant, outcome) => {
      left.splice(left.indexOf(mutant), 1);
      if (outcome.kind === 'late') hung.push(mutant);
      else settle(mutant, outcome);
    });
  }
  for (const mutant of hung) {
    await batch({ ...order, dryRun, todo: [mutant], patience: SECOND_PATIENCE }, settle);
  }
  return { dryRun, outcomes };
}

async function dry(order: Pick<Order, 'sources'>): Promise<DryRun> {
  let found: DryRun | null = null;
  await talk({ ...order, dryRun: null, todo: [], patience: 1 }, (told) => {
    if (told.tell === 'dry-run') found = told.dryRun;
  });
  if (!found) throw new Error('the tests without any mutant did not come to their end');
  return found;
}

/** One child, until it is finished, hangs or dies; in the end the mutant that it was at has an outcome too. */
async function batch(order: Order, ended: (mutant: number, outcome: Outcome) => void): Promise<void> {
  let at: number | null = null;
  let timer: NodeJS.Timeout | undefined;
  await talk(order, (told, child) => {
    clearTimeout(timer);
    if (told.tell === 'begun') {
      at = told.mutant;
      timer = setTimeout(() => child.kill('SIGKILL'), told.boundMs + BEYOND_MS);
    }
    if (told.tell === 'ended') {
      at = null;
      ended(told.mutant, told.outcome);
    }
  });
  clearTimeout(timer);
  if (at !== null) ended(at, { kind: 'late', by: 'the whole process' });
}

function talk(order: Order, heard: (told: Told, child: ChildProcess) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = fork(join(import.meta.dirname, 'child.ts'), [], {
      cwd: ROOT,
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      execArgv: ['--disable-warning=ExperimentalWarning', '--max-old-space-size=3000'],
    });
    let broken: string | null = null;
    child.on('message', (told: Told) => {
      if (told.tell === 'broken') broken = told.what;
      heard(told, child);
    });
    child.once('error', reject);
    child.once('exit', () => (broken === null ? resolve() : reject(new Error(broken))));
    child.send(order);
  });
}
