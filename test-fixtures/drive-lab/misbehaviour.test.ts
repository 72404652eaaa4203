import { expect, it } from 'vitest';
import { MISBEHAVIOURS, misbehaviourOf } from './misbehaviour.ts';

it('tells of each misbehaviour what the firmware does and what a host can see, in a sentence each', () => {
  const told = Object.values(MISBEHAVIOURS);
  expect(told.length).toBeGreaterThanOrEqual(23);
  for (const { firmware, host } of told)
    for (const sentence of [firmware, host]) expect(sentence).toMatch(/^[A-Z].{20,}\.$/);
  expect(new Set(told.map(({ firmware }) => firmware)).size).toBe(told.length);
});

it('gives the one of a kind', () => {
  expect(misbehaviourOf([{ kind: 'frozen' }, { kind: 'stuck-at', percent: 40 }], 'stuck-at')?.percent).toBe(
    40,
  );
  expect(misbehaviourOf([], 'stuck-at')).toBeNull();
});
