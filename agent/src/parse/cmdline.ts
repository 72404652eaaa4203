/** What the boot loader told the kernel, as far as the agent needs it (/proc/cmdline). */
export type BootWords = {
  /** `boot=live`: live-boot made the root of this system. */
  live: boolean;
  /** Digest of the filesystem.squashfs that the loader meant; null where it is not 64 hexadecimal digits. */
  imageSha256: string | null;
  slot: 'a' | 'b' | null;
  server: string | null;
  pin: string | null;
  workshop: string | null;
};

/** The last word of a name counts, as for the kernel. Quotes are not used by our loaders and are not undone. */
export function parseCmdline(text: string): BootWords {
  const words = new Map<string, string>();
  for (const word of text.split(/\s+/)) {
    const cut = word.indexOf('=');
    if (cut > 0) words.set(word.slice(0, cut), word.slice(cut + 1));
  }
  const matching = (name: string, shape: RegExp): string | null => {
    const value = words.get(name);
    return value !== undefined && shape.test(value) ? value : null;
  };
  const slot = words.get('rebond.slot');
  return {
    live: words.get('boot') === 'live',
    imageSha256: matching('rebond.image', /^[0-9a-f]{64}$/),
    slot: slot === 'a' || slot === 'b' ? slot : null,
    server: matching('rebond.server', /^https?:\/\/[^\s"'<>]{1,250}$/),
    pin: matching('rebond.pin', /^sha256\/[A-Za-z0-9+/]{43}=$/),
    workshop: matching('rebond.workshop', /^[a-z0-9][a-z0-9-]{0,63}$/),
  };
}

/** True when /proc/consoles lists the first serial line among the kernel's consoles. */
export function hasSerialConsole(text: string): boolean {
  return text.split('\n').some((line) => line.startsWith('ttyS0 '));
}

/** Seconds since the kernel began, from /proc/uptime; null for nonsense. */
export function parseUptime(text: string): number | null {
  const seconds = Number(text.split(' ')[0]);
  return text.trim() !== '' && Number.isFinite(seconds) && seconds >= 0 ? seconds : null;
}
