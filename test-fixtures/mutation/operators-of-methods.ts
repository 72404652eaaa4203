import type { Change, Place } from './operators.ts';
import { type Node, nodeAt, nodesAt } from './syntax.ts';

const INSTEAD: Record<string, string> = {
  every: 'some',
  some: 'every',
  startsWith: 'endsWith',
  endsWith: 'startsWith',
  toUpperCase: 'toLowerCase',
  toLowerCase: 'toUpperCase',
  find: 'findLast',
  findLast: 'find',
  indexOf: 'lastIndexOf',
  lastIndexOf: 'indexOf',
  min: 'max',
  max: 'min',
  floor: 'ceil',
  ceil: 'floor',
  round: 'floor',
};
const LEFT_OUT = new Set([
  'filter',
  'trim',
  'slice',
  'subarray',
  'sort',
  'toSorted',
  'reverse',
  'replace',
  'replaceAll',
]);

/** A method called instead of its opposite, or not called at all. */
export function methodChanges({ node }: Place): Change[] {
  if (node.type !== 'CallExpression') return [];
  const callee = nodeAt(node, 'callee');
  if (callee.type !== 'MemberExpression' || callee['computed'] === true) return [];
  const { start, end, name } = nodeAt(callee, 'property') as Node & { name: string };
  const instead = Object.hasOwn(INSTEAD, name) ? INSTEAD[name] : undefined;
  if (instead !== undefined) return [{ operator: 'method', start, end, to: instead }];
  const object = nodeAt(callee, 'object');
  const called = LEFT_OUT.has(name) && nodesAt(node, 'arguments').length <= 2;
  return called ? [{ operator: 'method', start: object.end, end: node.end, to: '' }] : [];
}
