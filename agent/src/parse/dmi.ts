import { failed, integer, parsed, type Parsed } from './parsed.ts';

/** One structure of the SMBIOS table (DSP0134), as dmidecode prints it. Lists under a field are left out. */
export type DmiStructure = {
  handle: string | null;
  /** SMBIOS type number, e.g. 17 for a memory device; null where dmidecode 2.0 does not print it. */
  type: number | null;
  title: string;
  fields: ReadonlyMap<string, string>;
};

export const DMIDECODE = 'dmidecode';

/** Output of `dmidecode` 2.0 to 3.6, whatever its line ends and indentation. */
export function parseDmi(text: string): Parsed<DmiStructure[]> {
  const structures = split(text).map(structure);
  if (structures.length > 0) return parsed(structures);
  return failed('unreadable', DMIDECODE, text.trim() === '' ? 'printed nothing' : text.slice(0, 500));
}

/** The structures of one kind, by number, or by title where there is no number. */
export function ofType(structures: readonly DmiStructure[], type: number, title: RegExp): DmiStructure[] {
  return structures.filter((each) => (each.type === null ? title.test(each.title) : each.type === type));
}

const HANDLE = /^\s*Handle 0x([0-9A-Fa-f]+)/;

/** The lines of each structure, from its handle to the next. */
function split(text: string): string[][] {
  const groups: string[][] = [];
  for (const line of text.split(/\r?\n/)) {
    if (HANDLE.test(line)) groups.push([line]);
    else if (line.trim() !== '') groups.at(-1)?.push(line);
  }
  return groups;
}

const indent = (line: string): number => line.length - line.trimStart().length;
const TYPE = /DMI type (\d{1,3})\b/;

function structure(lines: readonly string[]): DmiStructure {
  const [first = '', ...rest] = lines;
  const isTypeLine = /^\s*DMI type \d/.test(rest[0] ?? '');
  const [title = '', ...body] = isTypeLine ? rest.slice(1) : rest;
  const depth = indent(body[0] ?? '');
  const fields = new Map<string, string>();
  for (const line of body) {
    const colon = line.indexOf(':');
    if (indent(line) > depth || colon < 0) continue;
    const key = line.slice(0, colon).trim();
    if (!fields.has(key)) fields.set(key, line.slice(colon + 1).trim());
  }
  return {
    handle: HANDLE.exec(first)?.[1]?.toUpperCase().padStart(4, '0') ?? null,
    type: integer((TYPE.exec(first) ?? TYPE.exec(isTypeLine ? (rest[0] ?? '') : ''))?.[1]),
    title: title.trim(),
    fields,
  };
}
