import { failed, parsed, type Parsed } from './parsed.ts';
import { meaningful } from './placeholder.ts';

/** What /proc/cpuinfo says; null where the architecture does not print it. */
export type CpuInfo = {
  model: string;
  vendor: string | null;
  /** Processors that are online. */
  threads: number;
  sockets: number | null;
  cores: number | null;
  /** The `vmx` or `svm` flag; the firmware may still forbid its use. */
  virtualization: boolean | null;
  /** The `lm` flag: the processor can run x86_64. Null where there are no x86 flags. */
  longMode: boolean | null;
};

export const CPUINFO = '/proc/cpuinfo';
const THREADS_MAX = 65_536;

/** Text of /proc/cpuinfo: blocks of `key : value`, whose keys differ between architectures. */
export function parseCpuinfo(text: string): Parsed<CpuInfo> {
  const pairs = text.split(/\r?\n/).flatMap(pair);
  const first = (...keys: readonly string[]): string | null =>
    meaningful(keys.map((key) => pairs.find(([name]) => name === key)?.[1]).find((value) => value));
  const threads = threadsIn(pairs, text);
  if (threads === 0 || threads > THREADS_MAX) return failed('nonsense', CPUINFO, text.slice(0, 500));
  const flags = pairs.find(([key]) => key === 'flags')?.[1]?.split(/\s+/);
  return parsed({
    model: first('model name', 'Processor', 'Model Name', 'cpu model', 'cpu') ?? armName(first) ?? 'unknown',
    vendor: first('vendor_id'),
    threads,
    ...packages(pairs, threads),
    virtualization: flags ? flags.includes('vmx') || flags.includes('svm') : null,
    longMode: flags ? flags.includes('lm') : null,
  });
}

type Pair = readonly [key: string, value: string];

function pair(line: string): Pair[] {
  const colon = line.indexOf(':');
  return colon < 0 ? [] : [[line.slice(0, colon).trim(), line.slice(colon + 1).trim()]];
}

/** `processor : 0` on most, `processor 0: …` on s390, one figure for all on Alpha and SPARC. */
function threadsIn(pairs: readonly Pair[], text: string): number {
  const listed = pairs.filter(([key, value]) => key === 'processor' && /^\d+$/.test(value)).length;
  const named = pairs.filter(([key]) => /^processor \d+$/.test(key)).length;
  const total = /^(?:cpus|ncpus) active\s*:\s*(\d{1,5})\s*$/m.exec(text)?.[1];
  return listed || named || Number(total ?? 0);
}

/** Sockets and cores from `physical id` and `core id`, where every processor has them. */
function packages(pairs: readonly Pair[], threads: number): { sockets: number | null; cores: number | null } {
  const sockets = pairs.filter(([key]) => key === 'physical id').map(([, value]) => value);
  const cores = pairs.filter(([key]) => key === 'core id').map(([, value]) => value);
  return topology(
    sockets.map((socket, index) => ({ socket, core: cores[index] ?? null })),
    threads,
  );
}

/** How many different sockets and cores there are; null unless all `threads` processors say where they are. */
export function topology(
  places: readonly { socket: string | null; core: string | null }[],
  threads: number,
): { sockets: number | null; cores: number | null } {
  const isNumber = (id: string | null): boolean => /^\d+$/.test(id ?? '');
  if (places.length !== threads || !places.every(({ socket }) => isNumber(socket))) {
    return { sockets: null, cores: null };
  }
  const cores = new Set(places.map(({ socket, core }) => `${socket}/${core}`)).size;
  return {
    sockets: new Set(places.map(({ socket }) => socket)).size,
    cores: places.every(({ core }) => isNumber(core)) ? cores : null,
  };
}

function armName(first: (...keys: readonly string[]) => string | null): string | null {
  const implementer = first('CPU implementer');
  return implementer === null ? null : `ARM implementer ${implementer} part ${first('CPU part') ?? '?'}`;
}
