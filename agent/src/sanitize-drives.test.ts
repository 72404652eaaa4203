import { type EvidenceV2, judge, type ObservationsV2, type PlanV2, type Reason } from '@rebond/protocol';
import { describe, expect, it } from 'vitest';
import { EXAMPLES, seenPerfectly, stepEvidence, stepPlan } from '../../test-fixtures/step-plans.ts';
import type { Journal } from './report/journal.ts';
import { NotKept } from './report/not-kept.ts';
import { sanitizeDrives } from './sanitize-drives.ts';
import type { Chosen, SessionEvent } from './session.ts';

const OVERWRITE = EXAMPLES['hidden area, overwrite, full read-back'];
const SLEEPING = EXAMPLES['thawed, unlocked, revealed, enhanced erase'];
const WHY: Reason = { code: 'because', fr: 'parce que', en: 'because' };

const JOURNAL: Journal = {
  note: () => Promise.resolve(),
  digest: () => '0'.repeat(64),
  close: () => Promise.resolve(),
};

/** What happens on the drives, told in the order in which it does. */
function bench() {
  const told: string[] = [];
  let [working, most] = [0, 0];
  const tell = (event: SessionEvent): void => {
    if (event.kind === 'begun' || event.kind === 'ended')
      told.push(`${event.kind} ${event.plan.target.path}`);
  };
  const planAt = (path: string, wishes: typeof OVERWRITE | typeof SLEEPING): PlanV2 => {
    const plan = stepPlan({ ...wishes, target: { ...wishes.target, path } });
    return { ...plan, planId: crypto.randomUUID() };
  };
  const evidenceOf = (plan: PlanV2, change: Partial<ObservationsV2> = {}): EvidenceV2 => {
    const observations = { ...seenPerfectly(plan), ...change };
    const made = stepEvidence(plan, OVERWRITE.means, observations);
    return { ...made, ...judge({ plan, observations, capabilities: made.capabilities }) };
  };
  const drive = (
    path: string,
    change: Partial<Chosen> & { sleeps?: boolean; fails?: boolean } = {},
  ): Chosen => {
    const { sleeps = false, fails = false, ...rest } = change;
    const plan = planAt(path, sleeps ? SLEEPING : OVERWRITE);
    return {
      ...{ plan, device: path },
      against: () => Promise.resolve([]),
      run: async () => {
        working += 1;
        most = Math.max(most, working);
        await new Promise((resolve) => setTimeout(resolve, 5));
        working -= 1;
        return evidenceOf(plan, fails ? { after: null } : {});
      },
      next: () => Promise.resolve(null),
      dispose: () => Promise.resolve(),
      ...rest,
    };
  };
  const kept = { journal: JOURNAL, against: [] };
  return { told, tell, drive, kept, most: () => most };
}

describe('several drives', () => {
  it('are worked on at the same time, and come back in the order in which they were chosen', async () => {
    const { told, tell, drive, kept, most } = bench();
    const paths = ['/dev/sda', '/dev/sdb', '/dev/sdc', '/dev/sdd'];
    const worked = await sanitizeDrives(
      paths.map((path) => drive(path)),
      kept,
      tell,
    );
    expect(most()).toBe(4);
    expect(told.slice(0, 4)).toEqual(paths.map((path) => `begun ${path}`));
    expect(worked.sanitizations.map(({ plan, outcome }) => [plan.target.path, outcome])).toEqual(
      paths.map((path) => [path, 'done']),
    );
  });

  it('wait for those that put the machine to sleep, each of which is alone and first', async () => {
    const { told, tell, drive, kept, most } = bench();
    const chosen = [
      drive('/dev/sda'),
      drive('/dev/sdb', { sleeps: true }),
      drive('/dev/sdc', { sleeps: true }),
    ];
    const worked = await sanitizeDrives(chosen, kept, tell);
    expect(most()).toBe(1);
    expect(told).toEqual(
      ['/dev/sdb', '/dev/sdc', '/dev/sda'].flatMap((path) => [`begun ${path}`, `ended ${path}`]),
    );
    expect(worked.sanitizations.map(({ plan }) => plan.target.path)).toEqual([
      '/dev/sda',
      '/dev/sdb',
      '/dev/sdc',
    ]);
  });

  it('are waited for by a plan that sleeps and follows one that failed', async () => {
    const { told, tell, drive, kept } = bench();
    const after = drive('/dev/sda', { sleeps: true });
    const first = drive('/dev/sda', { fails: true, next: () => Promise.resolve(after) });
    const slow = drive('/dev/sdb');
    const run = slow.run;
    const long = {
      ...slow,
      run: async (journal: Journal) => {
        await new Promise((resolve) => setTimeout(resolve, 40));
        return await run(journal);
      },
    };
    const worked = await sanitizeDrives([first, long], kept, tell);
    expect(told).toEqual([
      ...['begun /dev/sda', 'begun /dev/sdb', 'ended /dev/sda', 'ended /dev/sdb'],
      ...['begun /dev/sda', 'ended /dev/sda'],
    ]);
    expect(worked.sanitizations.map(({ outcome }) => outcome)).toEqual(['unknown', 'done', 'done']);
  });

  it('of one device follow each other', async () => {
    const { tell, drive, kept, most } = bench();
    const chosen = ['/dev/nvme0n1', '/dev/nvme0n2'].map((path) => drive(path, { device: 'nvme-subsys0' }));
    expect((await sanitizeDrives(chosen, kept, tell)).sanitizations).toHaveLength(2);
    expect(most()).toBe(1);
  });
});

