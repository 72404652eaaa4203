// NVMe and SCSI techniques from the first command to the last, against tools that answer as nvme-cli 2.13 and sg3-utils 1.48 do.
import type { DriveCapabilities } from '@rebond/protocol';
import { describe, expect, it } from 'vitest';
import {
  LATE,
  MISSING,
  type ScriptedTools,
  scriptedTools,
} from '../../../../test-fixtures/scripted-tools.ts';
import { NVME_MEANS, NVME_TARGET } from '../../../../test-fixtures/step-plans.ts';
import { nvmeFormat1 } from './nvme-format-1.ts';
import { nvmeFormat2 } from './nvme-format-2.ts';
import { nvmeSanitizeBlock } from './nvme-sanitize-block.ts';
import { nvmeSanitizeCrypto } from './nvme-sanitize-crypto.ts';
import { nvmeSanitizeOverwrite } from './nvme-sanitize-overwrite.ts';
import { scsiSanitizeBlock } from './scsi-sanitize-block.ts';
import { scsiSanitizeCrypto } from './scsi-sanitize-crypto.ts';
import { scsiSanitizeOverwrite } from './scsi-sanitize-overwrite.ts';
import type { FirmwareDoors, FirmwareSeen, TechniqueRow } from './technique.ts';

type Script = Parameters<typeof scriptedTools>[0];

const nvme = NVME_MEANS.outcome === 'read' ? NVME_MEANS.value : null;
const means: DriveCapabilities = {
  ...(nvme as Extract<DriveCapabilities, { interface: 'nvme' }>),
  nsid: 3,
  lbaFormat: 1,
};

function run(
  row: TechniqueRow,
  tools: ScriptedTools,
  change: Partial<FirmwareDoors> = {},
): Promise<FirmwareSeen> {
  const doors: FirmwareDoors = {
    ...{ ...tools, progress: () => {}, signal: new AbortController().signal },
    ...{ patienceMs: 600_000, stallMs: 300_000, ...change },
  };
  return row.run(NVME_TARGET, means, doors);
}
const commands = ({ asked }: ScriptedTools): string[] => asked.map(({ command }) => command);

