// What the law makes of single observations, beyond what goes wrong with a whole plan.
import { describe, expect, it } from 'vitest';
import {
  COMPARE,
  EXAMPLES,
  firmware,
  HDD_TARGET,
  NVME_MEANS,
  NVME_TARGET,
  OVERWRITE,
  type PlanWishes,
  READ_BACK,
  REMEMBER,
  REVEAL,
  seenPerfectly,
  stepPlan,
} from '../../../test-fixtures/step-plans.ts';
import type { PlanV2 } from '../words/sanitize.ts';
import type { PlanStep, StepSeen } from '../words/steps.ts';
import { findingsV2, lastStepEnded } from './judge-v2.ts';

const BLOCK = firmware('nvme-sanitize-block');
const SCAN_ANYTHING: PlanStep = { kind: 'scan', expect: 'anything' };
const SCAN_BLANK: PlanStep = { kind: 'scan', expect: 'blank' };

function planned(steps: PlanStep[], change: Partial<PlanV2> = {}): PlanV2 {
  const technique = steps.some(({ kind }) => kind === 'firmware') ? 'nvme-sanitize-block' : 'overwrite';
  const wishes: PlanWishes = { target: NVME_TARGET, means: NVME_MEANS, technique, steps, change };
  return stepPlan(wishes);
}

/** The plan carried out perfectly, but for one step. */
function found(plan: PlanV2, kind: StepSeen['kind'], change: object): { wrong: string[]; missing: string[] } {
  const perfect = seenPerfectly(plan);
  const steps = perfect.steps.map((each) => (each.kind === kind ? { ...each, ...change } : each));
  return codesOf(findingsV2(plan, { ...perfect, steps }));
}

function codesOf({ wrong, missing }: ReturnType<typeof findingsV2>): { wrong: string[]; missing: string[] } {
  return { wrong: wrong.map(({ code }) => code), missing: missing.map(({ code }) => code) };
}

const NOTHING = { wrong: [], missing: [] };

describe('a step that was seen as another', () => {
  it.each(Object.entries(EXAMPLES) as [string, PlanWishes][])('shows nothing: %s', (_, wishes) => {
    const plan = stepPlan(wishes);
    const perfect = seenPerfectly(plan);
    for (const [index, step] of plan.steps.entries()) {
      // Of another kind, and with everything in it that a look at the right kind would be content with.
      const other = { ...perfect.steps[index], kind: step.kind === 'unlock' ? 'unfreeze' : 'unlock' };
      const steps = perfect.steps.with(index, other as StepSeen);
      expect(codesOf(findingsV2(plan, { ...perfect, steps })).missing).toContain('plan-flawed');
    }
  });
});

describe('a plan goes on', () => {
  const plan = planned([REMEMBER, BLOCK, COMPARE]);
  const { steps } = seenPerfectly(plan);

  it('only after a step of it was seen', () => {
    expect(lastStepEnded(plan, [])).toBe(false);
    expect(lastStepEnded(plan, [...steps, ...steps])).toBe(false);
    expect(lastStepEnded(plan, steps.slice(0, 1))).toBe(true);
  });

  it('by the last step alone, and with the size that it has by then', () => {
    const revealed = planned([REVEAL, OVERWRITE, READ_BACK], { target: HDD_TARGET });
    const seen = seenPerfectly(revealed).steps;
    expect(lastStepEnded(revealed, seen.slice(0, 2))).toBe(true);
    const short = { ...seen[1], bytes: HDD_TARGET.sizeBytes } as StepSeen;
    expect(lastStepEnded(revealed, [seen[0] as StepSeen, short])).toBe(false);
  });

  it('held to the size that the drive had when it was done, also in a plan that opens areas too late', () => {
    const late = planned([OVERWRITE, REVEAL, READ_BACK], { target: HDD_TARGET });
    const perfect = seenPerfectly(late);
    expect(lastStepEnded(late, perfect.steps.slice(0, 1))).toBe(true);
    expect(codesOf(findingsV2(late, perfect)).missing).toEqual(['plan-flawed']);
  });

  it('neither where something went wrong nor where something was not seen, nor where both', () => {
    const refused = { ...steps[1], accepted: 'unknown', ended: 'failed' } as StepSeen;
    expect(lastStepEnded(plan, [steps[0] as StepSeen, refused])).toBe(false);
  });
});

