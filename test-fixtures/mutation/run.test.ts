import { describe, expect, it } from 'vitest';
import { numberedMutants } from './numbered.ts';
import { reportOf } from './report.ts';
import { runMutants } from './run.ts';
import type { Outcome } from './words.ts';

const PATH = 'test-fixtures/mutation/example/dose.ts';
const TESTS = 'test-fixtures/mutation/example/dose.test.ts';

describe('a run', () => {
  it('tells what tests notice from what they do not', async () => {
    const numbered = numberedMutants([PATH]);
    const numbers = numbered.all.map((_, index) => index + 1);
    const { outcomes } = await runMutants({ sources: [{ path: PATH, tests: [TESTS] }] }, numbers, () => {});
    const found = (from: string, to: string): Outcome['kind'] | undefined =>
      outcomes.get(numbered.all.findIndex((each) => each.from === from && each.to === to) + 1)?.kind;

    // Done once, when the file is loaded.
    expect(found("'mg'", "''")).toBe('killed');
    expect(found('>=', '>')).toBe('killed');
    expect(found('left -= size', 'left += size') ?? found('-=', '+=')).toBe('endless');
    // Nobody asks.
    expect(found("'many'", "''")).toBe('survived');
    expect(found('10', '11')).toBe('survived');

    const { result, lines, unexplained } = reportOf(numbered, outcomes, 1);
    expect(result.generated).toBe(numbers.length);
    expect(result.killed + result.timedOut + result.survived).toBe(numbers.length);
    expect(unexplained).toHaveLength(result.survived);
    expect(lines.join('\n')).toContain("'many' → '' (no test comes here)");
  });

  it('draws no conclusion where a test fails without any mutant', async () => {
    const sources = [{ path: PATH, tests: ['test-fixtures/mutation/example/none.ts'] }];
    const broken = runMutants({ sources }, [1], () => {});
    await expect(broken).rejects.toThrow('none.ts');
  });
});
