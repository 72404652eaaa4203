// Stands in for vitest's collector inside the child: the same tests, kept as functions that can be run again and again.
// `expect` and `vi` are vitest's own.
import { expect, vi } from 'vitest';

export { expect, vi };

type Hook = (...values: unknown[]) => unknown;
type Add = (name: string, ...rest: unknown[]) => void;
type Suite = { name: string; parent: Suite | null; skipped: boolean; hooks: Record<HookName, Hook[]> };
type HookName = 'beforeAll' | 'beforeEach' | 'afterEach' | 'afterAll';

/** One test of a file, in the order of the file. */
export type Test = { name: string; run: () => Promise<void> };

type Collected = Test & { skipped: boolean };

let suite: Suite | null = null;
let tests: Collected[] | null = null;

/** @returns the tests that importing a test file makes; what it throws is that of the import */
export async function collect(load: () => Promise<unknown>): Promise<Test[]> {
  const own: Collected[] = [];
  [suite, tests] = [newSuite('', null, false), own];
  try {
    await load();
  } finally {
    [suite, tests] = [null, null];
  }
  return own.filter(({ skipped }) => !skipped);
}

function newSuite(name: string, parent: Suite | null, skipped: boolean): Suite {
  return { name, parent, skipped, hooks: { beforeAll: [], beforeEach: [], afterEach: [], afterAll: [] } };
}

function addSuite(skipped: boolean): Add {
  return (name, ...rest) => {
    const outer = suite;
    suite = newSuite(name, outer, skipped || outer?.skipped === true);
    bodyOf(name, rest)();
    suite = outer;
  };
}

function addTest(skipped: boolean): Add {
  return (name, ...rest) => {
    const body = bodyOf(name, rest);
    if (!tests || !suite) throw new Error(`${name}: a test outside a test file`);
    const own = suite;
    const whole = [...suitesOf(own).map((each) => each.name), name].filter((each) => each !== '').join(' › ');
    tests.push({ name: whole, skipped: skipped || own.skipped, run: () => runTest(own, body) });
  };
}

/** Options may come before it, a time limit after it. */
function bodyOf(name: string, rest: readonly unknown[]): Hook {
  const body = rest.find((each) => typeof each === 'function');
  if (!body) throw new Error(`${name} has no body`);
  return body as Hook;
}

/** From the outermost to the innermost. */
function suitesOf(suite: Suite | null): Suite[] {
  return suite === null ? [] : [...suitesOf(suite.parent), suite];
}

/** What is prepared for all tests of a suite is prepared for this one alone: it may be what the mutant changes. */
async function runTest(own: Suite, body: Hook): Promise<void> {
  const suites = suitesOf(own);
  const call = async (name: HookName): Promise<void> => {
    for (const each of suites) for (const hook of each.hooks[name]) await hook();
  };
  try {
    await call('beforeAll');
    await call('beforeEach');
    await body();
  } finally {
    suites.reverse();
    await call('afterEach');
    await call('afterAll');
  }
}

function addHook(name: HookName): (hook: Hook) => void {
  return (hook) => {
    if (!suite) throw new Error(`${name} outside a test file`);
    suite.hooks[name].push(hook);
  };
}

/** `it.each(rows)('… %s', (…row) => …)`: a row that is a list is spread. */
function each(add: Add): (rows: readonly unknown[]) => (name: string, ...rest: unknown[]) => void {
  return (rows) =>
    (name, ...rest) => {
      const body = bodyOf(name, rest);
      for (const [index, row] of rows.entries()) {
        add(`${name} [${index}]`, () => (Array.isArray(row) ? body(...(row as unknown[])) : body(row)));
      }
    };
}

const withEach = (add: (skipped: boolean) => Add) =>
  Object.assign(add(false), {
    each: each(add(false)),
    skip: add(true),
    skipIf: (skipped: unknown) => add(Boolean(skipped)),
  });

export const describe = withEach(addSuite);
export const it = withEach(addTest);
export const beforeAll = addHook('beforeAll');
export const beforeEach = addHook('beforeEach');
export const afterEach = addHook('afterEach');
export const afterAll = addHook('afterAll');
