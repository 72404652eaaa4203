// One mutant against the tests that can notice it.
import { type Chooser, makeChooser } from './chooser.ts';
import { collect, type Test } from './harness.ts';
import { type Loader, makeLoader } from './loading.ts';
import { type Numbered, numberedMutants } from './numbered.ts';
import { boundOf, type DryRun, type DryTest, type Outcome, type Source } from './words.ts';

export type Bench = {
  chooser: Chooser;
  loader: Loader;
  numbered: Numbered;
  /** The tests that may notice a mutant of this file. */
  testsOf: (path: string) => ReadonlySet<string>;
  own: Map<string, Test[]>;
  /** Told before each test how long it may take, in milliseconds: it may hang in such a way that nothing here can. */
  begins: (boundMs: number) => Promise<void>;
};

export function makeBench(sources: readonly Source[], known: DryRun | null, begins: Bench['begins']): Bench {
  const chooser = makeChooser();
  const numbered = numberedMutants(sources.map(({ path }) => path));
  const tests = new Map(sources.map((each) => [each.path, new Set(each.tests)]));
  const loader = makeLoader(numbered.instrumented, known?.imports ?? []);
  return {
    chooser,
    numbered,
    loader,
    own: new Map(),
    testsOf: (path) => tests.get(path) ?? new Set(),
    begins,
  };
}

/** Runs every test once with no mutant alive. @throws Error where one fails: nothing would follow from the rest */
export async function dryRun(bench: Bench, sources: readonly Source[]): Promise<DryRun> {
  const { chooser, loader } = bench;
  const testFiles = [...new Set(sources.flatMap(({ tests }) => tests))].sort();
  const found: DryRun = { tests: [], passing: {}, once: [], imports: loader.imports };
  const once = new Set<number>();
  chooser.record();
  for (const file of testFiles) {
    const tests = await testsIn(file, bench);
    for (const number of chooser.recorded().keys()) once.add(number);
    for (const [index, test] of tests.entries()) {
      const began = performance.now();
      await test.run().catch((error: unknown) => {
        throw new Error(`${file}: ${test.name} fails without any mutant: ${String(error)}`);
      });
      const at =
        found.tests.push({ file, index, name: test.name, durationMs: performance.now() - began }) - 1;
      for (const [number, times] of chooser.recorded())
        (found.passing[number] ??= []).push({ test: at, times });
    }
  }
  return { ...found, once: [...once] };
}

async function testsIn(file: string, { own, loader }: Bench): Promise<Test[]> {
  const known = own.get(file);
  if (known) return known;
  const tests = await collect(() => loader.load(file, 0));
  own.set(file, tests);
  return tests;
}

/** Tests that take less are run once more at the end. */
const QUICK_MS = 100;

/**
 * The tests again with no mutant alive, after many were: what one left behind would have counted as another's end.
 * @throws Error where one fails now
 */
export async function control({ own, chooser }: Bench, dry: DryRun): Promise<void> {
  chooser.record();
  for (const { file, index, name, durationMs } of dry.tests) {
    const test = durationMs < QUICK_MS ? own.get(file)?.[index] : undefined;
    await test?.run().catch((error: unknown) => {
      throw new Error(`${file}: ${name} fails after the mutants, none of which is alive: ${String(error)}`);
    });
  }
}

/** Tests that pass a mutant's place, the quickest first, until one of them notices. */
export async function tryMutant(
  number: number,
  dry: DryRun,
  bench: Bench,
  patience: number,
): Promise<Outcome> {
  if (dry.once.includes(number)) return await tryAnew(number, dry, bench, patience);
  const { chooser } = bench;
  const near = bench.testsOf(bench.numbered.sourceOf(number));
  const passing = (dry.passing[number] ?? []).flatMap(({ test, times }) => {
    const about = dry.tests[test];
    return about && near.has(about.file) ? [{ about, times }] : [];
  });
  passing.sort((a, b) => a.about.durationMs - b.about.durationMs);
  const usual = Math.max(0, ...passing.map(({ times }) => times));
  for (const { about } of passing) {
    chooser.record();
    const test = (await testsIn(about.file, bench))[about.index];
    if (!test) throw new Error(`${about.file}: its tests are not those of the dry run`);
    chooser.live(number, usual);
    const outcome = await attempt(test, about, bench, patience);
    if (outcome) return outcome;
  }
  return { kind: 'survived', tests: passing.length };
}

