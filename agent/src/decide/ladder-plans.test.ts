// The plans themselves, with techniques that are made up: what each step is given, and what each plan says of itself.
import {
  type DriveCapabilities,
  type Medium,
  type Part,
  POLICIES,
  type PlanStep,
  type Reason,
  type SanitizePolicy,
  type Target,
} from '@rebond/protocol';
import { describe, expect, it } from 'vitest';
import {
  ATA_MEANS,
  HDD_TARGET,
  NVME_MEANS,
  NVME_TARGET,
  UNREAD_MEANS,
} from '../../../test-fixtures/step-plans.ts';
import { type Ladder, ladder, type LadderFacts, nextRung } from './ladder.ts';

type Row = LadderFacts['techniques'][number];

const phrase = { fr: 'x', en: 'x' };
const row = (technique: Row['technique'], change: Partial<Row> = {}): Row => ({
  ...{ technique, proven: true, rank: 10, lacks: () => null, expectedMs: () => null, before: () => [] },
  ...{ leaves: 'blank', notCovered: [phrase] },
  ...change,
});
const policy = (change: Partial<SanitizePolicy> = {}, id = 'best'): SanitizePolicy => ({
  ...(POLICIES.find((each) => each.id === id) as SanitizePolicy),
  ...change,
});
const read = (value: DriveCapabilities): Part<DriveCapabilities> => ({ outcome: 'read', sources: [], value });
const valueOf = <I extends DriveCapabilities['interface']>(part: Part<DriveCapabilities>, name: I) => {
  if (part.outcome !== 'read' || part.value.interface !== name) throw new Error('means that were not read');
  return part.value as Extract<DriveCapabilities, { interface: I }>;
};
const ATA = { ...valueOf(ATA_MEANS, 'ata'), hpa: { state: 'none' } } as const;
const NVME = valueOf(NVME_MEANS, 'nvme');

function made(change: Partial<LadderFacts> = {}): Ladder {
  let drawn = 0;
  return ladder({
    ...{
      policy: policy(),
      mode: 'real',
      sessionId: 'session',
      target: NVME_TARGET,
      capabilities: NVME_MEANS,
    },
    techniques: [row('nvme-sanitize-block')],
    draw: { id: () => `plan ${(drawn += 1)}`, seed: () => 'ab'.repeat(32) },
    ...change,
  });
}
const codes = (reasons: readonly Reason[]): string[] => reasons.map(({ code }) => code);
const passed = (found: Ladder): [string, string][] =>
  found.passedOver.map(({ technique, reason }) => [technique, reason.code]);
const tried = (found: Ladder): string[] => found.rungs.map(({ technique }) => technique);
const stepOf = <K extends PlanStep['kind']>(
  found: Ladder,
  kind: K,
  rung = 0,
): Extract<PlanStep, { kind: K }> => {
  const step = found.rungs[rung]?.steps.find((each) => each.kind === kind);
  if (!step) throw new Error(`no ${kind}`);
  return step as Extract<PlanStep, { kind: K }>;
};

