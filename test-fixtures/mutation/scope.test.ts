import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT } from './loading.ts';
import { IN_SCOPE, OUT_OF_SCOPE, ROOMS, sourcesOf } from './scope.ts';
import { heldAgainst, readExplanations } from './survivors.ts';

describe('the files that are mutated', () => {
  const listed = [...IN_SCOPE, ...OUT_OF_SCOPE].map(({ path }) => path);

  it('are all files of their rooms but those that are left out for a reason', () => {
    const held = ROOMS.flatMap((room) => globSync(`${room}/*.ts`, { cwd: ROOT })).filter(
      (path) => !path.endsWith('.test.ts'),
    );
    expect(listed.toSorted()).toEqual(held.toSorted());
  });

  it('have a reason each', () => {
    expect([...IN_SCOPE, ...OUT_OF_SCOPE].filter(({ why }) => why.length < 5)).toEqual([]);
    expect(new Set(IN_SCOPE.map(({ area }) => area)).size).toBe(3);
  });

  it('have tests that may notice, none of which touches a device', () => {
    expect(sourcesOf(IN_SCOPE).filter(({ tests }) => tests.length < 3)).toEqual([]);
    const all = new Set(sourcesOf(IN_SCOPE).flatMap(({ tests }) => tests));
    expect(all).toContain('agent/protocol/laws/judge-v2.test.ts');
    expect(all).toContain('agent/src/probe/interlocks.test.ts');
    const touching = [...all].filter((path) =>
      /losetup|\.slow\./.test(path + readFileSync(join(ROOT, path), 'utf8')),
    );
    expect(touching).toEqual([]);
  });
});

describe('a survivor that was explained', () => {
  it('is a place of a file that is mutated, with a reason', () => {
    for (const { path, why, mutants } of readExplanations()) {
      expect(IN_SCOPE.map((each) => each.path)).toContain(path);
      expect(why.length).toBeGreaterThan(20);
      const lines = readFileSync(join(ROOT, path), 'utf8').replaceAll(/\s+/g, ' ');
      for (const { line } of mutants) expect(lines).toContain(line.replace(/…$/, ''));
    }
  });

  it('is told from one that was not, and from an explanation of nothing', () => {
    const key = { within: 'f', line: 'return a;', from: 'a', to: 'b' };
    const explained = [{ path: 'x.ts', why: 'because', mutants: [key] }];
    expect(heldAgainst(explained, [{ path: 'x.ts', key }], new Set(['x.ts']))).toEqual({
      unexplained: [],
      stale: [],
    });
    const other = { path: 'x.ts', key: { ...key, to: 'c' } };
    const { unexplained, stale } = heldAgainst(explained, [other], new Set(['x.ts']));
    expect(unexplained).toEqual([other]);
    expect(stale).toEqual([{ path: 'x.ts', key }]);
    expect(heldAgainst(explained, [], new Set(['y.ts'])).stale).toEqual([]);
  });
});
