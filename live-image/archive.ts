// Where this machine takes Debian from: its own apt says so, and nothing here names a host.
import { BuildError } from './build-error.ts';

export const SUITE = 'trixie';
const COMPONENTS = 'main non-free-firmware';
const KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg';

/** One line of what `apt-get indextargets` prints in this format. */
export const TARGETS_FORMAT = '$(REPO_URI)\t$(CODENAME)\t$(ORIGIN)\t$(LABEL)';

export type Archive = { main: string; security: string | null };

/**
 * The archives of this machine that are Debian's by their signed Release file, whatever release they are asked for.
 * @throws BuildError `no-debian-archive`
 */
export function parseTargets(text: string): Archive {
  const targets = text.split('\n').map((line) => line.split('\t'));
  const uriOf = (label: string): string | null =>
    targets.find((target) => target[2] === 'Debian' && target[3] === label)?.[0] ?? null;
  const main = uriOf('Debian');
  if (main === null) {
    throw new BuildError(
      'no-debian-archive',
      'L’apt de cette machine ne connaît aucune archive Debian : en ajouter une à /etc/apt, puis apt-get update.',
      'The apt of this machine knows no Debian archive: add one to /etc/apt, then apt-get update.',
    );
  }
  return { main, security: uriOf('Debian-Security') };
}

export type Part = 'main' | 'updates' | 'security';

/** A sources.list for the wanted release. */
export function sourcesList({ main, security }: Archive, parts: readonly Part[]): string {
  const line = (uri: string, suite: string): string =>
    `deb [signed-by=${KEYRING}] ${uri} ${suite} ${COMPONENTS}\n`;
  return parts
    .map((part) => {
      if (part === 'main') return line(main, SUITE);
      if (part === 'updates') return line(main, `${SUITE}-updates`);
      return security === null ? '' : line(security, `${SUITE}-security`);
    })
    .join('');
}
