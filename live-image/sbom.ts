// The parts list of an image in CycloneDX 1.6: what is in it, from where, under which licence.
import { BuildError } from './build-error.ts';
import type { Deb } from './deb.ts';

export type NpmPackage = { name: string; version: string; license: string | null };
type Licences = ReadonlyMap<string, readonly string[]>;
type DebFacts = Pick<Deb, 'name' | 'version' | 'architecture' | 'sha256' | 'source' | 'sourceVersion'>;
/** A file of the image that was made of packages which the running system does not have: boot loaders and the like. */
type BootPart = { file: string; sha256: string; of: readonly DebFacts[] };
type Parts = {
  version: string;
  serial: number;
  imageSha256: string;
  agentSha256: string;
  nodeVersion: string;
  /** Of the running system. */
  debs: readonly DebFacts[];
  boot: readonly BootPart[];
  licences: Licences;
  npm: readonly NpmPackage[];
};

export function makeSbom(parts: Parts) {
  const debs = allDebs(parts);
  return {
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    metadata: {
      timestamp: new Date(parts.serial * 1000).toISOString(),
      component: {
        type: 'operating-system',
        'bom-ref': 'rebond-live-image',
        name: 'rebond-live-image',
        version: `${parts.version}+${parts.serial}`,
        hashes: [sha256(parts.imageSha256)],
        licenses: [{ license: { id: 'AGPL-3.0-or-later' } }],
      },
    },
    components: [
      {
        type: 'application',
        'bom-ref': 'rebond-agent',
        name: 'rebond',
        version: parts.version,
        hashes: [sha256(parts.agentSha256)],
        licenses: [{ license: { id: 'AGPL-3.0-or-later' } }],
      },
      {
        type: 'platform',
        'bom-ref': 'node',
        name: 'node',
        version: parts.nodeVersion,
        purl: `pkg:generic/node@${parts.nodeVersion}`,
        licenses: [{ license: { id: 'MIT' } }],
      },
      ...parts.npm.map(npmComponent),
      ...debs.map((deb) => debComponent(deb, parts.licences.get(deb.name) ?? [], filesOf(deb, parts.boot))),
    ],
    dependencies: [
      { ref: 'rebond-live-image', dependsOn: ['rebond-agent', ...debs.map(debPurl)] },
      { ref: 'rebond-agent', dependsOn: ['node', ...parts.npm.map(npmPurl)] },
    ],
  };
}

/** Each package once, though the system and the boot loaders may both have bytes of it. */
function allDebs({ debs, boot }: Parts): DebFacts[] {
  const all = [...debs, ...boot.flatMap(({ of }) => of)];
  return [...new Map(all.map((deb) => [debPurl(deb), deb])).values()];
}

/** A file is listed under the package that it came from first; the others have their part in it. */
function filesOf(deb: DebFacts, boot: readonly BootPart[]) {
  return boot
    .filter(({ of: [first] }) => first !== undefined && debPurl(first) === debPurl(deb))
    .map(({ file, sha256: digest }) => ({ type: 'file', name: file, hashes: [sha256(digest)] }));
}

/**
 * Lines `packages TAB file TAB sha256` of hooks/assemble.sh, packages separated by commas.
 * @throws BuildError `bad-debs` for a package that the workbench does not have
 */
export function bootParts(text: string, workbench: readonly DebFacts[]): BootPart[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [packages = '', file = '', digest = ''] = line.split('\t');
      const of = packages.split(',').map((name) => named(workbench, name));
      return { file, sha256: digest, of };
    });
}

function named(debs: readonly DebFacts[], name: string): DebFacts {
  const found = debs.find((deb) => deb.name === name);
  if (found) return found;
  throw new BuildError('bad-debs', `${name} n’est pas dans l’atelier`, `${name} is not in the workbench`);
}

const sha256 = (content: string) => ({ alg: 'SHA-256', content });

/** https://github.com/package-url/purl-spec: a scope's @ is encoded, its / is not. */
const npmPurl = ({ name, version }: NpmPackage): string =>
  `pkg:npm/${name.replace(/^@/, '%40')}@${encodeURIComponent(version)}`;

const debPurl = ({ name, version, architecture }: Pick<Deb, 'name' | 'version' | 'architecture'>): string =>
  `pkg:deb/debian/${encodeURIComponent(name)}@${encodeURIComponent(version)}?arch=${architecture}&distro=trixie`;

function npmComponent(each: NpmPackage) {
  return {
    type: 'library',
    'bom-ref': npmPurl(each),
    name: each.name,
    version: each.version,
    purl: npmPurl(each),
    ...(each.license === null ? {} : { licenses: [{ expression: each.license }] }),
  };
}

function debComponent(deb: DebFacts, licences: readonly string[], files: ReturnType<typeof filesOf>) {
  return {
    type: 'library',
    'bom-ref': debPurl(deb),
    name: deb.name,
    version: deb.version,
    purl: debPurl(deb),
    hashes: [sha256(deb.sha256)],
    // Debian's short names are not SPDX's: given as names, not as identifiers.
    ...(licences.length === 0 ? {} : { licenses: licences.map((name) => ({ license: { name } })) }),
    properties: [
      { name: 'debian:source', value: deb.source },
      { name: 'debian:source-version', value: deb.sourceVersion },
    ],
    ...(files.length === 0 ? {} : { components: files }),
  };
}

/** Lines `package TAB licence`, from the packages' own copyright files. */
export function parseLicences(text: string): Licences {
  const licences = new Map<string, string[]>();
  for (const line of text.split('\n')) {
    const [name, licence] = line.split('\t');
    if (!name || !licence) continue;
    licences.set(name, [...(licences.get(name) ?? []), licence.trim()]);
  }
  return licences;
}

type Lock = {
  packages: Record<string, { version?: string; license?: string; dependencies?: Record<string, string> }>;
};

/** The npm packages that end in the agent's bundle: the dependencies of its workspace, and theirs. */
export function agentPackages(lock: Lock): NpmPackage[] {
  const found = new Map<string, NpmPackage>();
  const visit = (from: string): void => {
    for (const name of Object.keys(lock.packages[from]?.dependencies ?? {})) {
      if (name.startsWith('@rebond/')) {
        visit(name === '@rebond/protocol' ? 'agent/protocol' : from);
        continue;
      }
      const place = [`${from}/node_modules/${name}`, `node_modules/${name}`].find(
        (path) => path in lock.packages,
      );
      const entry = place === undefined ? undefined : lock.packages[place];
      if (place === undefined || entry?.version === undefined || found.has(place)) continue;
      found.set(place, { name, version: entry.version, license: entry.license ?? null });
      visit(place);
    }
  };
  visit('agent');
  return [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}
