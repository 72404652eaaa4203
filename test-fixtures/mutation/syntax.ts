// Source text → a tree to walk. Types are taken out first, with blanks in their place, so that every offset of the tree
// is one of the file as it was written.
import { stripTypeScriptTypes } from 'node:module';
import { parseSync, visitorKeys } from 'oxc-parser';

/** A node of ESTree, as far as mutants need it. Offsets count UTF-16 units of the file. */
export type Node = { type: string; start: number; end: number } & Record<string, unknown>;

export type Source = { path: string; text: string; program: Node };

/** @param text TypeScript with erasable syntax only. @throws Error where it cannot be read */
export function readSource(path: string, text: string): Source {
  const plain = stripTypeScriptTypes(text, { mode: 'strip' });
  if (plain.length !== text.length) throw new Error(`${path}: taking the types out moved the text`);
  const { program, errors } = parseSync(path.replace(/\.ts$/, '.js'), plain, { preserveParens: false });
  if (errors.length > 0) throw new Error(`${path}: ${errors[0]?.message}`);
  return { path, text: plain, program: program as unknown as Node };
}

export function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && typeof (value as Node).type === 'string';
}

/** Its children in the order of the text, with the property that holds each. */
export function childrenOf(node: Node): { key: string; child: Node }[] {
  const found = (visitorKeys[node.type] ?? []).flatMap((key) =>
    [node[key]]
      .flat()
      .filter(isNode)
      .map((child) => ({ key, child })),
  );
  return found.sort((a, b) => a.child.start - b.child.start);
}

export function nodeAt(node: Node, key: string): Node {
  const child = node[key];
  if (!isNode(child)) throw new Error(`${node.type} at ${node.start} has no ${key}`);
  return child;
}

export function nodesAt(node: Node, key: string): Node[] {
  return [node[key]].flat().filter(isNode);
}
