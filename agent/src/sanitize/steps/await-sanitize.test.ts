import type { DriveCapabilities } from '@rebond/protocol';
import { describe, expect, it } from 'vitest';
import { ATA_MEANS, AWAIT, HDD_TARGET, NVME_MEANS, stepPlan } from '../../../../test-fixtures/step-plans.ts';
import type { Run } from '../../effects/types.ts';
import { awaitSanitizeStep } from './await-sanitize.ts';
import type { Progress, SeenOf } from './step.ts';

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
const SCSI: DriveCapabilities = {
  interface: 'scsi',
  sanitize: { crypto: true, block: true, overwrite: true, running: true },
};
const means = (part: typeof ATA_MEANS): DriveCapabilities => {
  if (part.outcome !== 'read') throw new Error('not read');
  return part.value;
};

/** As hdparm 9.65, nvme-cli 2.13 and sg3-utils 1.48 print it, shortened. */
const HDPARM = {
  half: '/dev/sda:\nIssuing SANITIZE_STATUS command\nSanitize status:\n    State:    SD2 Sanitize operation In Process\n    Progress: 0x8000 (50%)\n',
  done: '/dev/sda:\nIssuing SANITIZE_STATUS command\nSanitize status:\n    State:    SD0 Sanitize Idle\n    Last Sanitize Operation Completed Without Error\n',
};
const NVME = (sprog: number, words: string): string =>
  JSON.stringify({
    nvme0: { sprog, sstat: { global_erased: 0, no_cmplted_passes: 0, status: words }, cdw10_info: 2 },
  });
const SG = { half: 'Progress indication: 50.00%\nSanitize in progress', done: '' };

/** A drive that answers these one after the other, the last for ever; an answer of null is none. */
async function awaited(
  capabilities: DriveCapabilities,
  answers: readonly (string | null)[],
  stopAfter = Infinity,
) {
  const plan = stepPlan({ target: HDD_TARGET, means: ATA_MEANS, technique: 'overwrite', steps: [AWAIT] });
  const stop = new AbortController();
  let [asked, now] = [0, 0];
  const argv: string[] = [];
  const run: Run = (words) => {
    argv.push(words.join(' '));
    const answer = answers[Math.min(asked, answers.length - 1)] ?? null;
    asked += 1;
    if (asked >= stopAfter) stop.abort();
    const stdout = encode(answer ?? '');
    return Promise.resolve(
      answer === null
        ? { kind: 'timed-out', stdout, stderr: stdout }
        : { kind: 'exited', exitCode: 0, stdout, stderr: encode('') },
    );
  };
  const told: Progress[] = [];
  let sizes = 0;
  const step = awaitSanitizeStep({
    ...{ run, capabilities, wait: (ms) => Promise.resolve(void (now += ms)) },
    sizeAgain: () => Promise.resolve((sizes += 1)),
  });
  const seen: SeenOf<'await-sanitize'> = await step(
    AWAIT as Extract<typeof AWAIT, { kind: 'await-sanitize' }>,
    { plan, index: 0, sizeBytes: HDD_TARGET.sizeBytes, keyHex: '', seen: [] },
    {
      ...{ writer: undefined as never, monotonic: () => now, signal: stop.signal },
      ...{ progress: (progress) => told.push(progress), command: () => {}, giveUp: () => {} },
    },
  );
  return { seen, told, argv, sizes };
}

describe('a sanitize that runs already', () => {
  it.each<[string, DriveCapabilities, string[], string, string]>([
    ['ATA', means(ATA_MEANS), [HDPARM.half, HDPARM.half, HDPARM.done], 'SD2', 'SD0'],
    [
      'NVMe',
      means(NVME_MEANS),
      [
        NVME(32_768, '(2) Sanitize in Progress.'),
        NVME(32_768, '(2) Sanitize in Progress.'),
        NVME(65_535, '(1) Most Recent Sanitize Command Completed Successfully.'),
      ],
      ...(['running', 'succeeded'] as const),
    ],
    ['SCSI', SCSI, [SG.half, SG.half, SG.done], 'running', 'none'],
  ])(
    'is waited for with its progress, and the size is read again then: %s',
    async (_, capabilities, answers, before, after) => {
      const { seen, told, argv, sizes } = await awaited(capabilities, answers);
      expect(seen).toMatchObject({
        kind: 'await-sanitize',
        runningAfter: false,
        stateBefore: before,
        stateAfter: after,
      });
      expect(seen.lastPercent).toBeCloseTo(50, 0);
      expect(told[0]).toMatchObject({ phase: 'firmware' });
      expect(sizes).toBe(1);
      // Only questions: nothing of it changes the drive.
      expect(new Set(argv.map((line) => line.split(' ').slice(0, 2).join(' '))).size).toBe(1);
      expect(argv[0]).toMatch(/^(hdparm --sanitize-status|nvme sanitize-log|sg_requests) /);
    },
  );

  it('that failed has ended: what it came to counts for nothing', async () => {
    const failed = 'Drive in SD3 Sanitize Operation Failed state';
    expect((await awaited(means(ATA_MEANS), [HDPARM.half, failed])).seen).toMatchObject({
      ...{ runningAfter: false, stateAfter: 'SD3' },
    });
  });

  it('that stands still, or whose drive falls silent, is given up in bounded time', async () => {
    const stuck = await awaited(means(ATA_MEANS), [HDPARM.half]);
    expect(stuck.seen).toMatchObject({ runningAfter: true, stateAfter: null });
    expect(stuck.seen.durationMs).toBeLessThan(400_000);
    const silent = await awaited(means(ATA_MEANS), [HDPARM.half, null]);
    expect(silent.seen).toMatchObject({ runningAfter: null, stateAfter: null });
    expect(silent.seen.durationMs).toBeLessThan(100_000);
  });

  it('goes on when the operator would wait no longer', async () => {
    const { seen } = await awaited(means(ATA_MEANS), [HDPARM.half], 3);
    expect(seen).toMatchObject({ runningAfter: true });
  });
});
