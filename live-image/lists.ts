// The lists of this room: one thing a line, and after a # why.
import { BuildError } from './build-error.ts';

/** Debian's own rule for the name of a package (Policy 5.6.7). */
const PACKAGE = /^[a-z0-9][a-z0-9+.-]+$/;

export function parseList(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.replace(/#.*/, '').trim())
    .filter((line) => line !== '');
}

/** @throws BuildError `bad-list` */
export function parsePackages(text: string): string[] {
  const names = parseList(text);
  const bad = names.find((name) => !PACKAGE.test(name));
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (bad !== undefined || twice !== undefined) {
    const what = bad ?? twice ?? '';
    throw new BuildError(
      'bad-list',
      `Liste de paquets incorrecte : ${what}`,
      `Bad list of packages: ${what}`,
    );
  }
  return names;
}