describe('NVMe Sanitize', () => {
  const log = (status: number, action: number, sprog = 65_535): string =>
    JSON.stringify({ nvme0: { sprog, cdw10_info: action, sstat: { status: `(${status}) …` } } });
  const LOG = 'nvme sanitize-log /dev/nvme0 -o json';

  it.each([
    [nvmeSanitizeBlock, 2, 'nvme sanitize /dev/nvme0 -a 2 --ause'],
    [nvmeSanitizeOverwrite, 3, 'nvme sanitize /dev/nvme0 -a 3 -n 1 -p 0 --ause'],
    [nvmeSanitizeCrypto, 4, 'nvme sanitize /dev/nvme0 -a 4 --ause'],
  ])('$technique is started once, and followed to its end', async (row, action, start) => {
    const answers = [log(0, 0), log(2, action, 16_384), log(2, action, 49_152), log(1, action)];
    const tools = scriptedTools({ 'sanitize-log': answers, 'nvme sanitize ': ['{}'] });
    const told: (number | null)[] = [];
    expect(await run(row, tools, { progress: (percent) => void told.push(percent) })).toEqual({
      ...{ kind: 'firmware', accepted: 'accepted', ended: 'succeeded', lastPercent: 75, durationMs: 301 },
      ...{ stateBefore: 'never', stateAfter: 'succeeded' },
    });
    expect(told).toEqual([25, 75]);
    expect(commands(tools)).toEqual([LOG, start, LOG, LOG, LOG]);
  });

  it.each<[string, Script, Partial<FirmwareSeen>]>([
    [
      'over before the first question counts, for the drive took the command',
      { 'sanitize-log': [log(1, 2), log(1, 2)], 'nvme sanitize ': [''] },
      { accepted: 'accepted', ended: 'succeeded', lastPercent: null },
    ],
    [
      'that the drive refused leaves the log of an earlier one',
      { 'sanitize-log': [log(1, 2), log(1, 2)], 'nvme sanitize ': [{ exit: 1 }] },
      { accepted: 'refused', ended: 'unknown', stateBefore: 'succeeded', stateAfter: 'succeeded' },
    ],
    [
      'whose tool did not end is unknown where the log did not move',
      { 'sanitize-log': [log(1, 2), log(1, 2)], 'nvme sanitize ': [LATE] },
      { accepted: 'unknown', ended: 'unknown' },
    ],
    [
      'that left no space deallocated is a success too',
      { 'sanitize-log': [log(0, 0), log(4, 2)], 'nvme sanitize ': [''] },
      { accepted: 'accepted', ended: 'succeeded', stateAfter: 'succeeded-no-deallocation' },
    ],
    [
      'that failed is a failure',
      { 'sanitize-log': [log(0, 0), log(2, 2, 1), log(3, 2)], 'nvme sanitize ': [''] },
      { accepted: 'accepted', ended: 'failed', stateAfter: 'failed' },
    ],
    [
      'of another action says nothing of this one',
      { 'sanitize-log': [log(0, 0), log(1, 4)], 'nvme sanitize ': [''] },
      { accepted: 'unknown', ended: 'unknown' },
    ],
    [
      'whose log says "never" afterwards says nothing, even where the command was taken',
      { 'sanitize-log': [log(0, 0), log(0, 0)], 'nvme sanitize ': [''] },
      { accepted: 'unknown', ended: 'unknown', stateAfter: 'never' },
    ],
    [
      'that stands still is given up, and was taken',
      { 'sanitize-log': [log(0, 0), log(2, 2, 30_000)], 'nvme sanitize ': [''] },
      { accepted: 'accepted', ended: 'unknown', stateAfter: null },
    ],
    [
      'of a drive that never answers is unknown throughout',
      { 'sanitize-log': [''], 'nvme sanitize ': [MISSING] },
      { accepted: 'unknown', ended: 'unknown', stateBefore: 'not read', stateAfter: null },
    ],
  ])('one %s', async (_, script, due) => {
    expect(await run(nvmeSanitizeBlock, scriptedTools(script))).toMatchObject(due);
  });

  it('is told by its action alone: bits beside it say how', async () => {
    const tools = scriptedTools({ 'sanitize-log': [log(0, 0), log(1, 0b1010)], 'nvme sanitize ': [''] });
    expect((await run(nvmeSanitizeBlock, tools)).ended).toBe('succeeded');
    const unsaid = JSON.stringify({ nvme0: { sprog: 65_535, sstat: 1 } });
    const silent = scriptedTools({ 'sanitize-log': [log(0, 0), unsaid], 'nvme sanitize ': [''] });
    expect((await run(nvmeSanitizeBlock, silent)).ended).toBe('succeeded');
  });

  it('is this one’s where only the state or only the action changed, however the command ended', async () => {
    const mended = scriptedTools({ 'sanitize-log': [log(3, 2), log(1, 2)], 'nvme sanitize ': [LATE] });
    expect(await run(nvmeSanitizeBlock, mended)).toMatchObject({ accepted: 'accepted', ended: 'succeeded' });
    const tools = scriptedTools({ 'sanitize-log': [log(1, 4), log(1, 2)], 'nvme sanitize ': [LATE] });
    expect(await run(nvmeSanitizeBlock, tools)).toMatchObject({ accepted: 'accepted', ended: 'succeeded' });
  });
});

