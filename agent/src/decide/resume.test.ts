import type { PlanV2 } from '@rebond/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  EXAMPLES,
  KEY,
  NVME_MEANS,
  NVME_TARGET,
  OVERWRITE,
  READ_BACK,
  SAMPLED,
  stepEvidence,
  stepPlan,
} from '../../../test-fixtures/step-plans.ts';
import { type JournalEvent, journalLine, soundLines } from '../parse/journal.ts';
import { matchOf, resumablesOf, resumeOf, rungAfter, withResume } from './resume.ts';

const AT = { wall: '2026-11-22T17:30:00.000Z', timeSource: 'rtc-unverified' } as const;
const WISHES = {
  ...{ target: NVME_TARGET, means: NVME_MEANS, technique: 'overwrite' as const },
  steps: [OVERWRITE, READ_BACK],
};
const newPlan = (change: Partial<PlanV2> = {}): PlanV2 => ({
  ...stepPlan(WISHES),
  planId: crypto.randomUUID(),
  ...change,
});
const planned = (plan: PlanV2, keyHex = KEY): JournalEvent => ({
  ...{ event: 'planned', plan, capabilities: NVME_MEANS, keyHex, at: AT },
});
const flushed = ({ planId }: PlanV2, bytes: number, skipped?: number): JournalEvent => ({
  ...{ event: 'flushed', planId, step: 0, bytes },
  ...(skipped === undefined ? {} : { skipped }),
});
const judged = (plan: PlanV2): JournalEvent => ({
  event: 'judged',
  evidence: stepEvidence(plan, NVME_MEANS),
});
const taken = (plan: PlanV2, bytes: number) =>
  withResume(
    { rungs: [newPlan()], passedOver: [] },
    matchOf(resumablesOf([[planned(plan), flushed(plan, bytes)]]), NVME_TARGET),
    () => crypto.randomUUID(),
    true,
  );

describe('what a journal shows of an overwrite that was cut off', () => {
  it('is how far it was flushed last, with its key', () => {
    const plan = newPlan();
    expect(resumablesOf([[planned(plan), flushed(plan, 4096), flushed(plan, 8192)]])).toEqual([
      {
        ...{ sessionId: plan.sessionId, planId: plan.planId, identity: NVME_TARGET.identity },
        ...{ sizeBytes: NVME_TARGET.sizeBytes, logicalSectorBytes: 512, keyHex: KEY, bytes: 8192, at: AT },
      },
    ]);
  });

  const plan = newPlan();
  it.each<[string, JournalEvent[]]>([
    ['nothing was flushed', [planned(plan)]],
    ['it ended', [planned(plan), flushed(plan, 4096), judged(plan)]],
    ['the drive skipped sectors', [planned(plan), flushed(plan, 4096), flushed(plan, 8192, 1)]],
    ['another plan came after it', [planned(plan), flushed(plan, 4096), planned(newPlan(), 'cd'.repeat(32))]],
    [
      'it would be read back by sample',
      [planned(newPlan({ steps: [OVERWRITE, SAMPLED], verification: 'sampled-read-back' }))],
    ],
    ['the plan is not known', [flushed(plan, 4096)]],
    ['it says more than the drive holds', [planned(plan), flushed(plan, NVME_TARGET.sizeBytes + 1)]],
  ])('is nothing where %s', (_, events) => {
    expect(resumablesOf([events])).toEqual([]);
  });

  it('is nothing for a technique of the drive’s own with an overwrite on top', () => {
    const both = {
      ...stepPlan(EXAMPLES['NVMe sanitize, then overwrite and full read-back']),
      planId: plan.planId,
    };
    expect(resumablesOf([[planned(both), flushed(both, 4096)]])).toEqual([]);
  });

  it('is of the drive as it was once its hidden areas were revealed', () => {
    const hidden = { ...stepPlan(EXAMPLES['hidden area, overwrite, full read-back']), planId: plan.planId };
    expect(resumablesOf([[planned(hidden), flushed(hidden, 4096)]])[0]?.sizeBytes).toBe(500e9);
  });

  it('goes on from session to session, also where one was cut off before it wrote anything', () => {
    const first = resumablesOf([[planned(plan), flushed(plan, 4096)]]);
    const carried = first.map((resumable): JournalEvent => ({ event: 'left', resumable }));
    expect(resumablesOf([carried])).toEqual(first);
    const [second] = taken(plan, 4096).rungs;
    expect(resumablesOf([[...carried, planned(second!)]])).toMatchObject([
      { planId: second!.planId, bytes: 4096 },
    ]);
    expect(resumablesOf([[...carried, planned(second!), flushed(second!, 8192)]])).toMatchObject([
      { planId: second!.planId, bytes: 8192 },
    ]);
    // Another overwrite with another key: what was known of the first is worth nothing.
    expect(resumablesOf([[...carried, planned(newPlan(), 'cd'.repeat(32))]])).toEqual([]);
  });

  it('is nothing where two journals speak differently of one drive, and once where they say the same', () => {
    const [one, other] = [newPlan(), newPlan()];
    const journals = [one, other].map((each) => [planned(each), flushed(each, 4096)]);
    expect(resumablesOf(journals)).toEqual([]);
    expect(resumablesOf([journals[0]!, journals[0]!])).toHaveLength(1);
  });

  it('of several drives is that of each', () => {
    const target = { ...NVME_TARGET, identity: { ...NVME_TARGET.identity, serial: 'SN-OTHER' } };
    const [one, other] = [newPlan(), newPlan({ target })];
    const events = [planned(one), planned(other), flushed(other, 8192), flushed(one, 4096)];
    expect(resumablesOf([events]).map(({ identity, bytes }) => [identity.serial, bytes])).toEqual([
      [NVME_TARGET.identity.serial, 4096],
      ['SN-OTHER', 8192],
    ]);
  });

  it('is never more than was flushed before the damage, wherever a journal is damaged', () => {
    const lines = [planned(plan), flushed(plan, 4096), flushed(plan, 8192), flushed(plan, 12_288)];
    const whole = Buffer.from(lines.map((line) => `${journalLine(line)}\n`).join(''));
    const ends = lines.map((_, index) =>
      Buffer.byteLength(
        lines
          .slice(0, index + 1)
          .map((line) => `${journalLine(line)}\n`)
          .join(''),
      ),
    );
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: whole.length - 1 }),
        fc.integer({ min: 1, max: 255 }),
        (at, bits) => {
          const damaged = Buffer.from(whole);
          damaged[at]! ^= bits;
          const [found] = resumablesOf([soundLines(damaged).events]);
          // Lines before the damaged one count; the first has the key.
          const sound = ends.findIndex((end) => at < end);
          expect(found?.bytes).toBe(sound < 2 ? undefined : (sound - 1) * 4096);
          if (found) expect(found.keyHex).toBe(KEY);
        },
      ),
    );
  });
});

