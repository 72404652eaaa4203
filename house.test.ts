// The house polices itself: the layout that DESIGN and the READMEs speak of, checked from the files themselves.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = import.meta.dirname;
const tracked = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], { cwd: root })
  .toString()
  .split('\n')
  .filter((path) => path !== '' && existsSync(join(root, path)));
const sources = tracked.filter((path) => /\.(ts|cjs)$/.test(path));
const production = sources.filter((path) => !path.endsWith('.test.ts'));

type Import = { from: string; to: string; typeOnly: boolean };

/** Static and dynamic imports and re-exports of a file, relative ones resolved to paths of the repository. */
function importsOf(path: string): Import[] {
  const text = readFileSync(join(root, path), 'utf8');
  const found = text.matchAll(
    /(?:^|\n)\s*(?:import|export)\s+(type\s)?(?:[^'";]*?\sfrom\s+)?'([^']+)'|import\(\s*'([^']+)'\s*\)|require\(\s*'([^']+)'\s*\)/g,
  );
  return Array.from(found, ([, type, plain, dynamic, required]) => {
    const specifier = plain ?? dynamic ?? required ?? '';
    const to = specifier.startsWith('.')
      ? relative(root, resolve(root, dirname(path), specifier))
      : specifier;
    return { from: path, to, typeOnly: type !== undefined };
  });
}

const imports = production.flatMap(importsOf);
const inside =
  (folder: string) =>
  (path: string): boolean =>
    path.startsWith(`${folder}/`);
const violations = (from: (path: string) => boolean, allowed: (each: Import) => boolean): string[] =>
  imports.filter((each) => from(each.from) && !allowed(each)).map(({ from, to }) => `${from} → ${to}`);

describe('the house', () => {
  it('sees the imports that it judges', () => {
    expect(imports.length).toBeGreaterThan(200);
    expect(importsOf('agent/src/main.ts').map(({ to }) => to)).toContain('agent/src/commands/verify.ts');
  });

  it('protocol imports nothing but itself and its two libraries', () => {
    const libraries = ['zod', 'canonicalize'];
    expect(
      violations(
        inside('agent/protocol'),
        ({ to }) => to.startsWith('agent/protocol/') || libraries.includes(to),
      ),
    ).toEqual([]);
  });

  it('the agent does not know the server, nor the server the agent', () => {
    expect(violations(inside('agent'), ({ to }) => !/bench-server/.test(to))).toEqual([]);
    expect(violations(inside('bench-server'), ({ to }) => !/^agent\/|@rebond\/agent/.test(to))).toEqual([]);
  });

  it('parse and decide are pure', () => {
    const pure = (path: string): boolean => /^agent\/src\/(parse|decide)\//.test(path);
    const libraries = ['@rebond/protocol', 'zod', 'node:crypto'];
    expect(
      violations(pure, ({ to }) => /^agent\/src\/(parse|decide)\//.test(to) || libraries.includes(to)),
    ).toEqual([]);
  });

  it('only effects spawns, opens or connects', () => {
    const doors =
      /^(node:)?(fs|fs\/promises|child_process|net|http|https|http2|tls|dgram|worker_threads)$|^execa$|^undici$/;
    const elsewhere = (path: string): boolean =>
      /^agent\/src\//.test(path) && !/^agent\/src\/effects\//.test(path);
    expect(violations(elsewhere, ({ to }) => !doors.test(to))).toEqual([]);
  });

  it('probe, check, sanitize and install take effects as arguments: they import only their types', () => {
    const rooms = (path: string): boolean => /^agent\/src\/(probe|check|sanitize|install)\//.test(path);
    expect(violations(rooms, ({ to, typeOnly }) => typeOnly || !to.startsWith('agent/src/effects/'))).toEqual(
      [],
    );
  });

  it('only the database room knows SQLite', () => {
    const elsewhere = (path: string): boolean =>
      inside('bench-server')(path) && !inside('bench-server/src/db')(path);
    expect(violations(elsewhere, ({ to }) => to !== 'node:sqlite')).toEqual([]);
  });

  it('nothing outside tests imports the fixtures', () => {
    // The virtual laptop and the mutants are tools of their own besides: their commands, and what is measured with them.
    const outside = (path: string): boolean =>
      !inside('test-fixtures')(path) &&
      !/^scripts\/(test|virtual-laptop|mutate|bench-[a-z]+)\.ts$/.test(path);
    expect(violations(outside, ({ to }) => !to.startsWith('test-fixtures/'))).toEqual([]);
  });

  it('only the composition roots read the environment', () => {
    const roots =
      /^(agent\/src\/main\.ts|bench-server\/src\/(main|config)\.ts|scripts\/|vitest\.config\.ts|agent\/src\/effects\/run\.ts)/;
    const readers = production.filter((path) => /process\.env/.test(readFileSync(join(root, path), 'utf8')));
    expect(readers.filter((path) => !roots.test(path))).toEqual([]);
  });

  it('every room has a README', () => {
    const rooms = ['.', 'agent', 'agent/protocol', 'bench-server', 'live-image', 'scripts', 'test-fixtures'];
    const nouns = tracked.flatMap(
      (path) => /^((?:agent|bench-server)\/src\/[a-z-]+)\//.exec(path)?.[1] ?? [],
    );
    const without = [...rooms, ...new Set(nouns)].filter(
      (room) => !existsSync(join(root, room, 'README.md')),
    );
    expect(without).toEqual([]);
  });

  it('files stay readable: at most 300 lines', () => {
    const long = production.filter((path) => readFileSync(join(root, path), 'utf8').split('\n').length > 300);
    expect(long).toEqual([]);
  });

  it('holds no secret key and no registry address', () => {
    const held = tracked.filter((path) => {
      const text = readFileSync(join(root, path), 'latin1');
      return (
        /-----BEGIN [A-Z ]*PRIVATE KEY-----\n[A-Za-z0-9+/]/.test(text) || /"resolved": "https?:/.test(text)
      );
    });
    expect(held).toEqual([]);
  });
});