describe('the order of plans', () => {
  const two = (change: Partial<Row>, other: Partial<Row>): string[] =>
    tried(
      made({ techniques: [row('nvme-sanitize-block', change), row('nvme-sanitize-crypto', other)] }),
    ).slice(0, 2);

  it('of one level and proof is that of their ranks', () => {
    expect(two({ rank: 10 }, { rank: 20 })).toEqual(['nvme-sanitize-block', 'nvme-sanitize-crypto']);
    expect(two({ rank: 20 }, { rank: 10 })).toEqual(['nvme-sanitize-crypto', 'nvme-sanitize-block']);
  });

  it('of one level is that of what need not be taken from the drive’s word', () => {
    const clear = { target: NVME_TARGET, techniques: [row('nvme-format-1', { rank: 1 })] };
    expect(tried(made(clear))).toEqual(['overwrite', 'nvme-format-1']);
    const after = policy({ afterFirmware: 'overwrite-and-read-back' });
    expect(tried(made({ ...clear, policy: after }))).toEqual(['nvme-format-1', 'overwrite']);
    // A sample is more than a word, and less than all.
    const sampled = policy({ readBack: 'sample' });
    expect(tried(made({ ...clear, policy: sampled }))).toEqual(['overwrite', 'nvme-format-1']);
    expect(tried(made({ ...clear, policy: { ...after, readBack: 'sample' } }))).toEqual([
      'nvme-format-1',
      'overwrite',
    ]);
  });

  it('puts a higher level before everything else', () => {
    const rows = [row('nvme-format-1', { rank: 1 }), row('nvme-sanitize-block', { rank: 99 })];
    expect(tried(made({ techniques: rows }))).toEqual(['nvme-sanitize-block', 'overwrite', 'nvme-format-1']);
  });

  it('ends after the first, with what reaches as much, or with the last, as the policy says', () => {
    const techniques = [
      row('nvme-format-1'),
      row('nvme-sanitize-block'),
      row('nvme-sanitize-crypto', { rank: 20 }),
    ];
    const by = (fallback: SanitizePolicy['fallback']): string[] =>
      tried(made({ techniques, policy: policy({ fallback }) }));
    expect(by('none')).toEqual(['nvme-sanitize-block']);
    expect(by('same-level')).toEqual(['nvme-sanitize-block', 'nvme-sanitize-crypto']);
    expect(by('lower-when-confirmed')).toHaveLength(4);
  });

  it('in a rehearsal is that of the levels that would be claimed in earnest, and no plan claims one', () => {
    const target = { ...NVME_TARGET, identity: { ...NVME_TARGET.identity, transport: 'network' as const } };
    const found = made({
      mode: 'rehearsal',
      target,
      techniques: [row('nvme-format-1'), row('nvme-sanitize-block')],
    });
    expect(tried(found)).toEqual(['nvme-sanitize-block', 'overwrite', 'nvme-format-1']);
    expect(found.rungs.map(({ levelExpected }) => levelExpected)).toEqual(['none', 'none', 'none']);
    expect(codes(found.rungs[0]?.reasons ?? [])).toEqual(['best-technique']);
  });
});

describe('a technique is passed over', () => {
  it('for what it lacks, and without a word where it is of another interface', () => {
    const lacks = (code: string) => (): Reason => ({ code, ...phrase });
    const techniques = [
      row('nvme-sanitize-block', { lacks: lacks('other-interface') }),
      row('nvme-format-1', { lacks: lacks('x') }),
    ];
    const found = made({ techniques });
    expect(tried(found)).toEqual(['overwrite']);
    expect(passed(found)).toEqual([['nvme-format-1', 'x']]);
    expect(codes(found.rungs[0]?.reasons ?? [])).toEqual(['one-pass', 'below-request', 'x']);
    expect(found.rungs[0]?.reasons.at(-1)).toEqual({
      code: 'x',
      fr: 'nvme-format-1 : x',
      en: 'nvme-format-1: x',
    });
  });

  it('where no drive of the lab could prove it', () => {
    expect(passed(made({ techniques: [row('nvme-sanitize-block', { proven: false })] }))).toEqual([
      ['nvme-sanitize-block', 'unproven'],
    ]);
  });

  it('where no standard gives it a level, or the drive does not announce it', () => {
    expect(passed(made({ techniques: [row('nvme-format-0')] }))).toEqual([['nvme-format-0', 'no-level']]);
    expect(passed(made({ techniques: [row('nvme-sanitize-overwrite')] }))).toEqual([
      ['nvme-sanitize-overwrite', 'no-level'],
    ]);
  });

  it('where the drive’s own estimate is beyond the budget, and not where it is just within, or one of them is not known', () => {
    const with_ = (expected: number | null, budgetMinutes: number | null): Ladder =>
      made({
        techniques: [row('nvme-sanitize-block', { expectedMs: () => expected })],
        policy: policy({ budgetMinutes }),
      });
    expect(passed(with_(600_001, 10))).toEqual([['nvme-sanitize-block', 'over-budget']]);
    for (const [expected, budget] of [
      [600_000, 10],
      [null, 10],
      [1e12, null],
      [null, null],
      [0, 0],
    ] as const)
      expect(passed(with_(expected, budget))).toEqual([]);
    expect(with_(600_001, 10).passedOver[0]?.reason.en).toContain(
      'announces 11 min, the workshop’s policy allows 10',
    );
    expect(with_(660_000, 10).passedOver[0]?.reason.fr).toContain('annonce 11 min');
  });

  it('where the policy wants none, or nobody knows what the drive can do', () => {
    const none = made({ policy: policy({ firmware: false }) });
    expect([tried(none), passed(none)]).toEqual([['overwrite'], []]);
    const unread = made({ capabilities: UNREAD_MEANS });
    expect([tried(unread), passed(unread)]).toEqual([
      ['overwrite'],
      [['nvme-sanitize-block', 'means-unknown']],
    ]);
    expect(codes(unread.rungs[0]?.reasons ?? [])).toEqual([
      'one-pass',
      'below-request',
      'means-unknown',
      'means-unknown',
    ]);
  });

  it('an overwrite of a drive that is shut: nothing is left then, and the reason is told', () => {
    const security = {
      ...ATA.security,
      state: 'SEC4',
      attemptsExpired: true,
      enhanced: true,
      eraseMinutes: 1,
      enhancedMinutes: 1,
    } as const;
    const shut = { target: HDD_TARGET, capabilities: read({ ...ATA, security }), techniques: [] };
    const found = made(shut);
    expect([tried(found), passed(found)]).toEqual([[], [['overwrite', 'attempts-expired']]]);
  });
});

