/** One line of /proc/self/mountinfo, as far as interlocks need it (proc(5)). */
export type Mount = { device: string; mountPoint: string; source: string };

/** `device` is `major:minor`; octal escapes (`\040`) are undone. Lines that do not parse are null, never skipped. */
export function parseMountinfo(text: string): Mount[] | null {
  const mounts: Mount[] = [];
  for (const line of text.split('\n')) {
    if (line === '') continue;
    const [before, after] = line.split(' - ', 2);
    const fields = before?.split(' ') ?? [];
    const [device, mountPoint] = [fields[2], fields[4]];
    const source = after?.split(' ')[1];
    if (!device || !/^\d+:\d+$/.test(device) || !mountPoint || source === undefined) return null;
    mounts.push({ device, mountPoint: unescape(mountPoint), source: unescape(source) });
  }
  return mounts;
}

/** The paths in /proc/swaps; null when the table does not look like one. */
export function parseSwaps(text: string): string[] | null {
  const [head, ...lines] = text.split('\n').filter((line) => line !== '');
  if (!head?.startsWith('Filename')) return null;
  return lines.map((line) => unescape(line.split(/\s+/)[0] ?? ''));
}

function unescape(field: string): string {
  return field.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
}
