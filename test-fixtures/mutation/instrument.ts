// One text that is the file and all of its mutants: at each place a choice, which costs one question as long as none of
// its mutants is the chosen one.
import type { Mutant } from './mutants.ts';
import { childrenOf, type Node, type Source } from './syntax.ts';

/** The name under which the chooser is known to the instrumented files. */
export const CHOOSER = '__rebondMutants';

/** @param first the number of the file's first mutant; the others follow */
export function instrumented({ text, program }: Source, mutants: readonly Mutant[], first: number): string {
  const ofHost = new Map<Node, number[]>();
  for (const [index, { host }] of mutants.entries()) ofHost.set(host, [...(ofHost.get(host) ?? []), index]);
  const changed = ({ start, end }: Node, index: number): string => {
    const mutant = mutants[index] as Mutant;
    return text.slice(start, mutant.start) + mutant.to + text.slice(mutant.end, end);
  };
  const render = (node: Node): string => {
    const plain = withChildren(node, text, render);
    const own = ofHost.get(node);
    if (!own) return plain;
    // They follow each other: `mutantsOf` keeps what shares a place together.
    const asked = `${CHOOSER}.at(${first + Math.min(...own)},${first + Math.max(...own)})`;
    const choices = own.map((index) => ({ number: first + index, to: changed(node, index) }));
    return /Statement$/.test(node.type)
      ? inStatement(plain, asked, choices)
      : inExpression(plain, asked, choices);
  };
  return render(program);
}

type Choice = { number: number; to: string };

function inExpression(plain: string, asked: string, choices: readonly Choice[]): string {
  const mutated = choices.map(({ number, to }) => `${CHOOSER}.is(${number})?(${to}):`).join('');
  return `(${asked}?(${mutated}0):(${plain}))`;
}

function inStatement(plain: string, asked: string, choices: readonly Choice[]): string {
  const mutated = choices.map(({ number, to }) => `if(${CHOOSER}.is(${number})){${to}}`).join('else ');
  return `{if(${asked}){${mutated}}else{${plain}}}`;
}

/** The text of a node, with that of its children rendered. */
function withChildren(node: Node, text: string, render: (node: Node) => string): string {
  let at = node.start;
  let out = '';
  for (const { key, child } of childrenOf(node)) {
    // A shorthand property holds its name twice: alone, and with what it is where it is not given.
    if (key === 'key' && node['shorthand'] === true) continue;
    // And so does an import by its own name.
    if (child.start < at) continue;
    out += text.slice(at, child.start) + render(child);
    at = child.end;
  }
  return out + text.slice(at, node.end);
}
