// The matrix as tables of a README, and what differs from the one that is there.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Cell } from './cell.ts';
import { type Bus, type Column, COLUMNS } from './columns.ts';
import { expectedAt } from './expected.ts';
import type { NwipeCell } from './nwipe.ts';
import { againId, type Row, ROWS } from './rows.ts';

const README = join(import.meta.dirname, '../../../agent/src/sanitize/README.md');

/** One line of Markdown for each row, session and policy. */
export function tableOf(bus: Bus, cells: readonly Cell[], nwipe: readonly NwipeCell[]): string[] {
  const columns = COLUMNS.filter((each) => each.bus === bus);
  const headings = [...columns.map(({ heading }) => heading), '*nwipe*'];
  const lines = ROWS.filter((row) => concerns(row, bus)).flatMap((row) =>
    variantsOf(row).map(({ id, policy, title }) => {
      const first = policy === 'best' && id === row.id;
      const found = [
        ...columns.map((column) => symbolOf(cellOf(cells, id, policy, column))),
        first ? (nwipe.find((each) => each.row === id)?.symbol ?? '·') : '',
      ];
      return `| ${title} | ${found.join(' | ')} |`;
    }),
  );
  return [`| The drive… | ${headings.join(' | ')} |`, `| --- |${' :-: |'.repeat(headings.length)}`, ...lines];
}

/** A row that no column has is no row. */
function concerns(row: Row, bus: Bus): boolean {
  return COLUMNS.some((column) => column.bus === bus && row.notApplicable(column) === null);
}

function variantsOf(row: Row): { id: string; policy: string; title: string }[] {
  return [
    { id: row.id, policy: 'best', title: row.title },
    ...(row.lies
      ? [{ id: row.id, policy: 'best-and-overwrite', title: '↳ *the same, then overwritten and read back*' }]
      : []),
    ...(row.again === undefined
      ? []
      : [{ id: againId(row.id), policy: 'best', title: `↳ *the next session, ${row.again}*` }]),
  ];
}

function cellOf(cells: readonly Cell[], id: string, policy: string, column: Column): Cell | undefined {
  return cells.find((each) => each.row === id && each.policy === policy && each.column === column);
}

const LEVELS = { purge: 'P', clear: 'C', none: '–', destroy: 'D' } as const;

function symbolOf(cell: Cell | undefined): string {
  if (cell === undefined) return '·';
  const { verdict, level } = cell;
  switch (verdict) {
    case 'done':
      return isUnseen(cell) ? `⚠ ${LEVELS[level]}` : `✔ ${LEVELS[level]}`;
    case 'failed':
      return '✘';
    case 'unknown':
      return '?';
    case 'refused':
      return '⊘';
    case 'not-applicable':
      return '·';
  }
}

/** Done, and data is left in what the level covers, where no host can see it. */
export function isUnseen({ verdict, level, left }: Cell): boolean {
  if (verdict !== 'done' || level === 'none') return false;
  return left.addressable + (level === 'purge' ? left.beyond : 0) > 0;
}

/** First reasons of what is not done, row by row, and why cells are empty: as they must be, which the cells are held to. */
export function reasonsOf(bus: Bus): string[] {
  const columns = COLUMNS.filter((each) => each.bus === bus);
  const lines = ROWS.filter((row) => concerns(row, bus)).flatMap((row) => {
    const codes = columns.flatMap((column) => expectedAt(row.id, column)?.first ?? []);
    const said = [...new Set(codes)].toSorted().map((code) => `\`${code}\``);
    const whys = Map.groupBy(columns, (column) => row.notApplicable(column));
    const empty = [...whys].flatMap(([why, all]) =>
      why === null ? [] : [`*${all.map(({ heading }) => heading).join(', ')}*: ${why}`],
    );
    if (said.length + empty.length === 0) return [];
    return [`| ${row.title} | ${said.join(', ') || '–'} | ${empty.join('; ') || '–'} |`];
  });
  return [
    '| The drive… | First reasons of what is not done | Does not apply |',
    '| --- | --- | --- |',
    ...lines,
  ];
}

const mark = (bus: Bus, part: string): [string, string] => [
  `<!-- matrix ${bus} ${part}: written by its test -->`,
  `<!-- end of matrix ${bus} ${part} -->`,
];

/** Puts the lines where the README has its marks. */
export function putIntoReadme(bus: Bus, part: string, lines: readonly string[]): void {
  const [from, to] = mark(bus, part);
  const text = readFileSync(README, 'utf8');
  const [start, end] = [text.indexOf(from), text.indexOf(to)];
  if (start < 0 || end < start) throw new Error(`the README has no place for ${bus} ${part}`);
  const body = `${text.slice(0, start)}${from}\n\n${lines.join('\n')}\n\n${text.slice(end)}`;
  writeFileSync(README, body);
}

/** The lines that the README has there. */
export function inReadme(bus: Bus, part: string): string[] {
  const [from, to] = mark(bus, part);
  const text = readFileSync(README, 'utf8');
  const body = text.slice(text.indexOf(from) + from.length, text.indexOf(to));
  return body.split('\n').filter((line) => line.startsWith('|'));
}
