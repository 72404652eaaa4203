// Regular expressions, changed one piece at a time. They are cut by a small scanner that knows what this house writes:
// escapes, classes, groups, quantifiers, anchors and alternatives.
import type { Change } from './operators.ts';
import type { Node } from './syntax.ts';

type Piece = { text: string; start: number; end: number; kind: Kind };
type Kind = 'anchor' | 'quantifier' | 'class' | 'open' | 'close' | 'bar' | 'other';

const PIECES: readonly [Kind, RegExp][] = [
  ['anchor', /^(?:\^|\$|\\b|\\B)/],
  ['quantifier', /^(?:[*+?]|\{\d+(?:,\d*)?\})\??/],
  ['class', /^(?:\\[dDsSwW]|\[(?:\\.|[^\]\\])*\])/],
  ['open', /^\((?:\?(?::|=|!|<=|<!|<\w+>))?/],
  ['close', /^\)/],
  ['bar', /^\|/],
  ['other', /^(?:\\.|[\s\S])/],
];

/** Without an anchor, a flag, an alternative; once instead of any number of times; the opposite of a class. */
export function regexChanges(node: Node, text: string): Change[] {
  const { pattern, flags } = node['regex'] as { pattern: string; flags: string };
  const from = node.start + 1;
  const change = (start: number, end: number, to: string): Change => ({
    ...{ operator: 'pattern', start: from + start, end: from + end, to },
  });
  const pieces = piecesOf(pattern);
  const flag = flags.indexOf('i');
  const flagAt = pattern.length + 1 + flag;
  return [
    ...pieces.flatMap((piece) => changesOf(piece).map((to) => change(piece.start, piece.end, to))),
    ...alternatives(pieces).map(({ start, end }) => change(start, end, '')),
    ...(flag < 0 ? [] : [change(flagAt, flagAt + 1, '')]),
  ].filter(({ start, end, to }) => isValid(text.slice(node.start, start) + to + text.slice(end, node.end)));
}

function piecesOf(pattern: string): Piece[] {
  const pieces: Piece[] = [];
  for (let start = 0; start < pattern.length;) {
    const rest = pattern.slice(start);
    const [kind, text] = pieceAt(rest);
    pieces.push({ kind, text, start, end: start + text.length });
    start += text.length;
  }
  return pieces;
}

function pieceAt(rest: string): [Kind, string] {
  for (const [kind, form] of PIECES) {
    const found = form.exec(rest)?.[0];
    if (found) return [kind, found];
  }
  throw new Error(`no piece of a pattern: ${rest}`);
}

function changesOf({ kind, text }: Piece): string[] {
  switch (kind) {
    case 'anchor':
      return [''];
    case 'quantifier':
      return [''];
    case 'class':
      return [opposite(text)];
    case 'open':
      return /^\(\?(?:=|<=)/.test(text)
        ? [text.replace('=', '!')]
        : /^\(\?<?!/.test(text)
          ? [text.replace('!', '=')]
          : [];
    case 'close':
    case 'bar':
    case 'other':
      return [];
  }
}

function opposite(text: string): string {
  if (text.startsWith('\\')) {
    const letter = text.slice(1);
    return `\\${letter === letter.toLowerCase() ? letter.toUpperCase() : letter.toLowerCase()}`;
  }
  return text.startsWith('[^') ? `[${text.slice(2)}` : `[^${text.slice(1)}`;
}

/** Each alternative of each group that has several, with the bar before it, or after it where it is the first. */
function alternatives(pieces: readonly Piece[]): { start: number; end: number }[] {
  const length = pieces.at(-1)?.end ?? 0;
  const found: { start: number; end: number }[] = [];
  const open: number[][] = [[0]];
  const close = (end: number): void => {
    const bars = open.pop() ?? [];
    if (bars.length < 2) return;
    for (const [index, from] of bars.entries()) {
      const next = bars[index + 1];
      if (index === 0) found.push({ start: from, end: next ?? end });
      else found.push({ start: from - 1, end: next === undefined ? end : next - 1 });
    }
  };
  for (const piece of pieces) {
    if (piece.kind === 'open') open.push([piece.end]);
    if (piece.kind === 'bar') open.at(-1)?.push(piece.end);
    if (piece.kind === 'close') close(piece.start);
  }
  close(length);
  return found;
}

function isValid(literal: string): boolean {
  const end = literal.lastIndexOf('/');
  try {
    return new RegExp(literal.slice(1, end), literal.slice(end + 1)) instanceof RegExp && end > 1;
  } catch {
    return false;
  }
}
