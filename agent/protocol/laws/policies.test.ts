import { describe, expect, it } from 'vitest';
import { LegacySequence, SanitizePolicy } from '../words/policy.ts';
import { LEGACY_LABEL, LEGACY_SEQUENCES, POLICIES } from './policies.ts';

describe('legacy sequences', () => {
  it.each([
    ['dod-3', 3],
    ['dod-7', 7],
    ['hmg-is5-baseline', 1],
    ['hmg-is5-enhanced', 3],
    ['bsi-gse', 2],
    ['vsitr', 7],
    ['rcmp-tssit-ops-ii', 7],
    ['schneier', 7],
    ['gutmann', 35],
  ])('%s has %i passes', (id, passes) => {
    expect(LEGACY_SEQUENCES.find((each) => each.id === id)?.passes).toHaveLength(passes);
  });

  it('are all listed above, well formed, and write complements where their documents say so', () => {
    expect(LEGACY_SEQUENCES).toHaveLength(9);
    for (const each of LEGACY_SEQUENCES) expect(LegacySequence.parse(each)).toEqual(each);
    const hex = (id: string) =>
      LEGACY_SEQUENCES.find((each) => each.id === id)?.passes.map((pass) =>
        pass.kind === 'keyed' ? '*' : pass.hex,
      );
    expect(hex('dod-3')).toEqual(['55', 'aa', '*']);
    expect(hex('dod-7')).toEqual(['55', 'aa', '*', '96', '55', 'aa', '*']);
    expect(hex('gutmann')?.slice(0, 9)).toEqual([
      '*',
      '*',
      '*',
      '*',
      '55',
      'aa',
      '924924',
      '492492',
      '249249',
    ]);
    expect(hex('gutmann')?.slice(9, 25)).toEqual(
      Array.from({ length: 16 }, (_, digit) => digit.toString(16).repeat(2)),
    );
  });

  it('are each a policy, labelled as no better than one pass, that aims at clear alone', () => {
    for (const { id } of LEGACY_SEQUENCES) {
      const policy = POLICIES.find(({ sequence }) => sequence === id);
      expect(policy?.name.fr).toContain(LEGACY_LABEL.fr);
      expect(policy?.name.en).toContain('no better than one pass');
      expect(policy?.level).toBe('clear');
    }
  });
});

it('policies are well formed, and no two have one id', () => {
  for (const each of POLICIES) expect(SanitizePolicy.parse(each)).toEqual(each);
  expect(new Set(POLICIES.map(({ id }) => id)).size).toBe(POLICIES.length);
});
