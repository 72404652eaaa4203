import type { Pattern } from '@rebond/protocol';
import { fillFromStream } from './key-stream.ts';

/** Fills `target` with the bytes that a pass has at `offset`, a multiple of 16. */
export function fillFromPattern(target: Uint8Array, pattern: Pattern, keyHex: string, offset: number): void {
  if (pattern.kind === 'keyed') return fillFromStream(target, keyHex, offset);
  const bytes = Buffer.from(pattern.hex, 'hex');
  for (let at = 0; at < Math.min(bytes.length, target.length); at += 1) {
    target[at] = bytes[(offset + at) % bytes.length] ?? 0;
  }
  // What is there is copied after itself, twice as much each time: whole periods, so the phase is kept.
  for (let done = bytes.length; done < target.length; done *= 2) {
    target.copyWithin(done, 0, Math.min(done, target.length - done));
  }
}