describe('the size at the end', () => {
  const steps: PlanStep[] = [
    { kind: 'reveal', area: 'hpa', realBytes: 490e9 },
    { kind: 'reveal', area: 'dco', realBytes: 500e9 },
    OVERWRITE,
    READ_BACK,
  ];
  const plan = planned(steps, { target: HDD_TARGET });
  const seen = (sizes: (number | null)[], sizeBytes: number): string[] => {
    const opened = sizes.map((sizeAfter): StepSeen => ({ kind: 'reveal', sizeAfter }));
    const after = { identity: HDD_TARGET.identity, sizeBytes };
    return codesOf(findingsV2(plan, { steps: opened, after, stopped: null })).wrong;
  };

  it('is that of the last area whose opening was seen to end', () => {
    expect(seen([490e9], 490e9)).toEqual([]);
    expect(seen([490e9], 480e9)).toEqual(['size-changed']);
    expect(seen([490e9, 500e9], 500e9)).toEqual([]);
    expect(seen([490e9, 500e9], 490e9)).toEqual(['size-changed']);
  });

  it('is either that of before or the one that was due, where the last opening was not', () => {
    expect(seen([490e9, null], 490e9)).toEqual([]);
    expect(seen([490e9, null], 500e9)).toEqual([]);
    expect(seen([490e9, null], 480e9)).toEqual(['size-changed']);
    expect(seen([null], 480e9)).toEqual([]);
    // Only the last one may have changed nothing.
    expect(seen([null, 500e9], 480e9)).toEqual(['size-changed']);
  });

  it('is either where the opening was not seen to end, whatever was done since', () => {
    const done: StepSeen[] = [
      { kind: 'reveal', sizeAfter: null },
      {
        kind: 'overwrite',
        bytes: 1,
        bad: { count: 0, offsets: [], code: null },
        flushed: true,
        resumedFrom: null,
        durationMs: 1,
      },
    ];
    const one = planned([REVEAL, OVERWRITE, READ_BACK], { target: HDD_TARGET });
    const after = { identity: HDD_TARGET.identity, sizeBytes: HDD_TARGET.sizeBytes };
    expect(codesOf(findingsV2(one, { steps: done, after, stopped: null })).wrong).toEqual([]);
  });

  it('is still that of before where nobody answers', () => {
    const opened: StepSeen[] = [{ kind: 'reveal', sizeAfter: null }];
    const { missing } = codesOf(findingsV2(plan, { steps: opened, after: null, stopped: null }));
    expect(missing).toContain('identity-not-checked');
  });
});

describe('places that are compared', () => {
  const plan = planned([REMEMBER, BLOCK, COMPARE]);

  it('are all that could be read beforehand, and one at least', () => {
    const perfect = seenPerfectly(plan);
    const withPlaces = (unreadable: number, places: number): string[] => {
      const steps = perfect.steps.map((each): StepSeen => {
        if (each.kind === 'remember') return { ...each, unreadable };
        return each.kind === 'compare' ? { ...each, places } : each;
      });
      return codesOf(findingsV2(plan, { ...perfect, steps })).missing;
    };
    expect(withPlaces(40, 1960)).toEqual([]);
    expect(withPlaces(40, 1959)).toEqual(['not-all-compared']);
    expect(withPlaces(1999, 1)).toEqual([]);
    expect(withPlaces(2000, 0)).toEqual(['not-all-compared']);
  });

  it('are those of the last look before the comparison', () => {
    const twice = planned([REMEMBER, REMEMBER, BLOCK, COMPARE]);
    const perfect = seenPerfectly(twice);
    const steps = perfect.steps.with(1, { kind: 'remember', places: 2000, unreadable: 100 });
    const compared = { ...(perfect.steps[3] as Extract<StepSeen, { kind: 'compare' }>), places: 1900 };
    expect(codesOf(findingsV2(twice, { ...perfect, steps: steps.with(3, compared) }))).toEqual(NOTHING);
    const later = planned([REMEMBER, BLOCK, COMPARE, REMEMBER]);
    const after = seenPerfectly(later);
    const more = after.steps.with(3, { kind: 'remember', places: 9000, unreadable: 0 });
    expect(codesOf(findingsV2(later, { ...after, steps: more }))).toEqual(NOTHING);
  });

  it('are due in each of the namespaces that the technique goes to', () => {
    const others = [{ nsid: 2, sizeBytes: 4096 * 500 }];
    const sampling = { ...(REMEMBER as Extract<PlanStep, { kind: 'remember' }>).sampling };
    const wide = planned([{ kind: 'remember', sampling, others }, BLOCK, COMPARE]);
    expect(found(wide, 'remember', { places: 2500 }).missing).toEqual(['not-all-compared']);
    expect(found(wide, 'remember', { places: 2499 }).missing).toContain('too-few-places');
  });

  it('name the first that still holds what it held, and count no fewer than they list', () => {
    const perfect = seenPerfectly(plan);
    const changed = { ...perfect.steps[2], unchanged: 1, unchangedOffsets: [8192, 12_288] } as StepSeen;
    const [reason] = findingsV2(plan, { ...perfect, steps: perfect.steps.with(2, changed) }).wrong;
    expect(reason?.en).toContain('2 places, the first at byte 8192');
    const unlisted = { ...changed, unchanged: 3, unchangedOffsets: [] } as StepSeen;
    const [other] = findingsV2(plan, { ...perfect, steps: perfect.steps.with(2, unlisted) }).wrong;
    expect(other?.fr).toContain('3 endroits, le premier à l’octet 0');
  });
});

