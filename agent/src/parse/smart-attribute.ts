import { at, integerAt, textAt } from './json.ts';
import { integer } from './parsed.ts';

/** Attributes are vendor-specific: one counts only where id and smartctl's name agree (`197 Not_In_Use` exists). */
const COUNTERS = {
  reallocated: { id: 5, name: /realloc|retired|reassign|remap|bad_bl/i },
  pending: { id: 197, name: /pending/i },
  uncorrectable: { id: 198, name: /uncorr|unc_|offl/i },
} as const;

/**
 * A sector counter from smartctl's table of ATA attributes. The string is smartctl's decoding: `138 (0 26)` is 138
 * packed in 1704074. Null where string and raw value contradict each other.
 */
export function attributeCount(table: readonly unknown[], counter: keyof typeof COUNTERS): number | null {
  const { id, name } = COUNTERS[counter];
  const row = rowOf(table, id, name);
  const text = textAt(row, 'raw', 'string')?.trim() ?? '';
  const count = integer(/^\d+(?= |$)/.exec(text)?.[0]);
  if (count === null) return null;
  const isPlain = /^\d+$/.test(text);
  return isPlain && at(row, 'raw', 'value') !== undefined && integerAt(row, 'raw', 'value') !== count
    ? null
    : count;
}

/** Hours from attribute 9, `2725 (151 234 0)` or `1338h+05m+52s`. */
export function attributeHours(table: readonly unknown[]): number | null {
  const row = rowOf(table, 9, /power_?on/i);
  const text = textAt(row, 'raw', 'string') ?? '';
  const isHours = /hours/i.test(textAt(row, 'name') ?? '');
  return integer((/^(\d+)h\+/.exec(text) ?? (isHours ? /^(\d+)(?= |$)/.exec(text) : null))?.[1]);
}

/** Degrees Celsius from attribute 194, else 190: `25 (Min/Max 14/54)`. */
export function attributeTemperature(table: readonly unknown[]): number | null {
  const row = rowOf(table, 194, /temp/i) ?? rowOf(table, 190, /temp/i);
  return integer(/^-?\d+(?= |$)/.exec(textAt(row, 'raw', 'string') ?? '')?.[0]);
}

function rowOf(table: readonly unknown[], id: number, name: RegExp): unknown {
  return table.find((row) => integerAt(row, 'id') === id && name.test(textAt(row, 'name') ?? ''));
}
