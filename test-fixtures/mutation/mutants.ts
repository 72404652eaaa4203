// All mutants of a file; those of one place follow each other.
import { type Change, changesAt } from './operators.ts';
import { childrenOf, type Node, nodeAt, nodesAt, type Source } from './syntax.ts';

export type Mutant = Change & {
  /** Line and column, from 1. */
  line: number;
  column: number;
  /** The text that is replaced. */
  from: string;
  /** The declaration at the top of the file that it is in. */
  within: string;
  /** Where the choice between the text and the mutant is made: a whole expression or statement around it. */
  host: Node;
};

/** Types of nodes that hold nothing to change: names of other files, patterns of names, words of a template. */
const PASSED_OVER = new Set([
  'ImportDeclaration',
  'ExportAllDeclaration',
  'TemplateElement',
  'PrivateIdentifier',
]);

export function mutantsOf({ text, program }: Source): Mutant[] {
  const found: Mutant[] = [];
  const walk = (node: Node, key: string, parent: Node | null, hosts: Hosts, within: string): void => {
    if (PASSED_OVER.has(node.type) || isSentence(node, key, parent)) return;
    // Names: of a property, of another file.
    if ((key === 'key' && parent?.['computed'] !== true) || key === 'source') return;
    const inner = hostsAt(node, key, parent, hosts);
    for (const change of changesAt({ node, key, parent, text })) {
      if (isOfSentences(node, change)) continue;
      found.push({
        ...change,
        ...placeOf(change.start, text),
        from: text.slice(change.start, change.end),
        within,
        host: hostOf(change, node, inner),
      });
    }
    for (const { key: each, child } of childrenOf(node)) {
      walk(child, each, node, inner, node.type === 'Program' ? nameOf(child) : within);
    }
  };
  walk(program, 'program', null, { expression: null, statement: null }, '');
  const mutants = distinct(found);
  return [...Map.groupBy(mutants, ({ host }) => host).values()].flat();
}

/** The nearest expression, and the nearest statement, that a choice may stand in place of. */
type Hosts = { expression: Node | null; statement: Node | null };

function hostOf(change: Change, node: Node, { expression, statement }: Hosts): Node {
  // What a function gives is chosen when it is called, not when it is made.
  if (change.operator === 'body') return nodeAt(node, 'body');
  const host = /^(?:block|statement)$/.test(change.operator) ? statement : expression;
  if (!host) throw new Error(`${node.type} at ${node.start}: no place for a choice`);
  return host;
}

function hostsAt(node: Node, key: string, parent: Node | null, hosts: Hosts): Hosts {
  if (/Statement$/.test(node.type)) return { expression: hosts.expression, statement: node };
  return isFreeExpression(node, key, parent) ? { ...hosts, expression: node } : hosts;
}

/** Where a parenthesis with a choice in it means the same: not inside a chain, a call's function, a target, a pattern. */
function isFreeExpression(node: Node, key: string, parent: Node | null): boolean {
  if (!parent) return false;
  const isName = node.type === 'Identifier' && (key === 'test' || parent.type === 'LogicalExpression');
  if (!isName && !/(?:Expression|Literal)$/.test(node.type)) return false;
  if (node.type === 'FunctionExpression' && /^(?:Property|MethodDefinition)$/.test(parent.type)) {
    return parent.type === 'Property' && parent['method'] !== true && parent['kind'] === 'init';
  }
  switch (parent.type) {
    case 'ChainExpression':
      return false;
    case 'MemberExpression':
      return key === 'property' && parent['computed'] === true;
    case 'CallExpression':
    case 'NewExpression':
      return key === 'arguments';
    case 'TaggedTemplateExpression':
      return false;
    case 'AssignmentExpression':
    case 'AssignmentPattern':
    case 'ForOfStatement':
    case 'ForInStatement':
      return key === 'right';
    case 'UpdateExpression':
      return false;
    case 'Property':
    case 'MethodDefinition':
    case 'PropertyDefinition':
      return key === 'value' && !/Pattern$/.test(node.type);
    default:
      return true;
  }
}

/** What a person reads, in both languages: no law rests on its wording, which is the translator's. */
function isSentence(_node: Node, key: string, parent: Node | null): boolean {
  return key === 'value' && parent?.type === 'Property' && /^(?:fr|en)$/.test(keyOf(parent));
}

/** Emptying an object of sentences, or leaving them out, is a change of words too. */
function isOfSentences(node: Node, { operator }: Change): boolean {
  return operator === 'object' && nodesAt(node, 'properties').some((each) => /^(?:fr|en)$/.test(keyOf(each)));
}

function keyOf(property: Node): string {
  const key = property['key'] as { name?: string; value?: string } | undefined;
  return key?.name ?? key?.value ?? '';
}

function placeOf(at: number, text: string): { line: number; column: number } {
  const before = text.slice(0, at).split('\n');
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}

/** Of the declaration at the top of the file. */
function nameOf(node: Node): string {
  const declaration = (node['declaration'] as Node | null | undefined) ?? node;
  const named = [declaration, ...nodesAt(declaration, 'declarations')].map(
    (each) => each['id'] as { name?: string } | undefined,
  );
  return named.find((id) => id?.name !== undefined)?.name ?? '';
}

/** Two operators may come to the same change. */
function distinct(mutants: readonly Mutant[]): Mutant[] {
  const seen = new Set<string>();
  return mutants.filter(({ start, end, to, from }) => {
    const key = `${start} ${end} ${to}`;
    if (seen.has(key) || to === from) return false;
    seen.add(key);
    return true;
  });
}
