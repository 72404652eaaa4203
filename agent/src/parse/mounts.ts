/** One line of /proc/self/mountinfo, as far as interlocks need it (proc(5)). */
export type Mount = {
  /** `major:minor` */
  device: string;
  mountPoint: string;
  fsType: string;
  source: string;
  /** Of an overlay: `lowerdir`, `upperdir` and `workdir`, where the kernel shows them. */
  folders: string[];
};

/** Octal escapes (`\040`) are undone. A table with one line that does not parse is null: none may be skipped. */
export function parseMountinfo(text: string): Mount[] | null {
  const mounts: Mount[] = [];
  for (const line of text.split('\n')) {
    if (line === '') continue;
    const [before, after] = line.split(' - ', 2);
    const fields = before?.split(' ') ?? [];
    const [device, mountPoint] = [fields[2], fields[4]];
    const [fsType, source, options = ''] = after?.split(' ') ?? [];
    if (!device || !/^\d+:\d+$/.test(device) || !mountPoint || !fsType || source === undefined) return null;
    const folders = fsType === 'overlay' ? overlayFolders(options) : [];
    mounts.push({ device, mountPoint: unescape(mountPoint), fsType, source: unescape(source), folders });
  }
  return mounts;
}

/** The paths in /proc/swaps; null when the table does not look like one. */
export function parseSwaps(text: string): string[] | null {
  const [head, ...lines] = text.split('\n').filter((line) => line !== '');
  if (!head?.startsWith('Filename')) return null;
  return lines.map((line) => unescape(line.split(/\s+/)[0] ?? ''));
}

/** `lowerdir` joins folders by colons (a colon of a name is `\\:`); Linux 6.8 and later may repeat `lowerdir+` instead. */
function overlayFolders(options: string): string[] {
  const values = options.split(',').flatMap((option) => {
    const value = /^(?:lowerdir\+?|datadir\+|upperdir|workdir)=(.*)$/.exec(option)?.[1];
    return value === undefined ? [] : unescape(value).split(/(?<!\\):/);
  });
  return values.filter((value) => value !== '').map((value) => value.replaceAll('\\:', ':'));
}

function unescape(field: string): string {
  return field.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
}
