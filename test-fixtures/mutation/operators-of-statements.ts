import type { Change, Place } from './operators.ts';
import { type Node, nodesAt } from './syntax.ts';

const REMOVED = new Set([
  'ExpressionStatement',
  'ReturnStatement',
  'ThrowStatement',
  'BreakStatement',
  'ContinueStatement',
]);

/** A statement left out, or all of a block. A block of one statement is emptied once, not twice. */
export function statementChanges({ node, parent }: Place): Change[] {
  const { start, end } = node;
  if (node.type === 'BlockStatement')
    return nodesAt(node, 'body').length > 0 ? [{ operator: 'block', start, end, to: '{}' }] : [];
  if (!REMOVED.has(node.type) || isAlone(parent)) return [];
  return [{ operator: 'statement', start, end, to: ';' }];
}

function isAlone(parent: Node | null): boolean {
  return parent?.type === 'BlockStatement' && nodesAt(parent, 'body').length === 1;
}
