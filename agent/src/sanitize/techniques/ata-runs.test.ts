// ATA techniques from the first command to the last, against tools that answer as hdparm 9.65 does.
import { describe, expect, it } from 'vitest';
import { HDD_TARGET } from '../../../../test-fixtures/step-plans.ts';
import { identifyText } from '../../../../test-fixtures/identify-words.ts';
import {
  LATE,
  MISSING,
  type ScriptedTools,
  scriptedTools,
} from '../../../../test-fixtures/scripted-tools.ts';
import { ataSanitizeOverwrite } from './ata-sanitize-overwrite.ts';
import { ataSanitizeBlock } from './ata-sanitize-block.ts';
import { ataSanitizeCrypto } from './ata-sanitize-crypto.ts';
import { ataSecurityEraseEnhanced } from './ata-security-erase-enhanced.ts';
import { ataSecurityEraseNormal } from './ata-security-erase-normal.ts';
import type { FirmwareDoors, FirmwareSeen, TechniqueRow } from './technique.ts';

const { path } = HDD_TARGET;
const IDLE = 'State:    SD0 Sanitize Idle\n';
const DONE = `${IDLE}    Last Sanitize Operation Completed Without Error\n`;
const running = (progress: string): string =>
  `State:    SD2 Sanitize operation In Process\n    Progress: ${progress} (x%)\n`;
const REFUSED = { err: 'SG_IO: bad/missing sense data, sb[]:  70 00 05' };

function run(
  row: TechniqueRow,
  tools: ScriptedTools,
  change: Partial<FirmwareDoors> = {},
): Promise<FirmwareSeen> {
  const doors: FirmwareDoors = {
    ...{ ...tools, progress: () => {}, signal: new AbortController().signal },
    ...{ patienceMs: 600_000, stallMs: 300_000, ...change },
  };
  return row.run(HDD_TARGET, { interface: 'plain' }, doors);
}
const commands = ({ asked }: ScriptedTools): string[] => asked.map(({ command }) => command);