describe('Format NVM', () => {
  const ns = (flbas: number): string => JSON.stringify({ flbas, nsze: 1, lbafs: [] });
  const QUESTION = 'nvme id-ns /dev/nvme0 -n 3 -o json';
  const DONE = 'SUCCESS formatting namespace:3\n';

  it.each([
    [nvmeFormat1, 1],
    [nvmeFormat2, 2],
  ])('$technique formats the namespace in the format that it has', async (row, ses) => {
    const tools = scriptedTools({ 'id-ns': [ns(1), ns(1)], format: [DONE] });
    const told: (number | null)[] = [];
    expect(await run(row, tools, { progress: (percent) => void told.push(percent) })).toEqual({
      ...{ kind: 'firmware', accepted: 'accepted', ended: 'succeeded', lastPercent: null, durationMs: 1 },
      ...{ stateBefore: 'LBA format 1', stateAfter: 'LBA format 1' },
    });
    const format = `nvme format /dev/nvme0 -n 3 -s ${ses} -l 1 --force -t 600000`;
    expect(commands(tools)).toEqual([QUESTION, format, QUESTION]);
    expect(tools.asked[1]?.limits).toEqual({ timeoutMs: 600_000, leaveRunning: true });
    expect(told).toEqual([null]);
  });

  it('asks for no longer than nvme-cli can count', async () => {
    const tools = scriptedTools({ 'id-ns': [ns(1)], format: [DONE] });
    await run(nvmeFormat1, tools, { patienceMs: 2 ** 33 });
    expect(commands(tools)[1]).toContain('-t 2147483647');
  });

  it.each<[string, Script, Partial<FirmwareSeen>]>([
    [
      'without the words of success is unknown',
      { 'id-ns': [ns(1)], format: [''] },
      { accepted: 'unknown', ended: 'unknown' },
    ],
    [
      'whose words of success are an error’s is unknown',
      { 'id-ns': [ns(1)], format: [{ err: DONE }] },
      { accepted: 'unknown', ended: 'unknown' },
    ],
    [
      'that changed the format is no success',
      { 'id-ns': [ns(1), ns(0)], format: [DONE] },
      { accepted: 'accepted', ended: 'unknown', stateAfter: 'LBA format 0' },
    ],
    [
      'of which nothing was read before is no success',
      { 'id-ns': ['', ns(1)], format: [DONE] },
      { accepted: 'accepted', ended: 'unknown', stateBefore: 'LBA format ?' },
    ],
    [
      'of which nothing is read after is no success',
      { 'id-ns': [ns(1), ''], format: [DONE] },
      { accepted: 'accepted', ended: 'unknown', stateAfter: null },
    ],
    [
      'that the drive refused, by its own status on either output',
      { 'id-ns': [ns(1)], format: [{ exit: 1, out: 'nvme status: Invalid Format(0x10a)' }] },
      { accepted: 'refused', ended: 'unknown' },
    ],
    [
      'that ended in another error is unknown, also with words of success',
      { 'id-ns': [ns(1)], format: [{ exit: 1, out: DONE, err: 'Connection timed out' }] },
      { accepted: 'unknown', ended: 'unknown' },
    ],
    [
      'that did not end is unknown',
      { 'id-ns': [ns(1)], format: [LATE] },
      { accepted: 'unknown', ended: 'unknown' },
    ],
  ])('one %s', async (_, script, due) => {
    expect(await run(nvmeFormat1, scriptedTools(script))).toMatchObject(due);
  });
});

