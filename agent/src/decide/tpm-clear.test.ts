import { describe, expect, it } from 'vitest';
import type { PpiMode } from '../parse/tpm-ppi.ts';
import { tpmPlan } from './tpm-clear.ts';

const all = (mode: PpiMode) => new Map([5, 14, 21, 22].map((operation) => [operation, mode]));

describe('which operation clears a TPM', () => {
  it.each([
    ['2.0', 5],
    ['1.2', 22],
    ['unknown', 22],
  ] as const)('%s by %i', (family, operation) => {
    expect(tpmPlan(family, all('user-required'))).toEqual({ kind: 'ask', operation });
  });

  it('another where the first is not to be had', () => {
    const modes = new Map(all('user-required')).set(5, 'blocked');
    expect(tpmPlan('2.0', modes)).toEqual({ kind: 'ask', operation: 22 });
  });

  it.each(['not-implemented', 'firmware-only', 'blocked'] as const)('none where all are %s', (mode) => {
    expect(tpmPlan('2.0', all(mode))).toMatchObject({ kind: 'cannot', reason: { code: 'ppi-blocked' } });
  });

  it('none where the firmware lists nothing, or cannot be asked', () => {
    expect(tpmPlan('2.0', new Map())).toMatchObject({ reason: { code: 'ppi-blocked' } });
    expect(tpmPlan('2.0', null)).toMatchObject({ reason: { code: 'no-ppi' } });
  });
});
