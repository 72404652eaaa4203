import type { AtaSecurity } from '@rebond/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SanitizeStatus } from '../../parse/hdparm-answers.ts';
import type { SanitizeLog } from '../../parse/nvme-answers.ts';
import type { SenseState } from '../../parse/sg-opcodes.ts';
import { conclude } from './ata-sanitize.ts';
import { concludeErase } from './ata-security-erase.ts';
import { concludeFormat } from './nvme-format.ts';
import { concludeSanitize } from './nvme-sanitize.ts';
import { concludeScsi } from './scsi-sanitize.ts';

const status: fc.Arbitrary<SanitizeStatus> = fc.record({
  state: fc.constantFrom('SD0', 'SD1', 'SD3'),
  lastSucceeded: fc.boolean(),
  percent: fc.constant(null),
});
const answers = fc.constantFrom('taken' as const, 'refused' as const, 'unknown' as const);
const idle = (lastSucceeded: boolean): SanitizeStatus => ({ state: 'SD0', lastSucceeded, percent: null });

describe('the end of an ATA SANITIZE', () => {
  it('is a success after it was seen running, or where the success flag is new', () => {
    expect(conclude(idle(true), idle(true), true, 'unknown')).toEqual({
      accepted: 'accepted',
      ended: 'succeeded',
    });
    expect(conclude(idle(false), idle(true), false, 'unknown')).toEqual({
      accepted: 'accepted',
      ended: 'succeeded',
    });
    // Over before the first question; the drive cleared the flag of before when it took the command.
    expect(conclude(idle(true), idle(true), false, 'taken').ended).toBe('succeeded');
  });

  it('is not the success of an earlier one: a drive that refused still has that flag', () => {
    expect(conclude(idle(true), idle(true), false, 'refused')).toEqual({
      accepted: 'refused',
      ended: 'unknown',
    });
    expect(conclude(idle(true), idle(true), false, 'unknown')).toEqual({
      accepted: 'unknown',
      ended: 'unknown',
    });
    expect(conclude(null, idle(true), false, 'unknown')).toEqual({ accepted: 'unknown', ended: 'unknown' });
  });

  it('is a failure in SD3, and where it ran and left no flag', () => {
    expect(conclude(idle(true), { ...idle(false), state: 'SD3' }, true, 'unknown').ended).toBe('failed');
    expect(conclude(idle(true), idle(false), true, 'unknown')).toEqual({
      accepted: 'accepted',
      ended: 'failed',
    });
  });

  it('is never a success without the flag at the end, whatever else was seen', () => {
    fc.assert(
      fc.property(fc.option(status), status, fc.boolean(), answers, (before, last, saw, answer) => {
        const { accepted, ended } = conclude(before, last, saw, answer);
        if (ended !== 'succeeded') return;
        expect(accepted).toBe('accepted');
        expect(last).toMatchObject({ state: 'SD0', lastSucceeded: true });
        expect(saw || answer === 'taken' || before?.lastSucceeded === false).toBe(true);
      }),
    );
  });
});

describe('the end of a SECURITY ERASE', () => {
  const security = (state: AtaSecurity['state']): AtaSecurity => ({
    ...{ state, attemptsExpired: false, enhanced: true },
    ...{ eraseMinutes: null, enhancedMinutes: null },
  });

  it.each([
    ['SEC1', 'accepted', 'succeeded'],
    ['SEC2', 'accepted', 'succeeded'],
    ['SEC4', 'unknown', 'failed'],
    ['SEC5', 'unknown', 'failed'],
    ['SEC6', 'unknown', 'failed'],
  ] as const)('in %s is %s, %s', (state, accepted, ended) => {
    expect(concludeErase(security(state), '')).toEqual({ accepted, ended });
  });

  it('is unknown where hdparm complained, although the password is gone, and where nothing answers', () => {
    expect(concludeErase(security('SEC1'), 'SG_IO: bad/missing sense data').ended).toBe('unknown');
    expect(concludeErase(null, '')).toEqual({ accepted: 'unknown', ended: 'unknown' });
  });
});

