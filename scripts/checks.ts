import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

export type Count = { passed: number; failed: number; skipped: number };

const root = join(import.meta.dirname, '..');
const tool = (name: string): string => join(root, 'node_modules', '.bin', name);

const STATIC: [title: string, argv: [string, ...string[]]][] = [
  ['types', [tool('tsc'), '-p', '.']],
  ['lint', [tool('oxlint'), '--type-aware', '--deny-warnings']],
  ['unused code', [tool('knip')]],
  ['format', [tool('oxfmt'), '--check']],
];

/** Types, lint, unused code, format: each counts as one test. */
export async function runStatic(): Promise<Count[]> {
  const counts: Count[] = [];
  for (const [title, argv] of STATIC) counts.push(await runStep(title, argv));
  return counts;
}

/** A program that must end well counts as one test. */
export async function runStep(title: string, argv: [string, ...string[]]): Promise<Count> {
  const began = performance.now();
  const status = await run(argv);
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  console.log(`${status === 0 ? '✓' : '✗'} ${title} (${seconds} s)`);
  return { passed: status === 0 ? 1 : 0, failed: status === 0 ? 0 : 1, skipped: 0 };
}

/** Runs one of the vitest projects and counts from its JSON report, which a crash does not leave behind. */
export async function runVitest(project: 'fast' | 'slow' | 'laptops'): Promise<Count> {
  const folder = join(root, '.scratch');
  const report = join(folder, `vitest-${project}-${process.pid}.json`);
  mkdirSync(folder, { recursive: true });
  const status = await run([
    tool('vitest'),
    'run',
    `--project=${project}`,
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
  ]);
  try {
    const { numPassedTests, numFailedTests, numPendingTests, success } = JSON.parse(
      readFileSync(report, 'utf8'),
    );
    // A file that fails to load has no failed test in it, and still is a failure.
    const failed = Math.max(numFailedTests, status === 0 && success ? 0 : 1);
    return { passed: numPassedTests, failed, skipped: numPendingTests };
  } catch {
    return { passed: 0, failed: 1, skipped: 0 };
  } finally {
    rmSync(report, { force: true });
  }
}

export function closingLine(counts: readonly Count[]): void {
  const total = (key: keyof Count): number => counts.reduce((sum, count) => sum + count[key], 0);
  const skipped = total('skipped') > 0 ? `, ${total('skipped')} skipped` : '';
  process.exitCode = total('failed') === 0 ? 0 : 1;
  console.log(`${total('passed')} passed, ${total('failed')} failed${skipped}`);
}

function run([command, ...args]: readonly [string, ...string[]]): Promise<number> {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });
    child.once('error', () => resolve(127));
    child.once('exit', (code) => resolve(code ?? 1));
  });
}
