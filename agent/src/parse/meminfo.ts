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

/** `312/1987`: mebibytes in use, and those that the kernel can use; `?` where the text does not say. */
export function memoryUse(text: string): string {
  const mebibytes = (name: string): number =>
    (integer(new RegExp(`^${name}:\\s*(\\d{1,15}) kB\\s*$`, 'm').exec(text)?.[1]) ?? Number.NaN) / 1024;
  const [total, free] = [mebibytes('MemTotal'), mebibytes('MemAvailable')];
  return Number.isFinite(total - free) ? `${Math.round(total - free)}/${Math.round(total)}` : '?';
}
