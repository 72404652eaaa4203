// One request and what a drive may answer to it.
import type { DriveError } from '@rebond/protocol';
import type { BadSectors } from './words.ts';
import type { Halt } from './halt.ts';

/** Reads or writes at most the whole buffer; the count says how much it was. */
export type Request = (buffer: Uint8Array, offset: number) => Promise<number>;

export type Salvage = {
  sectorBytes: number;
  halt: Halt;
  /** Every part that went well. */
  good: (part: Uint8Array, offset: number) => void;
  /** One logical sector that stayed bad. */
  bad: (error: DriveError) => void;
};

type Failure = { code: string; offset: number };

/** A request that failed is retried in so many parts, each of which may fail and be cut again, down to one sector. */
const PARTS = 16;
const LISTED = 1000;

/** @returns null when all of it was transferred. A short answer is continued; an answer of nothing is the end. */
export async function transfer(request: Request, piece: Uint8Array, offset: number): Promise<Failure | null> {
  for (let at = 0; at < piece.length;) {
    try {
      const count = await request(at === 0 ? piece : piece.subarray(at), offset + at);
      if (count <= 0) return { code: NOTHING, offset: offset + at };
      at += count;
    } catch (error) {
      return { code: (error as NodeJS.ErrnoException).code ?? 'unknown error', offset: offset + at };
    }
  }
  return null;
}

/** Goes over a piece whose request failed again, in small parts, and tells the good from the bad. */
export async function salvage(
  request: Request,
  piece: Uint8Array,
  offset: number,
  failure: Failure,
  doors: Salvage,
): Promise<void> {
  const fatal = fatalCode(failure.code);
  if (fatal) {
    doors.bad(failure);
    doors.halt.stop(fatal, failure.code);
    return;
  }
  const { sectorBytes } = doors;
  if (piece.length <= sectorBytes) return doors.bad({ code: failure.code, offset });
  const step = Math.max(sectorBytes, Math.ceil(piece.length / PARTS / sectorBytes) * sectorBytes);
  for (let at = 0; at < piece.length && !doors.halt.why(); at += step) {
    const part = piece.subarray(at, at + step);
    const again = await transfer(request, part, offset + at);
    if (again === null) doors.good(part, offset + at);
    else await salvage(request, part, offset + at, again, doors);
  }
}

/** An answer of no bytes. */
const NOTHING = 'nothing';

/**
 * What says that other places of the drive would answer the same. A device that was removed answers writes with ENOSPC
 * and reads with no bytes before its known end; the other codes are of a request that the system itself refuses.
 */
function fatalCode(code: string): 'device-gone' | 'request-refused' | null {
  switch (code) {
    case NOTHING:
    case 'ENOSPC':
    case 'ENODEV':
    case 'ENXIO':
    case 'ENOMEDIUM':
    case 'ESHUTDOWN':
      return 'device-gone';
    case 'EINVAL':
    case 'EROFS':
    case 'EPERM':
    case 'EACCES':
    case 'EBADF':
    case 'EFBIG':
    case 'ENOMEM':
      return 'request-refused';
    default:
      return null;
  }
}

/** Adds to a list that stays short; it is put in order by `inOrder`. */
export function addBad(list: BadSectors, error: DriveError): void {
  list.count += 1;
  if (list.listed.length < LISTED) list.listed.push(error);
}

/** Lanes finish out of order. */
export function inOrder(list: BadSectors): BadSectors {
  return { ...list, listed: list.listed.toSorted((a, b) => a.offset - b.offset) };
}

export const LISTED_AT_MOST = LISTED;