describe('ATA SANITIZE', () => {
  it('is started once, and followed to its end', async () => {
    const tools = scriptedTools({
      'sanitize-status': [IDLE, running('0x4000'), running('0xc000'), DONE],
      '--yes': [''],
    });
    const told: (number | null)[] = [];
    const seen = await run(ataSanitizeBlock, tools, { progress: (percent) => void told.push(percent) });
    expect(seen).toEqual({
      ...{ kind: 'firmware', accepted: 'accepted', ended: 'succeeded', durationMs: 301 },
      ...{
        stateBefore: 'SD0',
        stateAfter: 'SD0, last completed without error',
        lastPercent: (0xc000 / 0xffff) * 100,
      },
    });
    expect(told.map((percent) => Math.round(percent ?? -1))).toEqual([25, 75]);
    const status = `hdparm --sanitize-status ${path}`;
    const start = `hdparm --yes-i-know-what-i-am-doing --sanitize-block-erase ${path}`;
    expect(commands(tools)).toEqual([status, start, status, status, status]);
  });

  it.each([
    [ataSanitizeCrypto, '--sanitize-crypto-scramble'],
    [ataSanitizeOverwrite, '--sanitize-overwrite-passes 1 --sanitize-overwrite hex:00000000'],
  ])('$technique is asked for by its own words', async (row, words) => {
    const tools = scriptedTools({ 'sanitize-status': [IDLE, DONE], '--yes': [''] });
    expect(await run(row, tools)).toMatchObject({ accepted: 'accepted', ended: 'succeeded' });
    expect(commands(tools)[1]).toBe(`hdparm --yes-i-know-what-i-am-doing ${words} ${path}`);
  });

  it.each<[string, Record<string, readonly Parameters<typeof scriptedTools>[0][string][number][]>, object]>([
    [
      'over before the first question counts, for the drive took the command',
      { 'sanitize-status': [DONE, DONE], '--yes': [''] },
      { accepted: 'accepted', ended: 'succeeded', lastPercent: null },
    ],
    [
      'that the drive refused leaves the flag of an earlier one',
      { 'sanitize-status': [DONE, DONE], '--yes': [REFUSED] },
      { accepted: 'refused', ended: 'unknown', stateBefore: 'SD0, last completed without error' },
    ],
    [
      'whose command ended otherwise is unknown, unless the drive says more',
      { 'sanitize-status': [DONE, DONE], '--yes': [{ exit: 2 }] },
      { accepted: 'unknown', ended: 'unknown' },
    ],
    [
      'whose tool is not there is unknown',
      { 'sanitize-status': [DONE, DONE], '--yes': [MISSING] },
      { accepted: 'unknown', ended: 'unknown' },
    ],
    [
      'that failed is a failure',
      {
        'sanitize-status': [IDLE, running('0x1000'), { err: 'Drive in SD3 Sanitize Operation Failed state' }],
        '--yes': [''],
      },
      { accepted: 'accepted', ended: 'failed', stateAfter: 'SD3' },
    ],
    [
      'of which nothing was read before counts when it was seen to run',
      { 'sanitize-status': [{ exit: 1 }, running('0x1000'), DONE], '--yes': [''] },
      { accepted: 'accepted', ended: 'succeeded', stateBefore: 'not read' },
    ],
    [
      'that stands still is given up, and was taken',
      { 'sanitize-status': [IDLE, running('0x8000')], '--yes': [''] },
      { accepted: 'accepted', ended: 'unknown', stateAfter: null },
    ],
    [
      'of a drive that never answers again is unknown throughout',
      { 'sanitize-status': [IDLE, ''], '--yes': [''] },
      { accepted: 'unknown', ended: 'unknown', stateAfter: null, lastPercent: null },
    ],
  ])('one %s', async (_, script, due) => {
    expect(await run(ataSanitizeBlock, scriptedTools(script))).toMatchObject(due);
  });

  it('the last failure of before is this one’s only where the drive had left it', async () => {
    const failed = { err: 'Drive in SD3 Sanitize Operation Failed state' };
    const seen = async (start: string | object) =>
      await run(ataSanitizeBlock, scriptedTools({ 'sanitize-status': [failed, failed], '--yes': [start] }));
    expect(await seen('')).toMatchObject({ accepted: 'unknown', ended: 'failed' });
    expect(await seen(REFUSED)).toMatchObject({ accepted: 'refused', ended: 'failed' });
  });

  it('what a command said before it was given up does not count as its answer', async () => {
    const script = { 'sanitize-status': [IDLE, IDLE], '--yes': [{ ...LATE, ...REFUSED }] };
    expect(await run(ataSanitizeBlock, scriptedTools(script))).toMatchObject({ accepted: 'unknown' });
  });

  it('a failure is this one’s where it was seen to run, or where the drive was in order before', async () => {
    const failed = { err: 'Drive in SD3 Sanitize Operation Failed state' };
    const ended = async (...status: (string | object)[]) =>
      await run(ataSanitizeBlock, scriptedTools({ 'sanitize-status': status, '--yes': [{ exit: 2 }] }));
    expect(await ended(IDLE, failed)).toMatchObject({ accepted: 'accepted', ended: 'failed' });
    expect(await ended(failed, running('0x1'), failed)).toMatchObject({
      accepted: 'accepted',
      ended: 'failed',
    });
    expect(await ended({ exit: 1 }, failed)).toMatchObject({ accepted: 'unknown', ended: 'failed' });
    // Without a flag before and after, nothing happened that anybody saw.
    expect(await ended(IDLE, IDLE)).toMatchObject({ accepted: 'unknown', ended: 'unknown' });
  });

  it('a drive that is frozen all the while took nothing', async () => {
    const frozen = 'State:    SD1 Sanitize Frozen\n';
    const tools = scriptedTools({ 'sanitize-status': [frozen, frozen], '--yes': [''] });
    expect(await run(ataSanitizeBlock, tools)).toMatchObject({ accepted: 'refused', ended: 'unknown' });
  });
});

