import { existsSync } from 'node:fs';
import { describe, expect, it, vi } from 'vitest';
import { scratch } from '../../../test-fixtures/scratch.ts';
import { run } from './run.ts';
import type { RunResult } from './types.ts';

const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
const exited = (result: RunResult): Extract<RunResult, { kind: 'exited' }> => {
  if (result.kind !== 'exited') throw new Error(`not exited but ${result.kind}`);
  return result;
};

describe('run', () => {
  it('keeps exit status, stdout and stderr apart, byte for byte', async () => {
    const result = exited(await run(['sh', '-c', String.raw`printf 'a\377\n'; printf 'b\n' >&2; exit 3`]));
    expect(result.exitCode).toBe(3);
    expect([...result.stdout]).toEqual([0x61, 0xff, 0x0a]);
    expect(text(result.stderr)).toBe('b\n');
  });

  it('gives each word to the program as it is: no shell, no file of its own to read', async () => {
    const result = exited(await run(['printf', '%s|', '$HOME', '*', 'a b', ';true']));
    expect(text(result.stdout)).toBe('$HOME|*|a b|;true|');
    expect(text(exited(await run(['cat'])).stdout)).toBe('');
    expect(text(exited(await run(['sh', '-c', 'echo $LC_ALL'])).stdout)).toBe('C\n');
  });

  it('says that a program is missing, and that one may not be executed', async () => {
    expect(await run(['no-such-program-at-all'])).toEqual({ kind: 'missing' });
    expect(await run(['/etc/passwd'])).toMatchObject({ kind: 'broken' });
    expect(await run(['echo', 'a\0b'])).toMatchObject({ kind: 'broken' });
  });

  it('ends a program at its time limit and keeps what it had printed', async () => {
    const result = await run(['sh', '-c', 'echo early; exec sleep 30'], { timeoutMs: 300 });
    expect(result.kind).toBe('timed-out');
    expect(result.kind === 'timed-out' && text(result.stdout)).toBe('early\n');
  });

  it('comes back from a program that ignores the signal and leaves its pipes open', async () => {
    const started = performance.now();
    const result = await run(['sh', '-c', 'trap "" TERM; sleep 8 & wait; wait'], { timeoutMs: 200 });
    expect(result.kind).toBe('timed-out');
    expect(performance.now() - started).toBeLessThan(6000);
  }, 10_000);

  it('waits no longer for a program that must not be killed, and lets it go on', async () => {
    using folder = scratch('run');
    const done = `${folder.path}/done`;
    const limits = { timeoutMs: 200, leaveRunning: true };
    expect((await run(['sh', '-c', 'sleep 1; : > "$0"', done], limits)).kind).toBe('timed-out');
    expect(existsSync(done)).toBe(false);
    await vi.waitFor(() => expect(existsSync(done)).toBe(true), { timeout: 10_000 });
  });

  it('cuts off a program that prints too much, and one that a signal ended', async () => {
    const flood = await run(['head', '-c', '5000', '/dev/zero'], { maxBytes: 4096 });
    expect(flood).toEqual({ kind: 'broken', detail: 'printed more than 4096 bytes' });
    expect(exited(await run(['head', '-c', '4096', '/dev/zero'], { maxBytes: 4096 })).stdout.length).toBe(
      4096,
    );
    expect(await run(['sh', '-c', 'kill -9 $$'])).toEqual({ kind: 'broken', detail: 'ended by SIGKILL' });
  });
});
