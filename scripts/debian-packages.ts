import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

export type Needed = { program: string; package: string };

const PLACES = ['/usr/bin', '/usr/sbin', '/bin', '/sbin', '/usr/local/bin', '/usr/local/sbin'];

function missing(needed: readonly Needed[]): Needed[] {
  return needed.filter(({ program }) => !PLACES.some((place) => existsSync(`${place}/${program}`)));
}

/**
 * Installs Debian packages whose programs are missing, as root.
 * @returns what is still missing afterwards; empty when all is there
 */
export function ensure(needed: readonly Needed[], say: (line: string) => void): Needed[] {
  const wanted = missing(needed);
  if (wanted.length === 0 || process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return wanted;
  const names = [...new Set(wanted.map((each) => each.package))];
  say(`Installation de ${names.join(', ')} (Debian)… / Installing ${names.join(', ')} (Debian)…`);
  const install = ['install', '-y', '--no-install-recommends', ...names];
  // A fresh machine may have no package lists yet, or old ones: try as it is, then update once.
  if (!apt(install)) void (apt(['update']) && apt(install));
  return missing(needed);
}

export function whatToInstall(lacking: readonly Needed[]): string {
  const names = [...new Set(lacking.map((each) => each.package))].join(' ');
  return (
    `Paquets Debian manquants : ${names}. En root : apt-get install ${names}\n` +
    `Missing Debian packages: ${names}. As root: apt-get install ${names}`
  );
}

/** Another installation may be under way, of this project or of the machine: it is waited for. */
const PATIENCE = ['-o', 'DPkg::Lock::Timeout=600'];

function apt(args: readonly string[]): boolean {
  const run = spawnSync('apt-get', [...PATIENCE, ...args], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  });
  return run.status === 0;
}