describe('the end of an NVMe Sanitize', () => {
  const estimates = { crypto: null, block: null, overwrite: null };
  const log = (state: SanitizeLog['state'], action: number | null = 2): SanitizeLog => ({
    ...{ state, action, percent: null, estimates },
  });

  it('is what the log says of this one', () => {
    expect(concludeSanitize(log('never', 0), log('succeeded'), false, null, 2).ended).toBe('succeeded');
    expect(concludeSanitize(log('succeeded'), log('succeeded'), true, null, 2).ended).toBe('succeeded');
    expect(concludeSanitize(log('succeeded'), log('succeeded'), false, 0, 2).ended).toBe('succeeded');
    expect(concludeSanitize(log('never', 0), log('failed'), true, null, 2).ended).toBe('failed');
  });

  it('is not what it says of another', () => {
    expect(concludeSanitize(log('succeeded'), log('succeeded'), false, 1, 2)).toEqual({
      ...{ accepted: 'refused', ended: 'unknown' },
    });
    expect(concludeSanitize(log('never', 0), log('succeeded', 4), true, null, 2).ended).toBe('unknown');
    expect(concludeSanitize(null, log('succeeded'), false, null, 2).ended).toBe('unknown');
  });

  it('is none where the log tells of no end, and then only the command tells whether it was taken', () => {
    for (const state of ['never', 'running', 'unknown'] as const) {
      expect(concludeSanitize(log('succeeded'), log(state), true, 1, 2)).toEqual({
        accepted: 'refused',
        ended: 'unknown',
      });
      expect(concludeSanitize(log('succeeded'), log(state), true, null, 2)).toEqual({
        accepted: 'unknown',
        ended: 'unknown',
      });
      expect(concludeSanitize(log('succeeded'), log(state), true, 0, 2)).toEqual({
        accepted: 'unknown',
        ended: 'unknown',
      });
    }
  });

  it('is a success only in the two states that say so', () => {
    const states = fc.constantFrom<SanitizeLog['state']>(
      ...(['never', 'succeeded', 'running', 'failed', 'succeeded-no-deallocation', 'unknown'] as const),
    );
    const logs = fc
      .tuple(states, fc.constantFrom(0, 2, 3, 4, null))
      .map(([state, action]) => log(state, action));
    fc.assert(
      fc.property(
        fc.option(logs),
        logs,
        fc.boolean(),
        fc.constantFrom(0, 1, null),
        (before, last, saw, exit) => {
          const { ended } = concludeSanitize(before, last, saw, exit, 2);
          if (ended === 'succeeded') expect(['succeeded', 'succeeded-no-deallocation']).toContain(last.state);
        },
      ),
    );
  });
});

describe('the end of an NVMe Format', () => {
  const good = {
    ...{ exitCode: 0, stdout: 'Success formatting namespace:1\n', stderr: '' },
    ...{ before: 0, after: 0, lbaFormat: 0 },
  };

  it('needs the words of success, and the LBA format that the namespace had', () => {
    expect(concludeFormat(good)).toEqual({ accepted: 'accepted', ended: 'succeeded' });
    expect(concludeFormat({ ...good, stdout: '' })).toEqual({ accepted: 'unknown', ended: 'unknown' });
    expect(concludeFormat({ ...good, after: 1 }).ended).toBe('unknown');
    expect(concludeFormat({ ...good, after: null }).ended).toBe('unknown');
  });

  it('is failed, and not refused, where the drive’s status may come in the middle', () => {
    for (const status of ['Internal Error: (0x4006)', 'Internal Error: (0x6)', 'Write Fault: (0x280)']) {
      const failed = { ...good, exitCode: 1, stdout: '', stderr: `NVMe status: ${status}` };
      expect(concludeFormat(failed)).toEqual({ accepted: 'unknown', ended: 'failed' });
    }
    const mute = { ...good, exitCode: 1, stdout: '', stderr: 'NVMe status: ?' };
    expect(concludeFormat(mute)).toEqual({ accepted: 'unknown', ended: 'unknown' });
  });

  it('is refused by the drive’s own status, and unknown for any other error', () => {
    const refused = { ...good, exitCode: 1, stdout: '', stderr: 'NVMe status: NS_WRITE_PROTECTED: (0x2020)' };
    expect(concludeFormat(refused).accepted).toBe('refused');
    expect(concludeFormat({ ...good, exitCode: 1, stderr: 'Connection timed out' }).accepted).toBe('unknown');
    expect(concludeFormat({ ...good, exitCode: null }).accepted).toBe('unknown');
    const late = { ...refused, exitCode: null };
    expect(concludeFormat(late)).toEqual({ accepted: 'unknown', ended: 'unknown' });
  });
});

describe('the end of a SCSI SANITIZE', () => {
  const senses: SenseState[] = [{ kind: 'none' }, { kind: 'failed' }, { kind: 'other', detail: 'x' }];

  it('is a success only after it was taken or seen running, with no sense left', () => {
    for (const last of senses)
      for (const saw of [true, false])
        for (const exit of [0, 5, null]) {
          const succeeded = concludeScsi(last, saw, exit).ended === 'succeeded';
          expect(succeeded).toBe(last.kind === 'none' && (saw || exit === 0));
        }
  });

  it('is a refusal where the tool got an error and nothing ran', () => {
    expect(concludeScsi({ kind: 'none' }, false, 5)).toEqual({ accepted: 'refused', ended: 'unknown' });
    expect(concludeScsi({ kind: 'none' }, false, null)).toEqual({ accepted: 'unknown', ended: 'unknown' });
  });

  it('is none while it runs', () => {
    for (const [saw, accepted] of [
      [true, 'accepted'],
      [false, 'unknown'],
    ] as const)
      expect(concludeScsi({ kind: 'running', percent: 1 }, saw, 0)).toEqual({ accepted, ended: 'unknown' });
  });
});
