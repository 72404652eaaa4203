// What a .deb file says of itself, and the index of a set of them.
import { BuildError } from './build-error.ts';

export type Deb = {
  path: string;
  name: string;
  version: string;
  architecture: string;
  source: string;
  sourceVersion: string;
  sizeBytes: number;
  sha256: string;
  /** Seconds since 1970: when its parts were put together, which Debian takes from its changelog. */
  builtAt: number;
  control: string;
};

/** Fields of one control paragraph; continuation lines are kept with their field. */
export function parseControl(text: string): Map<string, string> {
  const fields = new Map<string, string>();
  let last = '';
  for (const line of text.split('\n')) {
    if (/^\s/.test(line)) fields.set(last, `${fields.get(last) ?? ''}\n${line}`);
    const [, name, value] = /^([^\s:]+):\s*(.*)$/.exec(line) ?? [];
    if (name === undefined) continue;
    last = name;
    fields.set(name, value ?? '');
  }
  return fields;
}

type File = Pick<Deb, 'path' | 'sizeBytes' | 'sha256' | 'builtAt'>;

/** @throws BuildError `bad-debs` */
export function toDeb(file: File, control: string): Deb {
  const fields = parseControl(control);
  const get = (name: string): string => {
    const value = fields.get(name);
    if (value !== undefined && value !== '') return value;
    throw new BuildError('bad-debs', `${file.path} : pas de champ ${name}`, `${file.path}: no field ${name}`);
  };
  const [name, version] = [get('Package'), get('Version')];
  // "Source: name (version)" where they differ from the binary package's own (Policy 5.6.1).
  const [, source = name, sourceVersion = version] =
    /^(\S+)(?:\s+\(([^)]+)\))?$/.exec(fields.get('Source') ?? name) ?? [];
  return {
    ...file,
    name,
    version,
    architecture: get('Architecture'),
    source,
    sourceVersion,
    control: control.trimEnd(),
  };
}

/** The date in the header of the archive's first member (ar(5)): 12 bytes from the 25th. */
export function builtAt(head: Uint8Array): number {
  const text = Buffer.from(head).toString('latin1');
  if (!text.startsWith('!<arch>\ndebian-binary')) {
    throw new BuildError('bad-debs', 'Ce n’est pas un paquet Debian.', 'This is not a Debian package.');
  }
  return Number.parseInt(text.slice(24, 36), 10);
}

/** The index that apt reads. Files are named by digest: no character of a version needs care. */
export function packagesIndex(debs: readonly Deb[]): string {
  return debs
    .map(
      ({ control, sha256, sizeBytes }) =>
        `${control}\nFilename: pool/${sha256}.deb\nSize: ${sizeBytes}\nSHA256: ${sha256}\n`,
    )
    .join('\n');
}

/** Names of the packages that dpkg's own list (/var/lib/dpkg/status) has as installed. */
export function installedPackages(status: string): Set<string> {
  const paragraphs = status.split(/\n{2,}/).map(parseControl);
  const installed = paragraphs.filter((each) => each.get('Status') === 'install ok installed');
  return new Set(installed.flatMap((each) => each.get('Package') ?? []));
}

/** What debs.json lists: by name, so that two lists can be compared by eye. */
export function publicFacts(debs: readonly Deb[]) {
  return debs
    .map(({ name, version, architecture, sha256, source, sourceVersion }) => ({
      name,
      version,
      architecture,
      sha256,
      source,
      sourceVersion,
    }))
    .sort((a, b) =>
      a.name === b.name ? (a.architecture < b.architecture ? -1 : 1) : a.name < b.name ? -1 : 1,
    );
}
