import { expect, it } from 'vitest';
import { parseOpcodeSupport, parseSense } from './sg-opcodes.ts';

// As sg_requests 1.48 printed them of drives of the lab.
const RUNS = `data-in decoded as sense:
Fixed format, current; Sense key: Not Ready
Additional sense: Logical unit not ready, sanitize in progress
  Progress indication: 2.80%
`;
const FAILED = `data-in decoded as sense:
Fixed format, current; Sense key: Medium Error
Additional sense: Sanitize command failed
`;

it('reads of a SANITIZE that it runs, that it failed, and nothing', () => {
  expect(parseSense(RUNS)).toEqual({ kind: 'running', percent: 2.8 });
  expect(parseSense(FAILED)).toEqual({ kind: 'failed' });
  expect(parseSense('')).toEqual({ kind: 'none' });
});

it.each([
  ['Not ready, SANITIZE IN PROGRESS', { kind: 'running', percent: null }],
  // The words that say what runs are not in every answer.
  ['Progress indication: 100%', { kind: 'running', percent: 100 }],
  ['progress indication:42.50 %', { kind: 'running', percent: 42.5 }],
  ['Progress indication: 7%', { kind: 'running', percent: 7 }],
  ['Progress indication: 250%', { kind: 'running', percent: 100 }],
  ['SANITIZE COMMAND FAILED, sanitize in progress', { kind: 'failed' }],
  ['Sense key: NO SENSE', { kind: 'none' }],
  ['Additional sense: No additional sense information', { kind: 'none' }],
  [' \n ', { kind: 'none' }],
  [
    '  Additional sense: Format in progress \n',
    { kind: 'other', detail: 'Additional sense: Format in progress' },
  ],
  ['x'.repeat(300), { kind: 'other', detail: 'x'.repeat(200) }],
  [`y${'x'.repeat(198)}zw`, { kind: 'other', detail: `y${'x'.repeat(198)}z` }],
] as const)('reads of sense data: %s', (text, state) => {
  expect(parseSense(text)).toEqual(state);
});

it.each([
  ['  Command is supported, conforms to standard', true],
  ['  COMMAND IS SUPPORTED', true],
  ['  Command is NOT supported by this device', false],
  ['  command is not supported; Command is supported', false],
  ['  Report supported operation codes: illegal request', null],
  ['', null],
])('whether a drive takes a command: %s', (text, supported) => {
  expect(parseOpcodeSupport(text)).toBe(supported);
});

it('takes no other trouble of a drive for an end', () => {
  expect(parseSense('Sense key: Hardware Error').kind).toBe('other');
});
