// What is changed at one node: the usual operators, one table. Each change is a range of the text and what takes its place.
import { methodChanges } from './operators-of-methods.ts';
import { regexChanges } from './operators-of-patterns.ts';
import { statementChanges } from './operators-of-statements.ts';
import { isNode, type Node, nodeAt, nodesAt } from './syntax.ts';

export type Change = { operator: string; start: number; end: number; to: string };

/** A node with what surrounds it: `key` is the property of its parent that holds it. */
export type Place = { node: Node; key: string; parent: Node | null; text: string };

const COMPARISONS: Record<string, string[]> = {
  '<': ['<=', '>='],
  '<=': ['<', '>'],
  '>': ['>=', '<='],
  '>=': ['>', '<'],
  '===': ['!=='],
  '!==': ['==='],
};
const ARITHMETIC: Record<string, string> = {
  ...{ '+': '-', '-': '+', '*': '/', '/': '*', '%': '*' },
  ...{ '&': '|', '|': '&', '<<': '>>', '>>': '<<', '^': '&' },
};
const ASSIGNMENTS: Record<string, string> = {
  ...{ '+=': '-=', '-=': '+=', '*=': '/=', '/=': '*=' },
  ...{ '&&=': '=', '||=': '=', '??=': '=', '|=': '&=', '&=': '|=' },
};

/** All changes of one place, not those of the nodes below it. */
export function changesAt(place: Place): Change[] {
  const { node } = place;
  const replaced = (operator: string, ...texts: string[]): Change[] =>
    texts.map((to) => ({ operator, start: node.start, end: node.end, to }));
  return [...testChanges(place, replaced), ...ownChanges(place, replaced), ...statementChanges(place)];
}

type Replaced = (operator: string, ...texts: string[]) => Change[];

/** What decides whether something is done: always, never. An endless loop is no finding: those are only left out. */
function testChanges({ node, key, parent }: Place, replaced: Replaced): Change[] {
  if (key === 'test' && /^(?:If|Conditional)/.test(parent?.type ?? ''))
    return replaced('condition', 'true', 'false');
  if (key === 'test' && parent && /^(?:For|While|DoWhile)/.test(parent.type))
    return replaced('condition', 'false');
  if (isComparison(node) || isJunction(node)) return replaced('condition', 'true', 'false');
  // What a junction would be without this part of it.
  if (parent && isJunction(parent))
    return replaced('condition', parent['operator'] === '&&' ? 'true' : 'false');
  return [];
}

function isComparison(node: Node): boolean {
  const operator = String(node['operator']);
  return (
    node.type === 'BinaryExpression' && (operator in COMPARISONS || /^(?:in|instanceof)$/.test(operator))
  );
}

function isJunction(node: Node): boolean {
  return node.type === 'LogicalExpression' && node['operator'] !== '??';
}

function ownChanges(place: Place, replaced: Replaced): Change[] {
  const { node, text } = place;
  switch (node.type) {
    case 'BinaryExpression':
      return binaryChanges(node, text);
    case 'LogicalExpression':
      return logicalChanges(node, text, replaced);
    case 'UnaryExpression':
      return /^[!~-]$/.test(String(node['operator']))
        ? replaced('unary', textOf(nodeAt(node, 'argument'), text))
        : [];
    case 'UpdateExpression':
      return replaced(
        'update',
        text.slice(node.start, node.end).replace(/\+\+|--/, (was) => (was === '++' ? '--' : '++')),
      );
    case 'AssignmentExpression':
      return between(node, text, 'assignment', [ASSIGNMENTS[String(node['operator'])] ?? []].flat());
    case 'Literal':
      return literalChanges(node, text, replaced);
    case 'TemplateLiteral':
      return node.end - node.start > 2 ? replaced('string', '``') : [];
    case 'ArrayExpression':
      return [
        ...replaced(
          'list',
          nodesAt(node, 'elements').length > 0 ? '[]' : "['mutant', 'mutant', 'mutant', 'mutant']",
        ),
        ...leftOut(node, 'elements', text),
      ];
    case 'ObjectExpression':
      return nodesAt(node, 'properties').length > 0
        ? [...replaced('object', '({})'), ...leftOut(node, 'properties', text)]
        : [];
    case 'ArrowFunctionExpression':
      return arrowChanges(node);
    case 'MemberExpression':
    case 'CallExpression':
      return [...optionalChanges(node, text), ...methodChanges(place)];
    default:
      return [];
  }
}

