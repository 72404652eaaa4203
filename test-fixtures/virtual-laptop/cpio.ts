// The archive that the kernel unpacks as its first root (Documentation/driver-api/early-userspace/buffer-format.rst).

export type Entry =
  | { kind: 'folder'; path: string }
  | { kind: 'file'; path: string; content: Buffer; mode?: number }
  | { kind: 'link'; path: string; target: string };

const TYPES = { folder: 0o040000, file: 0o100000, link: 0o120000 } as const;

/** "newc": a header of 110 ASCII characters, the name, the content, each padded to 4 bytes. Folders above are added. */
export function cpio(entries: readonly Entry[]): Buffer {
  const all = withFolders(entries);
  const parts = all.flatMap((entry, at) =>
    packed(entry.path, TYPES[entry.kind] | modeOf(entry), contentOf(entry), at + 1),
  );
  return Buffer.concat([...parts, ...packed('TRAILER!!!', 0, Buffer.alloc(0), 0)]);
}

/** Each folder once and before what is in it; the kernel makes none by itself. */
function withFolders(entries: readonly Entry[]): Entry[] {
  const seen = new Set<string>();
  const all: Entry[] = [];
  const add = (entry: Entry): void => {
    if (entry.path === '' || seen.has(entry.path)) return;
    add({ kind: 'folder', path: entry.path.split('/').slice(0, -1).join('/') });
    seen.add(entry.path);
    all.push(entry);
  };
  for (const entry of entries) add({ ...entry, path: entry.path.replace(/^\/+/, '') });
  return all;
}

function modeOf(entry: Entry): number {
  return entry.kind === 'file' ? (entry.mode ?? 0o644) : 0o755;
}

function contentOf(entry: Entry): Buffer {
  if (entry.kind === 'file') return entry.content;
  return Buffer.from(entry.kind === 'link' ? entry.target : '');
}

function packed(path: string, mode: number, content: Buffer, inode: number): Buffer[] {
  const name = Buffer.from(`${path}\0`);
  const links = 1;
  const fields = [inode, mode, 0, 0, links, 0, content.length, 0, 0, 0, 0, name.length, 0];
  const header = `070701${fields.map((field) => field.toString(16).padStart(8, '0')).join('')}`;
  const head = Buffer.concat([Buffer.from(header, 'latin1'), name]);
  return [head, padding(head.length), content, padding(content.length)];
}

function padding(length: number): Buffer {
  return Buffer.alloc((4 - (length % 4)) % 4);
}
