import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ACHIEVEMENTS } from '@rebond/protocol';
import { expect, it } from 'vitest';
import { TECHNIQUES } from './index.ts';

const README = join(import.meta.dirname, '../README.md');
const [FROM, TO] = [
  '<!-- techniques: written by techniques/readme.test.ts -->',
  '<!-- end of techniques -->',
];

function table(): string[] {
  const head = [
    'technique',
    'needs',
    'level',
    'takes',
    'progress',
    'proof of its end',
    'not covered',
    'interrupted',
  ];
  const rows = TECHNIQUES.map(({ technique, about, notCovered, interrupted }) => {
    const levels = ACHIEVEMENTS.filter((each) => each.technique === technique);
    const level = levels.map((each) => `**${each.level}** on ${each.media.join(', ')} (${each.clause})`);
    return [
      ...[`\`${technique}\``, about.needs, level.join('; '), about.takes, about.progress, about.proof],
      ...[notCovered.map(({ en }) => en).join(' '), interrupted.en],
    ];
  });
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`);
}

it('the README’s table says what the rows say (REBOND_README=write makes it do so)', () => {
  const text = readFileSync(README, 'utf8');
  const [start, end] = [text.indexOf(FROM), text.indexOf(TO)];
  expect(start).toBeGreaterThan(0);
  if (process.env['REBOND_README'] === 'write')
    writeFileSync(README, `${text.slice(0, start)}${FROM}\n\n${table().join('\n')}\n\n${text.slice(end)}`);
  const lines = readFileSync(README, 'utf8')
    .slice(start, readFileSync(README, 'utf8').indexOf(TO))
    .split('\n')
    .filter((line) => line.startsWith('|'));
  expect(lines).toEqual(table());
});