function textOf({ start, end }: Node, text: string): string {
  return text.slice(start, end);
}

function binaryChanges(node: Node, text: string): Change[] {
  const operator = String(node['operator']);
  const [left, right] = [nodeAt(node, 'left'), nodeAt(node, 'right')];
  if (operator === '+' && [left, right].some(isText)) return [];
  const name = operator in COMPARISONS ? 'comparison' : 'arithmetic';
  return between(node, text, name, COMPARISONS[operator] ?? [ARITHMETIC[operator] ?? []].flat());
}

function isText(node: Node): boolean {
  return node.type === 'TemplateLiteral' || typeof node['value'] === 'string';
}

/** The operator between left and right replaced. */
function between(node: Node, text: string, operator: string, texts: readonly string[]): Change[] {
  const [left, right] = [nodeAt(node, 'left'), nodeAt(node, 'right')];
  const was = String(node['operator']);
  const at = text.indexOf(was, left.end);
  if (at < 0 || at >= right.start) return [];
  return texts.map((to) => ({ operator, start: at, end: at + was.length, to }));
}

function logicalChanges(node: Node, text: string, replaced: Replaced): Change[] {
  if (node['operator'] === '??')
    return replaced('fallback', textOf(nodeAt(node, 'left'), text), textOf(nodeAt(node, 'right'), text));
  return between(node, text, 'junction', [node['operator'] === '&&' ? '||' : '&&']);
}

function literalChanges(node: Node, text: string, replaced: Replaced): Change[] {
  const { value } = node;
  if (isNode(node['regex']) || node['regex']) return regexChanges(node, text);
  if (typeof value === 'boolean') return replaced('boolean', String(!value));
  if (typeof value === 'string') return replaced('string', value === '' ? "'mutant'" : "''");
  const suffix = typeof node['bigint'] === 'string' ? 'n' : '';
  const number = suffix === '' ? value : BigInt(String(node['bigint']));
  if (typeof number === 'bigint')
    return replaced('number', `${number + 1n}n`, `${number === 0n ? 2n : number - 1n}n`).slice(
      0,
      number === 0n ? 1 : 2,
    );
  if (typeof number === 'number')
    return replaced('number', ...(number === 0 ? ['1'] : [String(number + 1), String(number - 1)]));
  return [];
}

/** Each list or object that is spread into this one, left out. */
function leftOut(node: Node, key: string, text: string): Change[] {
  const parts = nodesAt(node, key);
  if (parts.length < 2) return [];
  return parts
    .filter(({ type }) => type === 'SpreadElement')
    .map(({ start, end }) => ({
      operator: 'spread',
      start,
      end: text[end] === ',' ? end + 1 : end,
      to: key === 'elements' ? '...[],' : '...{},',
    }))
    .map((change) => (text[change.end - 1] === ',' ? change : { ...change, to: change.to.slice(0, -1) }));
}

function arrowChanges(node: Node): Change[] {
  const body = nodeAt(node, 'body');
  if (body.type === 'BlockStatement') return [];
  return [{ operator: 'body', start: body.start, end: body.end, to: 'undefined' }];
}

function optionalChanges(node: Node, text: string): Change[] {
  if (node['optional'] !== true) return [];
  const before = nodeAt(node, node.type === 'CallExpression' ? 'callee' : 'object');
  const start = text.indexOf('?.', before.end);
  const named = node.type === 'MemberExpression' && node['computed'] !== true;
  return [{ operator: 'optional', start, end: start + 2, to: named ? '.' : '' }];
}
