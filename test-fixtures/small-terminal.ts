/** A terminal that understands as much as the live agent's screen writes, so that tests see what a person would. */
export type SmallTerminal = {
  write(text: string): void;
  size(): { columns: number; rows: number };
  onResize(changed: () => void): void;
  onTyped(typed: (text: string) => void): void;
  /** What stands on the screen, without blanks at the ends of lines. */
  lines(): string[];
  cursor(): { row: number; column: number };
  /** Presses keys. */
  type(text: string): void;
  /** Characters written since the last call: what flickers is written again and again. */
  written(): number;
};

export function smallTerminal(columns = 80, rows = 25): SmallTerminal {
  const cells = Array.from({ length: rows }, () => Array.from({ length: columns }, () => ' '));
  const listeners: ((text: string) => void)[] = [];
  const at = { row: 0, column: 0 };
  let written = 0;
  const sequences: Record<string, (arguments_: string) => void> = {
    H: (text) => {
      const [row = 1, column = 1] = text.split(';').map((word) => Number(word) || 1);
      Object.assign(at, { row: row - 1, column: column - 1 });
    },
    K: () => cells[at.row]?.fill(' ', at.column),
    J: () => cells.forEach((line) => line.fill(' ')),
    m: () => {},
    r: () => {},
    h: () => {},
    l: () => {},
  };
  return {
    write: (text) => {
      written += text.length;
      for (const part of text.matchAll(/\u001b\[([?0-9;]*)([A-Za-z])|([^])/gu)) {
        const [, arguments_ = '', name = '', character] = part;
        if (character === undefined) {
          const act = sequences[name];
          if (!act) throw new Error(`the screen wrote ESC [ ${arguments_} ${name}`);
          act(arguments_);
          continue;
        }
        if (/\p{C}/u.test(character)) throw new Error(`the screen wrote ${JSON.stringify(text.slice(-300))}`);
        if (at.column >= columns) throw new Error(`a line is longer than the screen: row ${at.row}`);
        cells[at.row]![at.column] = character;
        at.column += 1;
      }
    },
    size: () => ({ columns, rows }),
    onResize: () => {},
    onTyped: (typed) => void listeners.push(typed),
    lines: () => cells.map((line) => line.join('').trimEnd()),
    cursor: () => ({ ...at }),
    type: (text) => listeners.forEach((typed) => typed(text)),
    written: () => {
      const count = written;
      written = 0;
      return count;
    },
  };
}