describe('SECURITY ERASE UNIT', () => {
  const state = (security: 'SEC1' | 'SEC2' | 'SEC4' | 'SEC5'): string => identifyText({ security });
  const user = (word: string): string => `hdparm --user-master u ${word} rebond ${path}`;
  const QUESTION = `hdparm --Istdout ${path}`;

  it.each([
    [ataSecurityEraseNormal, '--security-erase'],
    [ataSecurityEraseEnhanced, '--security-erase-enhanced'],
  ])('$technique sets the published password, erases, and asks after each', async (row, word) => {
    const tools = scriptedTools({ Istdout: [state('SEC1'), state('SEC5'), state('SEC1')], security: [''] });
    const told: (number | null)[] = [];
    expect(
      await run(row, tools, { patienceMs: 7_200_000, progress: (percent) => void told.push(percent) }),
    ).toEqual({
      ...{ kind: 'firmware', accepted: 'accepted', ended: 'succeeded', lastPercent: null },
      ...{ stateBefore: 'SEC1', stateAfter: 'SEC1', durationMs: 1 },
    });
    expect(commands(tools)).toEqual([QUESTION, user('--security-set-pass'), QUESTION, user(word), QUESTION]);
    // A program that a drive's erase hangs on is waited for as long as the plan says, and never killed.
    expect(tools.asked[3]?.limits).toEqual({ timeoutMs: 7_200_000, leaveRunning: true });
    expect(told).toEqual([null]);
  });

  it('takes its password off where the drive did not erase', async () => {
    const tools = scriptedTools({ Istdout: [state('SEC1'), state('SEC5'), state('SEC5')], security: [''] });
    expect(await run(ataSecurityEraseNormal, tools)).toMatchObject({
      accepted: 'unknown',
      ended: 'failed',
      stateAfter: 'SEC5',
    });
    expect(commands(tools).at(-1)).toBe(user('--security-disable'));
  });

  it('does not touch a password that locks the drive, nor one where nothing is left of it', async () => {
    for (const after of ['SEC4', 'SEC1', 'SEC2'] as const) {
      const tools = scriptedTools({ Istdout: [state('SEC1'), state('SEC5'), state(after)], security: [''] });
      await run(ataSecurityEraseNormal, tools);
      expect(commands(tools).at(-1)).toBe(QUESTION);
    }
  });

  it('is not begun on a drive that is not in SEC1, or that does not take the password', async () => {
    const frozen = scriptedTools({ Istdout: [state('SEC2')] });
    expect(await run(ataSecurityEraseNormal, frozen)).toMatchObject({
      ...{ accepted: 'refused', ended: 'unknown', stateBefore: 'SEC2', stateAfter: 'SEC2' },
    });
    expect(commands(frozen)).toEqual([QUESTION]);
    const unmoved = scriptedTools({ Istdout: [state('SEC1'), state('SEC1')], security: [''] });
    expect(await run(ataSecurityEraseNormal, unmoved)).toMatchObject({
      accepted: 'refused',
      ended: 'unknown',
      stateAfter: 'SEC1',
    });
    expect(commands(unmoved)).toEqual([QUESTION, user('--security-set-pass'), QUESTION]);
  });

  it('is unknown where the drive does not answer, before, between or after', async () => {
    const silent = scriptedTools({ Istdout: [''] });
    expect(await run(ataSecurityEraseNormal, silent)).toMatchObject({
      ...{ accepted: 'unknown', ended: 'unknown', stateBefore: 'not read', stateAfter: null },
    });
    const between = scriptedTools({ Istdout: [state('SEC1'), ''], security: [''] });
    expect(await run(ataSecurityEraseNormal, between)).toMatchObject({
      accepted: 'unknown',
      stateAfter: null,
    });
    const after = scriptedTools({ Istdout: [state('SEC1'), state('SEC5'), ''], security: [''] });
    expect(await run(ataSecurityEraseNormal, after)).toMatchObject({
      accepted: 'unknown',
      ended: 'unknown',
      stateAfter: null,
    });
  });

  it('is unknown where hdparm did not end, and nothing more is asked of the drive then', async () => {
    const states = [state('SEC1'), state('SEC5'), state('SEC5')];
    const tools = scriptedTools({ Istdout: states, 'set-pass': [''], 'security-erase': [LATE] });
    expect(await run(ataSecurityEraseNormal, tools)).toMatchObject({
      accepted: 'unknown',
      ended: 'unknown',
      stateAfter: 'SEC5',
    });
    expect(commands(tools).at(-1)).toBe(QUESTION);
  });

  it('is no success where hdparm complained', async () => {
    const states = [state('SEC1'), state('SEC5'), state('SEC1')];
    for (const err of ['sg_io: bad/missing sense data', 'ERASE: Input/output ERROR']) {
      const tools = scriptedTools({ Istdout: states, 'set-pass': [''], 'security-erase': [{ err }] });
      expect(await run(ataSecurityEraseNormal, tools)).toMatchObject({
        accepted: 'accepted',
        ended: 'unknown',
      });
    }
  });
});
