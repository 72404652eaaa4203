import { describe, expect, it } from 'vitest';
import { CHOOSER, instrumented } from './instrument.ts';
import { makeChooser } from './chooser.ts';
import { type Mutant, mutantsOf } from './mutants.ts';
import { readSource } from './syntax.ts';

const changes = (text: string): string[] =>
  mutantsOf(readSource('sample.ts', text))
    .map(({ from, to }) => `${from} → ${to}`)
    .sort();

describe('mutants', () => {
  it('change a comparison in each way', () => {
    expect(changes('export const f = (a: number) => a < b;')).toEqual([
      '< → <=',
      '< → >=',
      'a < b → false',
      'a < b → true',
      'a < b → undefined',
    ]);
  });

  it('leave out each part of a junction', () => {
    const found = changes('export const f = (a: boolean, b?: boolean) => { if (a || (b ?? a)) throw a; };');
    expect(found).toEqual(
      expect.arrayContaining([
        '|| → &&',
        'a → false',
        'b ?? a → a',
        'b ?? a → b',
        'b ?? a → false',
        'throw a; → ;',
      ]),
    );
  });

  it('change a pattern piece by piece', () => {
    const found = ['$ → ', '+ → ', '? → ', '^ → ', 'b| → ', 'i → ', String.raw`\d → \D`, String.raw`|\d+ → `];
    expect(changes(String.raw`const f = /^a(?:b|\d+)c?$/i;`)).toEqual(found.sort());
  });

  it('leave alone the sentences, and not the code beside them', () => {
    const text = "export const R = { code: 'x', fr: `Non : ${a + 1}.`, en: 'No.' };";
    expect(changes(text)).toEqual(["'x' → ''"]);
  });

  it('leave alone the names of other files', () => {
    expect(changes("import { a } from './a.ts'; export { b } from './b.ts'; export const c = a?.b;")).toEqual(
      ['?. → .'],
    );
  });
});

const SAMPLE = `
type Row = { name: string; size?: number; extra?: number };
const LIMIT = 3 as const;
export function run(rows: readonly Row[], start = 2): unknown[] {
  const out: unknown[] = [];
  for (const { name, size = LIMIT, extra = 1 } of rows) {
    if (name.startsWith('s') && size > 1) out.push(name.trim().toUpperCase());
    else if (!name) { out.push(...[size, -size, extra]); continue; }
    switch (name) {
      case 'sda': out.push('first'); break;
      default: out.push(\`\${name}:\${size}\`);
    }
  }
  const found = rows.find(({ size }) => (size ?? 0) >= start)?.name?.slice(1) ?? null;
  out.push(found, rows.some((row) => row.size === start), { ...{ a: 1 }, b: found ? 1 : 2 });
  return out.filter((each) => each !== undefined);
}
`;
const ROWS = [{ name: 'sda', size: 1 }, { name: ' sdb', size: 4 }, { name: '' }, { name: 'sdc', size: 2 }];

/** What a text's run() gives, or how it fails. */
async function ran(text: string): Promise<string> {
  try {
    const made = (await import(`data:text/javascript,${encodeURIComponent(text)}`)) as {
      run: (rows: unknown) => unknown;
    };
    return JSON.stringify(made.run(ROWS));
  } catch (error) {
    return (error as Error).name;
  }
}

describe('one text with all mutants in it', () => {
  const source = readSource('sample.ts', SAMPLE);
  const mutants = mutantsOf(source);
  const all = `const ${CHOOSER} = globalThis.${CHOOSER};\n${instrumented(source, mutants, 1)}`;
  const chooser = makeChooser();

  it('is the text that it was as long as none is alive', async () => {
    chooser.live(0, 0);
    expect(await ran(all)).toBe(await ran(source.text));
    expect(mutants.length).toBeGreaterThan(60);
  });

  it('is each mutant when that one is', async () => {
    const plainly = ({ start, end, to }: Mutant): string =>
      source.text.slice(0, start) + to + source.text.slice(end);
    const unlike: string[] = [];
    for (const [index, mutant] of mutants.entries()) {
      chooser.live(index + 1, 1000);
      // A number of its own, so that what is done once is done with the mutant alive.
      const [here, plain] = [await ran(`${all}\n// ${index}`), await ran(plainly(mutant))];
      if (here !== plain) unlike.push(`${mutant.line}: ${mutant.from} → ${mutant.to}: ${here} for ${plain}`);
    }
    expect(unlike).toEqual([]);
  });

  it('ends one that goes round for ever', () => {
    chooser.live(7, 0);
    const round = (): void => {
      while (chooser.at(7, 7));
    };
    expect(round).toThrow('round');
    expect(chooser.isEndless()).toBe(true);
  });
});