describe('a scan', () => {
  it('finds nothing wrong in other sectors where anything may be, and then need not be blank', () => {
    const plan = planned([REMEMBER, BLOCK, COMPARE, SCAN_ANYTHING]);
    expect(found(plan, 'scan', { otherOffsets: [4096], blankBytes: 0 })).toEqual(NOTHING);
    const blank = planned([REMEMBER, BLOCK, COMPARE, SCAN_BLANK]);
    expect(found(blank, 'scan', { blankBytes: 0 }).missing).toEqual(['not-all-scanned']);
    expect(found(blank, 'scan', { otherOffsets: [0] }).wrong).toEqual(['not-blank']);
  });

  it('names the first sector that it could not read', () => {
    const plan = planned([REMEMBER, BLOCK, COMPARE, SCAN_BLANK]);
    const perfect = seenPerfectly(plan);
    const reasonOf = (unreadable: object): string => {
      const scan = { ...perfect.steps[3], unreadable } as StepSeen;
      return findingsV2(plan, { ...perfect, steps: perfect.steps.with(3, scan) }).missing[0]?.en ?? '';
    };
    expect(reasonOf({ count: 2, offsets: [4096, 8192], code: 'EIO' })).toContain(
      '2 sectors cannot be read, the first at byte 4096',
    );
    expect(reasonOf({ count: 2, offsets: [], code: 'EIO' })).toContain('at byte 0');
  });
});

describe('what was read from the system’s own cache', () => {
  it('proves nothing of a real drive, and is no finding in a rehearsal', () => {
    for (const steps of [
      [OVERWRITE, READ_BACK],
      [REMEMBER, BLOCK, COMPARE],
      [REMEMBER, BLOCK, COMPARE, SCAN_BLANK],
    ]) {
      const kind = steps.at(-1)?.kind as StepSeen['kind'];
      expect(found(planned(steps), kind, { direct: false }).missing).toEqual(['read-from-cache']);
      expect(found(planned(steps, { mode: 'rehearsal' }), kind, { direct: false })).toEqual(NOTHING);
    }
  });
});

describe('bad sectors', () => {
  const plan = planned([OVERWRITE, READ_BACK]);
  const reasonOf = (index: number, change: object): string => {
    const perfect = seenPerfectly(plan);
    const steps = perfect.steps.with(index, { ...perfect.steps[index], ...change } as StepSeen);
    return findingsV2(plan, { ...perfect, steps }).wrong[0]?.en ?? '';
  };

  it('are named by the first of them and by what the drive said', () => {
    const bad = { count: 2, offsets: [512, 1024], code: 'EIO' };
    expect(reasonOf(0, { bad })).toContain('2 sectors could not be overwritten, the first at byte 512 (EIO)');
    expect(reasonOf(1, { unreadable: bad })).toContain(
      '2 sectors could not be read back, the first at byte 512 (EIO)',
    );
  });

  it('count even where neither place nor code was kept, and no fewer than are listed', () => {
    const bare = { count: 1, offsets: [], code: null };
    expect(reasonOf(0, { bad: bare })).toContain(
      '1 sector could not be overwritten, the first at byte 0 (?)',
    );
    expect(reasonOf(1, { unreadable: bare })).toContain(
      '1 sector could not be read back, the first at byte 0 (?)',
    );
    expect(reasonOf(0, { bad: { count: 0, offsets: [512], code: 'EIO' } })).toContain('1 sector');
    expect(reasonOf(1, { mismatchedSectors: 0, mismatches: [1024, 2048] })).toContain(
      '2 sectors, the first at byte 1024',
    );
    expect(reasonOf(1, { mismatchedSectors: 5, mismatches: [] })).toContain('5 sectors, the first at byte 0');
  });
});

it('what a read-back lacks is told of what was due, or of what it promised where that is more', () => {
  const plan = planned([OVERWRITE, READ_BACK]);
  const perfect = seenPerfectly(plan);
  const lacking = (change: object): string => {
    const steps = perfect.steps.with(1, { ...perfect.steps[1], ...change } as StepSeen);
    return findingsV2(plan, { ...perfect, steps }).missing[0]?.en ?? '';
  };
  const { sizeBytes } = NVME_TARGET;
  expect(lacking({ dueBytes: 512, bytes: 512, matchedBytes: 512 })).toBe(
    `512 of ${sizeBytes} bytes read back and found.`,
  );
  expect(lacking({ dueBytes: sizeBytes + 512 })).toBe(
    `${sizeBytes} of ${sizeBytes + 512} bytes read back and found.`,
  );
});
