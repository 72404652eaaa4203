import { describe, expect, it } from 'vitest';
import { scriptedTools } from '../../../../test-fixtures/scripted-tools.ts';
import { type FirmwareDoors, pollUntilEnded, textOf } from './technique.ts';

type State = { percent: number | null } | 'ended' | null;

/** A drive that says these things, one after the other, the last again and again. */
async function polled(
  states: readonly State[],
  change: Partial<FirmwareDoors> & { stopAfter?: number } = {},
) {
  const tools = scriptedTools({});
  const stop = new AbortController();
  const told: (number | null)[] = [];
  let asked = 0;
  const look = async (): Promise<State> => {
    const state = states[Math.min(asked, states.length - 1)] ?? null;
    asked += 1;
    if (asked === change.stopAfter) stop.abort();
    return state;
  };
  const runs = (state: NonNullable<State>) =>
    state === 'ended' ? { running: false, percent: null } : { running: true, percent: state.percent };
  const began = tools.monotonic();
  const found = await pollUntilEnded<NonNullable<State>>(look, runs, {
    ...{ ...tools, signal: stop.signal, patienceMs: 600_000, stallMs: 300_000 },
    progress: (percent) => void told.push(percent),
    ...change,
  });
  return { found, told, waits: tools.waits, asked, afterMs: tools.monotonic() - began };
}

describe('waiting for the end of an erase', () => {
  it('ends with the first state that is no longer running, and says whether one was', async () => {
    const at = await polled(['ended']);
    expect(at.found).toEqual({ kind: 'ended', last: 'ended', sawRunning: false, lastPercent: null });
    expect(at.waits).toEqual([]);
    const after = await polled([{ percent: 10 }, { percent: 50 }, { percent: null }, 'ended']);
    expect(after.found).toEqual({ kind: 'ended', last: 'ended', sawRunning: true, lastPercent: 50 });
    expect(after.told).toEqual([10, 50, null]);
  });

  it('asks often at first, and every two seconds in the end', async () => {
    const { waits } = await polled([...Array.from({ length: 7 }, () => ({ percent: null })), 'ended']);
    expect(waits).toEqual([100, 200, 400, 800, 1600, 2000, 2000]);
  });

  it('bears an answer that is missing now and then, and gives a drive up that is silent for a minute', async () => {
    const { found } = await polled([null, { percent: 1 }, null, null, 'ended']);
    expect(found).toMatchObject({ kind: 'ended', sawRunning: true });
    const gone = await polled([{ percent: 3 }, null]);
    expect(gone.found).toEqual({ kind: 'gave-up', why: 'silent', lastPercent: 3 });
    expect(gone.afterMs).toBeGreaterThan(60_000);
    expect(gone.afterMs).toBeLessThan(64_000);
    // Silence counts from the last answer.
    const late = await polled([...Array.from({ length: 40 }, () => ({ percent: null })), null]);
    expect(late.found).toMatchObject({ why: 'silent' });
    expect(late.afterMs).toBeGreaterThan(60_000 + 70_000);
  });

  it('is silent sooner where standing still is judged sooner', async () => {
    const { found, afterMs } = await polled([null], { stallMs: 10_000 });
    expect(found).toMatchObject({ why: 'silent', lastPercent: null });
    expect(afterMs).toBeGreaterThan(10_000);
    expect(afterMs).toBeLessThan(14_000);
  });

  it('gives a drive up that stands still, and not one that says nothing of how far it is', async () => {
    const still = await polled([{ percent: 40 }], { stallMs: 30_000 });
    expect(still.found).toEqual({ kind: 'gave-up', why: 'stalled', lastPercent: 40 });
    expect(still.afterMs).toBeGreaterThan(30_000);
    expect(still.afterMs).toBeLessThan(34_000);
    const slow = await polled([...Array.from({ length: 60 }, (_, percent) => ({ percent })), 'ended'], {
      stallMs: 30_000,
    });
    expect(slow.found.kind).toBe('ended');
    const quiet = await polled([{ percent: null }], { stallMs: 30_000, patienceMs: 90_000 });
    expect(quiet.found).toEqual({ kind: 'gave-up', why: 'patience', lastPercent: null });
  });

  it('gives up after the patience of the plan, however well it goes', async () => {
    const endless = Array.from({ length: 500 }, (_, percent) => ({ percent }));
    const { found, afterMs } = await polled(endless, { patienceMs: 100_000 });
    expect(found).toMatchObject({ kind: 'gave-up', why: 'patience' });
    expect(afterMs).toBeGreaterThan(100_000);
    expect(afterMs).toBeLessThan(104_000);
  });

  it('takes each limit at its word: not at it, and one millisecond after', async () => {
    const at = async (state: State, elapsed: number, limits: Partial<FirmwareDoors>): Promise<string> => {
      // The second look is at that moment; by the third it has ended.
      const clock = [0, 0, elapsed];
      const monotonic = (): number => clock.shift() ?? elapsed;
      const { found } = await polled([state, state, 'ended'], { monotonic, ...limits });
      return found.kind === 'ended' ? 'ended' : found.why;
    };
    const running = { percent: 40 };
    expect(await at(null, 60_000, {})).toBe('ended');
    expect(await at(null, 60_001, {})).toBe('silent');
    expect(await at(running, 9000, { stallMs: 9000 })).toBe('ended');
    expect(await at(running, 9001, { stallMs: 9000 })).toBe('stalled');
    expect(await at({ percent: null }, 9000, { patienceMs: 9000 })).toBe('ended');
    expect(await at({ percent: null }, 9001, { patienceMs: 9000 })).toBe('patience');
  });

  it('takes an answer without a number for no progress', async () => {
    const states = Array.from({ length: 100 }, (_, index) => ({ percent: index % 2 === 0 ? 40 : null }));
    expect((await polled(states, { stallMs: 30_000 })).found).toMatchObject({
      why: 'stalled',
      lastPercent: 40,
    });
  });

  it('ends when it is told to, after what it was about to hear', async () => {
    const { found, asked } = await polled([{ percent: 5 }, { percent: 6 }], { stopAfter: 2 });
    expect(found).toEqual({ kind: 'gave-up', why: 'stopped', lastPercent: 6 });
    expect(asked).toBe(2);
    const ended = await polled(['ended'], { stopAfter: 1 });
    expect(ended.found.kind).toBe('ended');
  });
});

it('what a tool printed is its text, also of one that did not end; there is none of one that is missing', () => {
  const [stdout, stderr] = ['é', 'no'].map((text) => new TextEncoder().encode(text)) as [
    Uint8Array,
    Uint8Array,
  ];
  expect(textOf({ kind: 'exited', exitCode: 5, stdout, stderr })).toEqual({ stdout: 'é', stderr: 'no' });
  expect(textOf({ kind: 'timed-out', stdout, stderr })).toEqual({ stdout: 'é', stderr: 'no' });
  expect(textOf({ kind: 'missing' })).toEqual({ stdout: '', stderr: '' });
  expect(textOf({ kind: 'broken', detail: 'killed' })).toEqual({ stdout: '', stderr: '' });
});
