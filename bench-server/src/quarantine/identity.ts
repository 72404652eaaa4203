import { createHash } from 'node:crypto';
import type { DriveIdentity } from '@rebond/protocol';

/**
 * The same key only for what is surely the same drive: model, serial number and WWID alike, or the same property label.
 * Where two ways of attaching a drive tell different things of it, it has two keys, and what went well under one does
 * not release the other. A drive that nothing tells apart is one in one record only.
 * @param within the record and the path, for such a drive
 */
export function driveKey(
  { model, serial, wwid, propertyLabel }: DriveIdentity,
  within: readonly string[],
): string {
  const own = [model, serial, wwid].map(plain);
  if (own[1] || own[2]) return digest(['drive', ...own]);
  if (propertyLabel !== undefined) return digest(['label', propertyLabel]);
  return digest(['only', ...within]);
}

/** The key of a second drive in one machine that tells the same of itself: neither may stand for the other. */
export function twinKey(within: readonly string[]): string {
  return digest(['only', ...within]);
}

/** A number by which a drive may be recognized again, as stored; null where it is none. */
export function recognizable(number: string | null | undefined): string | null {
  const bare = plain(number ?? null);
  return bare.length < 4 ? null : bare.slice(0, 256);
}

function plain(text: string | null): string {
  return text?.trim().toUpperCase() ?? '';
}

function digest(parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}
