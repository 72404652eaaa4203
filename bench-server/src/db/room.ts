import type { Db } from './schema.ts';

const SQLITE_FULL = 13;
/** The index beside the log could not grow: the disk is full here too. */
const SQLITE_IOERR_SHMSIZE = 4874;

/** True for an error that says: no room left on the disk. */
export function lacksRoom(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return false;
  const { code, errcode = 0 } = error as { code?: unknown; errcode?: number };
  return (
    code === 'ENOSPC' ||
    code === 'EDQUOT' ||
    (errcode & 0xff) === SQLITE_FULL ||
    errcode === SQLITE_IOERR_SHMSIZE
  );
}

/** Whether the last write to a database failed for lack of room. */
export type Room = { lacking: boolean };

const rooms = new WeakMap<Db, Room>();

export function keepRoom(db: Db, room: Room): void {
  rooms.set(db, room);
}

export function lastWriteLackedRoom(db: Db): boolean {
  return rooms.get(db)?.lacking ?? false;
}
