/** What a technician typed, as far as one line of input needs it. */
export type Typed = {
  /** The line so far. */
  text: string;
  /** In the order they were pressed; `line` carries the finished line. */
  presses: ({ kind: 'line'; text: string } | { kind: 'page-up' | 'page-down' | 'redraw' | 'interrupt' })[];
};

const LINE_MAX = 200;
/** Function and cursor keys: `ESC [ 5 ~`, `ESC O A`, and the console's own `ESC [ [ A`. */
// oxlint-disable-next-line no-control-regex -- keys are control characters
const SEQUENCE = /^\u001b(?:\[\[.|\[[0-9;?]*[@-~]|O.|)/;

/** Adds what came from the keyboard to the line being typed. Keys that have no meaning here do nothing. */
export function typed(before: string, input: string): Typed {
  let text = before;
  const presses: Typed['presses'] = [];
  for (let rest = input; rest !== '';) {
    const sequence = SEQUENCE.exec(rest)?.[0];
    if (sequence !== undefined) {
      if (sequence === '\u001b[5~') presses.push({ kind: 'page-up' });
      if (sequence === '\u001b[6~') presses.push({ kind: 'page-down' });
      rest = rest.slice(sequence.length);
      continue;
    }
    const character = String.fromCodePoint(rest.codePointAt(0) ?? 0);
    rest = rest.slice(character.length);
    if (character === '\r' || character === '\n') {
      presses.push({ kind: 'line', text });
      text = '';
    } else if (character === '\u007f' || character === '\b') {
      text = Array.from(text).slice(0, -1).join('');
    } else if (character === '\u0015') {
      text = '';
    } else if (character === '\u0003') {
      presses.push({ kind: 'interrupt' });
    } else if (character === '\u000c') {
      presses.push({ kind: 'redraw' });
    } else if (!/\p{C}/u.test(character) && text.length < LINE_MAX) {
      text += character;
    }
  }
  return { text, presses };
}
