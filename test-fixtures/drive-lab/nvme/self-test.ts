// The Device Self-test command (Base 1.4, 5.8).
import { type Command, DONE, type Outcome, refused } from './command.ts';
import { misbehaves, type NvmeState, type SelfTestResult } from './state.ts';

export const SELF_TEST_RESULT = {
  passed: 0,
  aborted: 1,
  reset: 2,
  powerLost: 5,
  failedSegment: 7,
  sanitized: 9,
};
const KEPT = 20;

export function selfTest(state: NvmeState, { cdw10, nsid }: Command): Outcome {
  if (!state.model.selfTest) return refused('invalid-opcode');
  const code = cdw10 & 15;
  if (code === 15) {
    if (state.selfTest) endSelfTest(state, SELF_TEST_RESULT.aborted);
    return DONE;
  }
  if (code !== 1 && code !== 2) return refused('invalid-field');
  if (nsid !== 0 && nsid !== 0xffff_ffff && !state.namespaces.get(nsid)?.attached)
    return refused('invalid-namespace');
  if (state.selfTest) return refused('self-test-in-progress');
  const kind = code === 1 ? 'short' : 'long';
  const { shortTest, longTest } = state.model.durations;
  const milliseconds = 1000 * (kind === 'short' ? shortTest : longTest);
  const cancel = state.clock.after(milliseconds, () => endSelfTest(state, verdict(state)));
  state.selfTest = { kind, began: state.clock.now(), milliseconds, cancel };
  return DONE;
}

/** A drive that cannot read some of its cells finds them. */
function verdict(state: NvmeState): number {
  const broken = misbehaves(state, 'bad-sectors') !== null;
  return broken ? SELF_TEST_RESULT.failedSegment : SELF_TEST_RESULT.passed;
}

export function endSelfTest(state: NvmeState, result: number): void {
  if (!state.selfTest) return;
  state.selfTest.cancel();
  const ended: SelfTestResult = { kind: state.selfTest.kind, result, hours: powerOnHours(state) };
  state.selfTests = [ended, ...state.selfTests].slice(0, KEPT);
  state.selfTest = null;
}

/** In per cent. */
export function selfTestProgress({ selfTest, clock }: NvmeState): number {
  return selfTest ? Math.floor(((clock.now() - selfTest.began) / selfTest.milliseconds) * 100) : 0;
}

const LIVED_BEFORE = 4321;

export function powerOnHours(state: NvmeState): number {
  return LIVED_BEFORE + Math.floor(state.clock.now() / 3_600_000);
}
