/** GRUB's environment block: exactly 1024 bytes, so that the boot loader can write it where it lies. */
export const GRUBENV_BYTES = 1024;

const SIGNATURE = '# GRUB Environment Block\n';
const NAME = /^[A-Za-z0-9_]{1,64}$/;

/** Values by name; null when it is no environment block. A name that is there twice has its last value, as in GRUB. */
export function parseGrubenv(bytes: Uint8Array): Map<string, string> | null {
  const lines = linesOf(bytes);
  return lines && new Map(lines.map(pairOf).filter((pair) => pair !== null));
}

/**
 * The same block with these values set, and everything else as it was.
 * @param values plain text: no backslash and no line feed, which GRUB would write differently
 * @returns null when it is no environment block, or there is no room
 */
export function setInGrubenv(bytes: Uint8Array, values: Record<string, string>): Uint8Array | null {
  const lines = linesOf(bytes);
  const pairs = Object.entries(values);
  if (!lines || !pairs.every(([name, value]) => NAME.test(name) && /^[\x20-\x5b\x5d-\x7e]*$/.test(value)))
    return null;
  const others = lines.filter((line) => !Object.hasOwn(values, pairOf(line)?.[0] ?? '\n'));
  const set = [...others, ...pairs.map(([name, value]) => `${name}=${value}`)];
  const text = SIGNATURE + set.map((line) => `${line}\n`).join('');
  if (text.length > GRUBENV_BYTES) return null;
  return Uint8Array.from(Buffer.from(text.padEnd(GRUBENV_BYTES, '#'), 'latin1'));
}

/** The lines between the signature and the padding, which has no line feed; bytes above 127 come through unchanged. */
function linesOf(bytes: Uint8Array): string[] | null {
  const text = Buffer.from(bytes).toString('latin1');
  if (text.length !== GRUBENV_BYTES || !text.startsWith(SIGNATURE)) return null;
  // A value may hold an escaped line feed: the line goes on behind it.
  return (
    text
      .slice(SIGNATURE.length)
      .match(/(?:\\[\s\S]|[^\\\n])*\n/g)
      ?.map((line) => line.slice(0, -1)) ?? []
  );
}

function pairOf(line: string): [string, string] | null {
  const at = line.indexOf('=');
  return at < 1 || line.startsWith('#') ? null : [line.slice(0, at), line.slice(at + 1)];
}