describe('what happens to one drive', () => {
  const broken = (): never => {
    throw Object.assign(new Error('no'), { code: 'EIO' });
  };

  it.each<[string, Partial<Chosen>, string]>([
    ['is refused at the last moment', { against: () => Promise.resolve([WHY]) }, 'because'],
    [
      'cannot be looked at',
      { against: () => Promise.reject(Object.assign(new Error('x'), { code: 'EIO' })) },
      'work-broke-off',
    ],
    ['has a plan that nobody keeps', { run: () => Promise.reject(new NotKept('no-place')) }, 'not-kept'],
    ['breaks off as nobody foresaw', { run: broken }, 'work-broke-off'],
  ])('%s: the others are done, and the record says why', async (_, change, code) => {
    const { told, tell, drive, kept } = bench();
    const worked = await sanitizeDrives([drive('/dev/sda', change), drive('/dev/sdb')], kept, tell);
    expect(worked.sanitizations.map(({ plan, outcome }) => [plan.target.path, outcome])).toEqual([
      ['/dev/sdb', 'done'],
    ]);
    expect(worked.refusals.map(({ path, reasons }) => [path, reasons[0]?.code])).toEqual([
      ['/dev/sda', code],
    ]);
    // Whatever began was told to have ended: the machine may be switched off again.
    expect(told.filter((line) => line.startsWith('begun')).length).toBe(
      told.filter((line) => line.startsWith('ended')).length,
    );
  });

  it('after its first attempt leaves that attempt in the record', async () => {
    const { tell, drive, kept } = bench();
    const first = drive('/dev/sda', { fails: true, next: broken });
    const worked = await sanitizeDrives([first, drive('/dev/sdb')], kept, tell);
    expect(worked.sanitizations.map(({ outcome }) => outcome)).toEqual(['unknown', 'done']);
    expect(worked.refusals).toEqual([]);
    expect(worked.remarks.map(({ code }) => code)).toEqual(['work-broke-off']);
  });

  it('asks the operator while another goes on', async () => {
    const { tell, drive, kept } = bench();
    const other = Promise.withResolvers<void>();
    const asking = drive('/dev/sda', {
      fails: true,
      next: async () => {
        await other.promise;
        return null;
      },
    });
    const going = drive('/dev/sdb');
    const run = going.run;
    const chosen = [asking, { ...going, run: (journal: Journal) => run(journal).finally(other.resolve) }];
    expect((await sanitizeDrives(chosen, kept, tell)).sanitizations).toHaveLength(2);
  });

  it('without a journal, or with anything against all, is nothing', async () => {
    const { told, tell, drive } = bench();
    for (const kept of [
      { journal: null, against: [WHY] },
      { journal: JOURNAL, against: [WHY] },
    ]) {
      const worked = await sanitizeDrives([drive('/dev/sda'), drive('/dev/sdb')], kept, tell);
      expect(worked.sanitizations).toEqual([]);
      expect(worked.refusals.map(({ reasons }) => reasons[0]?.code)).toEqual(['because', 'because']);
    }
    expect(told).toEqual([]);
  });
});
