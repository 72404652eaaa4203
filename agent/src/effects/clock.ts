import { existsSync } from 'node:fs';
import type { ClockDoor } from './types.ts';

/** systemd-timesyncd makes this file at its first answer in this boot, once the kernel's clock is set. */
const SYNCHRONIZED = '/run/systemd/timesync/synchronized';

const monotonic = (): number => performance.now();

/**
 * The machine's own clock. `ntp` only where a time server has answered in this boot; anything else may be a dead
 * CMOS battery and is `rtc-unverified`.
 */
export function systemClock(synchronizedFlag: string = SYNCHRONIZED): ClockDoor {
  return {
    now: () => ({
      wall: new Date().toISOString(),
      timeSource: existsSync(synchronizedFlag) ? 'ntp' : 'rtc-unverified',
    }),
    monotonic,
  };
}

/**
 * A clock that starts at a time which the server signed or sent over its authenticated channel, and runs on the
 * monotonic one: whoever sets the laptop's clock in between changes nothing.
 * @param serverWall ISO 8601 time that the server gave
 * @param receivedAtMonotonic milliseconds of `monotonic` when it came; the way it took is not corrected
 * @throws RangeError when `serverWall` is not a time
 */
export function serverClock(
  serverWall: string,
  receivedAtMonotonic: number,
  monotonic: () => number,
): ClockDoor {
  const anchor = Date.parse(serverWall);
  if (Number.isNaN(anchor)) throw new RangeError(`not a time: ${serverWall}`);
  return {
    now: () => ({
      wall: new Date(anchor + Math.max(0, monotonic() - receivedAtMonotonic)).toISOString(),
      timeSource: 'server',
    }),
    monotonic,
  };
}
