import { expect, it } from 'vitest';
import { parseSense } from './sg-opcodes.ts';

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

it('takes no other trouble of a drive for an end', () => {
  expect(parseSense('Sense key: Hardware Error').kind).toBe('other');
});
