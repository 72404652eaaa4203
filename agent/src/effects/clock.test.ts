import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Clock } from '@rebond/protocol';
import { describe, expect, it } from 'vitest';
import { serverClock, systemClock } from './clock.ts';

describe('systemClock', () => {
  it('says ntp only once a time server has answered in this boot', () => {
    const folder = mkdtempSync(join(tmpdir(), 'rebond-clock-'));
    const flag = join(folder, 'synchronized');
    const clock = systemClock(flag);
    expect(Clock.parse(clock.now()).timeSource).toBe('rtc-unverified');
    writeFileSync(flag, '');
    expect(Clock.parse(clock.now()).timeSource).toBe('ntp');
    rmSync(folder, { recursive: true });
  });

  it('has a monotonic side that does not go back', () => {
    const clock = systemClock();
    const first = clock.monotonic();
    expect(clock.monotonic()).toBeGreaterThanOrEqual(first);
  });
});

describe('serverClock', () => {
  it('runs on from the server’s time by the monotonic clock alone', () => {
    let elapsed = 1000;
    const clock = serverClock('2026-03-01T10:00:00.000Z', 1000, () => elapsed);
    expect(clock.now()).toEqual({ wall: '2026-03-01T10:00:00.000Z', timeSource: 'server' });
    elapsed += 61_500;
    expect(Clock.parse(clock.now()).wall).toBe('2026-03-01T10:01:01.500Z');
    expect(clock.monotonic()).toBe(62_500);
  });

  it('refuses what is not a time', () => {
    expect(() => serverClock('yesterday', 0, () => 0)).toThrow(RangeError);
  });
});