describe('the steps of a plan', () => {
  it('wait for a firmware technique as long as the budget, or three times its estimate where that is longer', () => {
    const step = (expected: number | null, change: Partial<SanitizePolicy>) =>
      stepOf(
        made({
          techniques: [row('nvme-sanitize-block', { expectedMs: () => expected })],
          policy: policy(change),
        }),
        'firmware',
      );
    expect(step(60_000, { budgetMinutes: 10, stallMinutes: 7 })).toEqual({
      ...{
        kind: 'firmware',
        technique: 'nvme-sanitize-block',
        expectedMs: 60_000,
        patienceMs: 600_000,
        stallMs: 420_000,
      },
    });
    expect(step(600_000, { budgetMinutes: 10 }).patienceMs).toBe(1_800_000);
    expect(step(null, { budgetMinutes: 10 })).toMatchObject({ expectedMs: null, patienceMs: 600_000 });
    expect(step(null, { budgetMinutes: 0 }).patienceMs).toBe(0);
    expect(step(null, { budgetMinutes: null }).patienceMs).toBe(24 * 60 * 60_000);
    expect(step(9 * 60 * 60_000, { budgetMinutes: null }).patienceMs).toBe(27 * 60 * 60_000);
    expect(step(null, { stallMinutes: 0.00001 }).stallMs).toBe(1);
  });

  it('prepare, remember, erase, compare, and then look as far as the policy says', () => {
    const kinds = (afterFirmware: SanitizePolicy['afterFirmware'], leaves: Row['leaves'] = 'blank') => {
      const techniques = [row('nvme-sanitize-block', { before: () => ['unfreeze', 'unlock'], leaves })];
      return made({ techniques, policy: policy({ afterFirmware }) }).rungs[0]?.steps.slice(2) ?? [];
    };
    const begin = [
      expect.objectContaining({ kind: 'remember' }),
      expect.objectContaining({ kind: 'firmware' }),
      { kind: 'compare' },
    ];
    expect(kinds('samples')).toEqual(begin);
    expect(kinds('scan')).toEqual([...begin, { kind: 'scan', expect: 'blank' }]);
    expect(kinds('scan', 'anything')).toEqual([...begin, { kind: 'scan', expect: 'anything' }]);
    const keyed = { kind: 'keyed' };
    expect(kinds('overwrite-and-read-back')).toEqual([
      ...begin,
      { kind: 'scan', expect: 'blank' },
      { kind: 'overwrite', pattern: keyed },
      { kind: 'read-back', pattern: keyed, extent: { kind: 'full' } },
    ]);
  });

  it('look at every other namespace that is attached, as far as the law counts them', () => {
    const others = (many: number) => {
      const more = Array.from({ length: many }, (_, index) => ({
        nsid: index + 2,
        attached: true,
        sizeBytes: 4096 * (index + 1),
      }));
      const means = read({ ...NVME, namespaces: [...NVME.namespaces, ...more] });
      return made({ capabilities: means, mode: 'rehearsal' })
        .rungs.find(({ technique }) => technique !== 'overwrite')
        ?.steps.find(({ kind }) => kind === 'remember');
    };
    expect(others(0)).not.toHaveProperty('others');
    expect(others(1)).toMatchObject({ others: [{ nsid: 2, sizeBytes: 4096 }] });
    expect(others(64)).toHaveProperty('others.length', 64);
    // Beyond them the law gives no level, so that there is no such plan.
    expect(others(65)).toBeUndefined();
  });

  it('give back hidden areas in the drive’s order, each only where it adds something, and count the size with them', () => {
    const hidden = (realBytes: number) => ({ state: 'hidden', realBytes }) as const;
    const of = (areas: object, technique: Row['technique'] = 'ata-sanitize-overwrite'): Ladder =>
      made({
        target: HDD_TARGET,
        capabilities: read({ ...ATA, ...areas }),
        techniques: [row(technique)],
      });
    const areas = (found: Ladder, rung = 0): [string, number][] =>
      (found.rungs[rung]?.steps ?? []).flatMap((step) =>
        step.kind === 'reveal' ? [[step.area, step.realBytes] as [string, number]] : [],
      );
    const three = of({ ama: hidden(485e9), hpa: hidden(490e9), dco: hidden(500e9) });
    for (const rung of [0, 1])
      expect(areas(three, rung)).toEqual([
        ['ama', 485e9],
        ['hpa', 490e9],
        ['dco', 500e9],
      ]);
    expect(areas(of({ hpa: hidden(490e9), dco: hidden(490e9) }))).toEqual([['hpa', 490e9]]);
    expect(areas(of({ hpa: hidden(HDD_TARGET.sizeBytes) }))).toEqual([]);
    expect(areas(of({}))).toEqual([]);
    // A sample is of the whole: the more there is, the longer each place.
    const sampled = (areas: object): number => {
      const found = made({
        ...{ target: HDD_TARGET, techniques: [], policy: policy({ readBack: 'sample' }) },
        capabilities: read({ ...ATA, ...areas }),
      });
      const { extent } = stepOf(found, 'read-back');
      return extent.kind === 'sample' ? extent.sampling.placeBytes : 0;
    };
    expect(sampled({})).toBeGreaterThanOrEqual(HDD_TARGET.sizeBytes / 20_000);
    expect(sampled({ hpa: hidden(2 * HDD_TARGET.sizeBytes) })).toBeGreaterThanOrEqual(
      HDD_TARGET.sizeBytes / 10_000,
    );
    expect(sampled({ hpa: hidden(485e9), dco: hidden(2 * HDD_TARGET.sizeBytes) })).toBeGreaterThanOrEqual(
      HDD_TARGET.sizeBytes / 10_000,
    );
    const small: Target = { ...HDD_TARGET, sizeBytes: 1024 * 1024 };
    const spots = (areas: object): number => {
      const means = read({ ...ATA, ...areas });
      return stepOf(
        made({ target: small, capabilities: means, techniques: [row('ata-sanitize-overwrite')] }),
        'remember',
      ).sampling.sections;
    };
    expect(spots({})).toBe(8);
    expect(spots({ hpa: hidden(2 * 1024 * 1024) })).toBe(16);
    expect(spots({ hpa: hidden(2 * 1024 * 1024), dco: hidden(4 * 1024 * 1024) })).toBe(32);
  });

  it('of an overwrite read back all of the last pass, or a sample with a seed of its own', () => {
    const full = stepOf(made({ techniques: [] }), 'read-back');
    expect(full).toEqual({ kind: 'read-back', pattern: { kind: 'keyed' }, extent: { kind: 'full' } });
    const sampled = stepOf(made({ techniques: [], policy: policy({ readBack: 'sample' }) }), 'read-back');
    expect(sampled.extent).toMatchObject({
      kind: 'sample',
      sampling: { seedHex: 'ab'.repeat(32), sections: 1000, placesPerSection: 2 },
    });
    const legacy = made({ techniques: [], policy: policy({ sequence: 'hmg-is5-baseline' }) });
    const keyed = { kind: 'keyed' };
    expect(made({ techniques: [], capabilities: UNREAD_MEANS }).rungs[0]?.steps).toEqual([
      { kind: 'overwrite', pattern: keyed },
      { kind: 'read-back', pattern: keyed, extent: { kind: 'full' } },
    ]);
    expect(legacy.rungs[0]?.steps).toEqual([
      { kind: 'overwrite', pattern: { kind: 'bytes', hex: '00' } },
      { kind: 'read-back', pattern: { kind: 'bytes', hex: '00' }, extent: { kind: 'full' } },
    ]);
  });

  it.each<[Medium, number]>([
    ['usb-flash', 3],
    ['sd-card', 3],
    ['behind-bridge', 1],
    ['ata-hdd', 1],
    ['nvme', 1],
    ['emmc', 1],
  ])('of an overwrite of %s are %i passes', (medium, passes) => {
    const target = { ...HDD_TARGET, medium };
    const found = made({ target, techniques: [], capabilities: read({ interface: 'plain' }) });
    const kinds = found.rungs[0]?.steps.map(({ kind }) => kind) ?? [];
    expect(kinds).toEqual([...Array.from({ length: passes }, () => 'overwrite'), 'read-back']);
    // The last one is keyed, so that reading it back proves it.
    expect(stepOf(found, 'read-back').pattern).toEqual({ kind: 'keyed' });
  });
});

