// `npm run mutate`: changes the files that read success, decide a level or refuse a drive, one place at a time, and asks
// whether a test notices. `-- FILE…` tries these files only, `-- --core` the sample of `npm test`. The last line is JSON.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { numberedMutants } from '../test-fixtures/mutation/numbered.ts';
import { lineOf, reportOf } from '../test-fixtures/mutation/report.ts';
import { runMutants } from '../test-fixtures/mutation/run.ts';
import { IN_SCOPE, sourcesOf } from '../test-fixtures/mutation/scope.ts';
import { toBeExplained } from '../test-fixtures/mutation/survivors.ts';

/** Of all that were generated, over all files. */
const LEAST = 0.95;

const asked = process.argv.slice(2);
const core = asked.includes('--core');
const named = asked.filter((each) => !each.startsWith('--'));
const strangers = named.filter((path) => !IN_SCOPE.some((each) => each.path === path));
if (strangers.length > 0 || asked.some((each) => each.startsWith('--') && each !== '--core')) {
  console.error(`npm run mutate [-- --core | FILE…]; the files are those of test-fixtures/mutation/scope.ts`);
  process.exitCode = 2;
} else await mutate();

async function mutate(): Promise<void> {
  const began = performance.now();
  const chosen = IN_SCOPE.filter((each) =>
    named.length > 0 ? named.includes(each.path) : !core || each.core,
  );
  const sources = sourcesOf(chosen);
  const numbered = numberedMutants(sources.map(({ path }) => path));
  const numbers = numbered.all.map((_, index) => index + 1);
  console.log(`${numbers.length} mutants of ${sources.length} files`);
  const { outcomes } = await runMutants({ sources }, numbers, (number, outcome) => {
    if (outcome.kind === 'survived') console.log(`  survives: ${lineOf(number, numbered, outcome)}`);
  });
  const seconds = Math.round((performance.now() - began) / 100) / 10;
  const { result, lines, unexplained, stale } = reportOf(numbered, outcomes, seconds);
  for (const line of lines) console.log(line);
  const folder = join(import.meta.dirname, '..', '.scratch');
  mkdirSync(folder, { recursive: true });
  const isWhole = named.length === 0 && !core;
  writeFileSync(join(folder, 'survivors.json'), JSON.stringify(toBeExplained(unexplained), null, 2));
  if (unexplained.length + stale > 0 || (isWhole && result.ratio < LEAST)) process.exitCode = 1;
  console.log(JSON.stringify(result));
}