describe('SCSI SANITIZE', () => {
  const running = (percent: number): string =>
    `Additional sense: Logical unit not ready, sanitize in progress\n  Progress indication: ${percent}%\n`;
  const FAILED = 'Additional sense: Sanitize command failed\n';
  const { path } = NVME_TARGET;
  const SENSE = `sg_requests ${path}`;

  it.each([
    [scsiSanitizeBlock, '--block'],
    [scsiSanitizeOverwrite, '--overwrite --zero'],
    [scsiSanitizeCrypto, '--crypto'],
  ])('$technique is started once, and followed to its end', async (row, words) => {
    const tools = scriptedTools({ sg_requests: ['', running(20), running(80), ''], sg_sanitize: [''] });
    const told: (number | null)[] = [];
    expect(await run(row, tools, { progress: (percent) => void told.push(percent) })).toEqual({
      ...{ kind: 'firmware', accepted: 'accepted', ended: 'succeeded', lastPercent: 80, durationMs: 301 },
      ...{ stateBefore: 'none', stateAfter: 'none' },
    });
    expect(told).toEqual([20, 80]);
    const start = `sg_sanitize ${words} --early --quick ${path}`;
    expect(commands(tools)).toEqual([SENSE, start, SENSE, SENSE, SENSE]);
  });

  it.each<[string, Script, Partial<FirmwareSeen>]>([
    [
      'over before the first question counts, for the drive took the command',
      { sg_requests: [''], sg_sanitize: [''] },
      { accepted: 'accepted', ended: 'succeeded', lastPercent: null },
    ],
    [
      'that the drive refused left nothing',
      { sg_requests: [''], sg_sanitize: [{ exit: 5 }] },
      { accepted: 'refused', ended: 'unknown' },
    ],
    [
      'whose tool did not end is unknown',
      { sg_requests: [''], sg_sanitize: [LATE] },
      { accepted: 'unknown', ended: 'unknown' },
    ],
    [
      'that failed is a failure, also where the tool says so with an error',
      { sg_requests: ['', running(1), { err: FAILED, exit: 1 }], sg_sanitize: [''] },
      { accepted: 'accepted', ended: 'failed', stateAfter: 'failed' },
    ],
    [
      'that failed, and that nobody saw begin, was perhaps never taken',
      { sg_requests: [FAILED], sg_sanitize: [LATE] },
      { accepted: 'unknown', ended: 'failed', stateBefore: 'failed' },
    ],
    [
      'that failed after the drive took it',
      { sg_requests: [FAILED], sg_sanitize: [''] },
      { accepted: 'accepted', ended: 'failed' },
    ],
    [
      'that ran and failed was taken, however its command ended',
      { sg_requests: ['', running(9), FAILED], sg_sanitize: [LATE] },
      { accepted: 'accepted', ended: 'failed' },
    ],
    [
      'whose sense came late is not read',
      { sg_requests: [{ out: 'No additional sense', late: true }], sg_sanitize: [''] },
      { accepted: 'unknown', ended: 'unknown', stateBefore: 'not read' },
    ],
    [
      'that ends in another trouble is unknown, and was taken where it ran',
      { sg_requests: ['', running(9), 'Sense key: Hardware Error'], sg_sanitize: [''] },
      { accepted: 'accepted', ended: 'unknown', stateAfter: 'other' },
    ],
    [
      'in another trouble from the beginning is unknown',
      { sg_requests: ['Sense key: Hardware Error'], sg_sanitize: [''] },
      { accepted: 'unknown', ended: 'unknown', stateBefore: 'other' },
    ],
    [
      'that stands still is given up, and was taken',
      { sg_requests: ['', running(40)], sg_sanitize: [''] },
      { accepted: 'accepted', ended: 'unknown', stateAfter: null },
    ],
    [
      'whose tool fails without a word is no drive that has nothing to report',
      { sg_requests: [{ exit: 15, out: ' \n' }], sg_sanitize: [''] },
      { accepted: 'unknown', ended: 'unknown', stateBefore: 'not read', stateAfter: null },
    ],
    [
      'whose sense is asked for in vain is unknown',
      { sg_requests: [LATE], sg_sanitize: [''] },
      { accepted: 'unknown', ended: 'unknown', stateBefore: 'not read' },
    ],
    [
      'whose sense comes with an error of the tool is read all the same',
      { sg_requests: [{ exit: 1, out: 'No additional sense' }], sg_sanitize: [''] },
      { accepted: 'accepted', ended: 'succeeded' },
    ],
  ])('one %s', async (_, script, due) => {
    expect(await run(scsiSanitizeBlock, scriptedTools(script))).toMatchObject(due);
  });
});
