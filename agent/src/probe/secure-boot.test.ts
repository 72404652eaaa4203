import { describe, expect, it } from 'vitest';
import type { Files } from '../effects/types.ts';
import { probeSecureBoot } from './secure-boot.ts';

function machine(state: number | null, lockdown: string | null): Files {
  const absent = { kind: 'absent' } as const;
  return {
    bytes: async () => (state === null ? absent : { kind: 'read', value: Uint8Array.of(6, 0, 0, 0, state) }),
    text: async () => (lockdown === null ? absent : { kind: 'read', value: lockdown }),
    list: async () => absent,
    real: async () => absent,
  };
}

describe('Secure Boot and lockdown', () => {
  it.each([
    [1, 'none [integrity] confidentiality\n', ['Secure Boot: enabled; kernel lockdown: integrity']],
    [0, '[none] integrity confidentiality\n', ['Secure Boot: disabled; kernel lockdown: none']],
    [null, '[none] integrity confidentiality\n', ['kernel lockdown: none']],
    [1, null, ['Secure Boot: enabled']],
    [7, 'nonsense', []],
    [null, null, []],
  ])('state %s, lockdown %j', async (state, lockdown, remarks) => {
    expect((await probeSecureBoot(machine(state, lockdown))).remarks).toEqual(remarks);
  });
});