describe('what a plan says of itself', () => {
  it('is its session, target, policy, and an identity of its own', () => {
    const { rungs } = made();
    expect(rungs[0]).toMatchObject({
      ...{
        schema: 'rebond.plan/2',
        planId: 'plan 1',
        sessionId: 'session',
        mode: 'real',
        target: NVME_TARGET,
      },
      ...{
        technique: 'nvme-sanitize-block',
        levelRequested: 'purge',
        levelExpected: 'purge',
        policy: { id: 'best', version: 1 },
      },
      ...{ verification: 'drive-reported', notCovered: [phrase] },
    });
    expect(rungs[1]).toMatchObject({
      planId: 'plan 2',
      technique: 'overwrite',
      levelExpected: 'clear',
      verification: 'full-read-back',
    });
  });

  it('is why it was taken', () => {
    const [first, second] = made().rungs;
    expect(codes(first?.reasons ?? [])).toEqual(['best-technique']);
    expect(codes(second?.reasons ?? [])).toEqual(['one-pass', 'below-request']);
    const clear = made({ policy: policy({ level: 'clear', sequence: 'hmg-is5-baseline' }) }).rungs;
    expect(clear.map(({ reasons }) => codes(reasons))).toEqual([
      ['best-technique'],
      ['one-pass', 'legacy-sequence'],
    ]);
  });

  it('is no more than a record has room for', () => {
    const lacks = (): Reason => ({ code: 'x', ...phrase });
    const techniques = [
      row('nvme-sanitize-block', { notCovered: Array.from({ length: 20 }, () => phrase) }),
      ...Array.from({ length: 20 }, () => row('nvme-format-1', { lacks })),
    ];
    const [plan] = made({ techniques }).rungs;
    expect([plan?.notCovered.length, plan?.reasons.length]).toEqual([16, 16]);
    expect(codes(plan?.reasons ?? [])[0]).toBe('best-technique');
    expect(plan?.notCovered[0]).toEqual(phrase);
  });
});

it('after a plan that failed comes the next one, unless a stranger’s password stands in the way of all', () => {
  const found = made();
  expect(nextRung(found, 1, 'purge', [{ code: 'technique-failed', ...phrase }])).toMatchObject({
    confirmAgain: true,
  });
  expect(nextRung(found, 1, 'clear', [])).toMatchObject({
    confirmAgain: false,
    plan: { technique: 'overwrite' },
  });
  const locked = [
    { code: 'technique-failed', ...phrase },
    { code: 'still-locked', ...phrase },
  ];
  expect(nextRung(found, 1, 'clear', locked)).toBeNull();
  expect(nextRung(found, 2, 'clear', [])).toBeNull();
});
