import { describe, expect, it } from 'vitest';
import { parsePpiOperations, parsePpiRequest, parsePpiResponse } from './tpm-ppi.ts';

describe('what the physical presence interface answers', () => {
  it.each([
    ['22 0: Success\n', { kind: 'answered', operation: 22, code: 0, text: 'Success' }],
    [
      '22 0xFFFFFFF0: User Abort\n',
      { kind: 'answered', operation: 22, code: 0xffff_fff0, text: 'User Abort' },
    ],
    [
      '5 0xFFFFFFF1: BIOS Failure\n',
      { kind: 'answered', operation: 5, code: 0xffff_fff1, text: 'BIOS Failure' },
    ],
    [
      '5 256: Corresponding TPM error\n',
      { kind: 'answered', operation: 5, code: 256, text: 'Corresponding TPM error' },
    ],
    ['0: No Recent Request\n', { kind: 'none' }],
  ])('%j', (text, due) => expect(parsePpiResponse(text)).toEqual(due));

  it.each([
    '',
    '22',
    '22 Success',
    '-5 0: Success',
    '999 0: x',
    '5 99999999999: x',
    'zero',
    '5 0: a\nb',
    '5 0x1FFFFFFFF: x',
  ])('is unknown for %j', (text) => expect(parsePpiResponse(text)).toBeNull());

  it.each([
    ['0\n', 0],
    ['22\n', 22],
    ['23 1\n', 23],
    ['', null],
    ['22 x', null],
    ['300', null],
    ['-1', null],
  ] as const)('request %j', (text, due) => expect(parsePpiRequest(text)).toBe(due));

  it('lists the operations with the way they may be asked for', () => {
    const text =
      '1 4: User not required\n5 3: User required\n22 2: Blocked for OS by system firmware\nrubbish\n6 9: ?\n';
    expect([...parsePpiOperations(text)]).toEqual([
      [1, 'user-not-required'],
      [5, 'user-required'],
      [22, 'blocked'],
    ]);
    expect(parsePpiOperations('').size).toBe(0);
  });
});
