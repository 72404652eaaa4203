import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { REASONS, REHEARSAL_REFUSAL } from './refusal-reasons.ts';

const README = readFileSync(join(import.meta.dirname, 'README.md'), 'utf8');

it('every refusal has a code of its own, which the README tells technicians about, and a sentence in each language', () => {
  const all = [...Object.values(REASONS), REHEARSAL_REFUSAL];
  expect(new Set(all.map(({ code }) => code)).size).toBe(all.length);
  expect(all.filter(({ code }) => !README.includes(`\`${code}\``)).map(({ code }) => code)).toEqual([]);
  expect(all.filter(({ fr, en }) => fr.length < 20 || en.length < 20)).toEqual([]);
});
