import { drawable, fit, fold } from './charset.ts';

/** What a row looks like besides its text. */
export type Row = { text: string; style: 'plain' | 'title' | 'strong' | 'alarm' | 'faint' };

export type FrameFacts = {
  /** As `headerLines` makes them; the stick's line is strong. */
  header: readonly string[];
  /** Everything said so far, oldest first. */
  body: readonly Row[];
  /** Rows of the body that the technician went back by. */
  back: number;
  /** What is running now, and below it one line for each drive that is worked on. */
  now: readonly string[];
  /** What the agent needs from the technician; empty where nothing. */
  prompt: string;
  typed: string;
};

/** Header above, what is said in between, what runs and what is asked for below: exactly `rows` rows. */
export function frame(facts: FrameFacts, columns: number, rows: number): { rows: Row[]; cursor: number } {
  const { header, now, prompt } = facts;
  const head = header.map((text, index): Row => ({ text, style: headStyle(index, header.length) }));
  const question = fold(drawable(prompt === '' ? '' : ` ${prompt}`), columns).slice(0, 3);
  const input = tail(` > ${drawable(facts.typed)}`, columns - 1);
  const foot: Row[] = [
    { text: '─'.repeat(columns), style: 'faint' },
    ...now.map((text): Row => ({ text: fit(drawable(text), columns), style: 'plain' })),
    ...question.map((text): Row => ({ text, style: 'strong' })),
    { text: input, style: 'plain' },
  ];
  const room = Math.max(1, rows - head.length - foot.length);
  const body = lastRows(facts.body, columns, room, facts.back);
  return { rows: [...head, ...body, ...foot].slice(-rows), cursor: input.length };
}

function headStyle(index: number, length: number): Row['style'] {
  if (index === 0) return 'title';
  if (index === length - 1) return 'faint';
  return index === length - 2 ? 'strong' : 'plain';
}

/** The rows that fit, folded to the width; only as many lines are folded as are needed. */
function lastRows(body: readonly Row[], columns: number, room: number, back: number): Row[] {
  const found: Row[] = [];
  for (let index = body.length - 1; index >= 0 && found.length < room + back; index -= 1) {
    const { text, style } = body[index] ?? { text: '', style: 'plain' };
    const folded = fold(drawable(text), columns).map((each): Row => ({ text: each, style }));
    found.push(...folded.toReversed());
  }
  const start = Math.max(0, Math.min(back, found.length - room));
  const shown = found.slice(start, start + room).toReversed();
  const empty: Row[] = Array.from({ length: room - shown.length }, () => ({ text: '', style: 'plain' }));
  return [...shown, ...empty];
}

/** The end of what is typed stays in sight. */
function tail(text: string, width: number): string {
  return text.length <= width ? text : `…${text.slice(text.length - width + 1)}`;
}

const STYLES: Record<Row['style'], string> = {
  plain: '\u001B[0m',
  title: '\u001B[0;7m',
  strong: '\u001B[0;1m',
  alarm: '\u001B[0;1;31m',
  faint: '\u001B[0m',
};

/**
 * The escape sequences that turn one frame into the next: only rows that changed are written, each over itself, so
 * that nothing flickers and what is being typed stays where it is.
 * @param header rows that keep their place even when something else writes to this terminal (DECSTBM)
 */
export function paint(
  before: readonly Row[] | null,
  after: { rows: readonly Row[]; cursor: number },
  columns: number,
  header: number,
): string {
  const rows = after.rows.flatMap((row, index) => {
    const old = before?.[index];
    if (old && old.text === row.text && old.style === row.style) return [];
    // A whole line in reverse video; elsewhere the rest of the line is cleared.
    const text = row.style === 'title' ? row.text.padEnd(columns) : row.text;
    const rest = text.length < columns ? '\u001B[0m\u001B[K' : '';
    return [`\u001B[${index + 1};1H${STYLES[row.style]}${text}${rest}`];
  });
  const last = after.rows.length;
  const place = `\u001B[0m\u001B[${last};${after.cursor + 1}H\u001B[?25h`;
  if (before === null) {
    // The region is only for others: the cursor waits below it.
    return `\u001B[?7l\u001B[${header + 1};${Math.max(header + 2, last - 4)}r\u001B[2J${rows.join('')}${place}`;
  }
  return rows.length === 0 ? place : `\u001B[?25l${rows.join('')}${place}`;
}

/** Gives the whole terminal back to whoever is next. */
export const RELEASE = '\u001B[r\u001B[?7h\u001B[0m\u001B[2J\u001B[H\u001B[?25h';