describe('a drive', () => {
  const plan = newPlan();
  const [known] = resumablesOf([[planned(plan), flushed(plan, 4096)]]);
  const { identity } = NVME_TARGET;

  it('is the one of which a journal speaks by everything that stays the same', () => {
    expect(matchOf([known!], NVME_TARGET)).toEqual({ kind: 'same', resumable: known });
    // A number of one boot is none of the next.
    expect(matchOf([known!], { ...NVME_TARGET, diskseq: '99' }).kind).toBe('same');
  });

  it.each([
    ['another model', { identity: { ...identity, model: 'OTHER' } }, 'identity'],
    ['another WWID', { identity: { ...identity, wwid: 'eui.0' } }, 'identity'],
    ['no WWID any more', { identity: { ...identity, wwid: null } }, 'identity'],
    ['another attachment', { identity: { ...identity, transport: 'usb' as const } }, 'identity'],
    ['another size', { sizeBytes: NVME_TARGET.sizeBytes - 512 }, 'size'],
    ['other sectors', { logicalSectorBytes: 4096 }, 'sector'],
  ])('with the same serial and %s is not', (_, change, why) => {
    expect(matchOf([known!], { ...NVME_TARGET, ...change })).toEqual({ kind: 'other', why });
  });

  it('with another serial, or none, has nothing to do with it', () => {
    for (const serial of ['SN-OTHER', null])
      expect(matchOf([known!], { ...NVME_TARGET, identity: { ...identity, serial } })).toEqual({
        kind: 'none',
      });
    expect(
      matchOf([{ ...known!, identity: { ...identity, serial: null } }], {
        ...NVME_TARGET,
        identity: { ...identity, serial: null },
      }),
    ).toEqual({ kind: 'none' });
  });
});

describe('the plans', () => {
  const plan = newPlan();
  const match = matchOf(resumablesOf([[planned(plan), flushed(plan, 4096)]]), NVME_TARGET);
  const rungs = [newPlan(), newPlan({ levelExpected: 'none' })];
  const ways = { rungs, passedOver: [] };
  const newId = () => crypto.randomUUID();

  it('take it up first, say so, and then begin anew', () => {
    const { rungs: all } = withResume(ways, match, newId, true);
    expect(all.map(resumeOf)).toEqual([4096, null, null]);
    expect(all[0]?.reasons[0]?.code).toBe('resumes');
    expect(all[0]?.steps[0]).toEqual({
      ...OVERWRITE,
      resume: { sessionId: plan.sessionId, planId: plan.planId, fromBytes: 4096 },
    });
    expect(new Set(all.map(({ planId }) => planId)).size).toBe(3);
    expect(withResume(ways, match, newId, false).rungs).toHaveLength(2);
  });

  it('say why they do not, and begin at the beginning', () => {
    const { rungs: all } = withResume(ways, { kind: 'other', why: 'size' }, newId, true);
    expect(all.map(resumeOf)).toEqual([null, null]);
    expect(all[0]?.reasons[0]).toMatchObject({ code: 'not-resumed' });
    expect(withResume(ways, { kind: 'none' }, newId, true)).toBe(ways);
  });

  it('never take it up after an area was revealed, or where the drive is to erase itself first', () => {
    const revealing = stepPlan(EXAMPLES['hidden area, overwrite, full read-back']);
    for (const first of [revealing, stepPlan(EXAMPLES['NVMe sanitize, samples'])]) {
      const { rungs: all } = withResume({ rungs: [first, newPlan()], passedOver: [] }, match, newId, true);
      expect(all.map(resumeOf)).toEqual([null, null]);
    }
  });

  it('begin anew only where the drive lost what it had flushed', () => {
    const all = withResume(ways, match, newId, true);
    const why = (...codes: string[]) => codes.map((code) => ({ code, fr: '', en: '' }));
    expect(rungAfter(all, 0, why('read-back-differs'))).toBe(1);
    expect(rungAfter(all, 0, why('read-back-differs', 'identity-changed'))).toBe(2);
    expect(rungAfter(all, 0, why('too-slow'))).toBe(2);
    expect(rungAfter(all, 0, [])).toBe(2);
    expect(rungAfter(all, 1, why('too-slow'))).toBe(2);
    expect(rungAfter(ways, 0, why('too-slow'))).toBe(1);
  });
});
