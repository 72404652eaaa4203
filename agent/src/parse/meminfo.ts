import { failed, integer, parsed, type Parsed } from './parsed.ts';

export const MEMINFO = '/proc/meminfo';

/** Bytes that the kernel can use: `MemTotal` of /proc/meminfo, which prints kibibytes under the name kB. */
export function parseMeminfo(text: string): Parsed<number> {
  const kibibytes = integer(/^MemTotal:\s*(\d{1,15}) kB\s*$/m.exec(text)?.[1]);
  const bytes = (kibibytes ?? 0) * 1024;
  return bytes > 0 && Number.isSafeInteger(bytes)
    ? parsed(bytes)
    : failed('nonsense', MEMINFO, text.slice(0, 500));
}