/** To load a test file, with all that it rests on, takes no longer. */
const LOADED_MS = 2000;
/** How often a place is passed by what is made anew was not counted. */
const USUALLY_UNKNOWN = 100_000_000;

/** Loads the mutant's file and all that rests on it again, with the mutant alive. */
async function tryAnew(number: number, dry: DryRun, bench: Bench, patience: number): Promise<Outcome> {
  const { chooser, loader } = bench;
  const source = bench.numbered.sourceOf(number);
  const resting = loader.restingOn(source);
  loader.renew(resting);
  let tried = 0;
  for (const { file, tests: abouts } of filesNear(source, dry, resting, bench)) {
    chooser.live(number, USUALLY_UNKNOWN);
    let tests: Test[];
    await bench.begins(boundOf(LOADED_MS, patience));
    try {
      tests = await collect(() => loader.load(file, number));
    } catch {
      return { kind: 'killed', by: `${file} (does not load)` };
    }
    const inOrder = abouts.toSorted((a, b) => a.durationMs - b.durationMs);
    if (tests.length !== abouts.length) return { kind: 'killed', by: `${file} (other tests)` };
    for (const about of inOrder) {
      const test = tests[about.index];
      if (!test) continue;
      tried += 1;
      const outcome = await attempt(test, about, bench, patience);
      if (outcome) return outcome;
    }
  }
  return { kind: 'survived', tests: tried };
}

/** The test files that rest on the file, the quickest first: its own, those that pass a place of it, and the others. */
function filesNear(
  source: string,
  { tests, passing }: DryRun,
  resting: ReadonlySet<string>,
  { numbered, testsOf }: Bench,
): { file: string; tests: DryTest[] }[] {
  const near = testsOf(source).intersection(resting);
  const passed = numbered.numbersOf(source).flatMap((number) => passing[number] ?? []);
  const used = new Set(passed.map(({ test }) => tests[test]?.file));
  const byFile = Map.groupBy(
    tests.filter(({ file }) => near.has(file)),
    ({ file }) => file,
  );
  const own = source.replace(/\.ts$/, '.test.ts');
  const distance = (file: string): number => (file === own ? 0 : used.has(file) ? 1 : 2);
  const cost = (all: readonly DryTest[]): number => all.reduce((sum, { durationMs }) => sum + durationMs, 0);
  return Array.from(byFile, ([file, all]) => ({ file, tests: all })).sort(
    (a, b) => distance(a.file) - distance(b.file) || cost(a.tests) - cost(b.tests),
  );
}

/** @returns null where the test notices nothing */
async function attempt(test: Test, about: DryTest, bench: Bench, patience: number): Promise<Outcome | null> {
  const { chooser } = bench;
  const by = `${about.file}: ${about.name}`;
  const bound = Promise.withResolvers<'late'>();
  const boundMs = boundOf(about.durationMs, patience);
  await bench.begins(boundMs);
  const timer = setTimeout(() => bound.resolve('late'), boundMs);
  chooser.anew();
  const ran = test.run().then(
    () => 'passed' as const,
    () => 'failed' as const,
  );
  const ended = await Promise.race([ran, bound.promise]);
  clearTimeout(timer);
  if (chooser.isEndless()) return { kind: 'endless', by };
  if (ended === 'late') return { kind: 'late', by };
  return ended === 'failed' ? { kind: 'killed', by } : null;
}
