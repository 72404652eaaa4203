import type { Drive } from '@rebond/protocol';
import { expect, it } from 'vitest';
import { askLabel } from './ask-label.ts';

const DRIVE: Drive = {
  path: '/dev/sda',
  identity: { transport: 'sata', model: 'TEST HDD', serial: null, wwid: null },
  ...{ medium: 'ata-hdd', firmware: null, sizeBytes: 4_000_000_000, logicalSectorBytes: 512 },
  ...{ physicalSectorBytes: 512, rotational: true, removable: false, diskseq: '7' },
  health: { outcome: 'absent', sources: [] },
};

async function typing(...lines: (string | null)[]) {
  const said: string[] = [];
  const label = await askLabel(DRIVE, [DRIVE], {
    lang: 'fr',
    say: (line) => said.push(line),
    tell: ({ fr }) => said.push(fr),
    ask: (question) => {
      said.push(question().fr);
      return Promise.resolve(lines.shift() ?? null);
    },
  });
  return { label, said: said.join('\n'), left: lines.length };
}

it('takes a label that was typed twice alike, in small letters or capitals', async () => {
  const { label, said } = await typing('reb-0042', 'REB-0042');
  expect(label).toBe('REB-0042');
  expect(said).toContain('/dev/sda · 4,0 Go · TEST HDD');
  expect(said).toContain('diront que ce n’est pas son numéro');
});

it('begins again when the two differ, and asks for both anew', async () => {
  const { label, said, left } = await typing('REB-0042', 'REB-0043', 'REB-0044', 'REB-0044');
  expect([label, left]).toEqual(['REB-0044', 0]);
  expect(said).toContain('Les deux fois ne se ressemblent pas');
});

it.each([[[null]], [['']], [['??', '']], [['REB-1', null, null]]])(
  '%j leaves the drive alone',
  async (lines) => {
    const { label, said } = await typing(...lines);
    expect(label).toBeNull();
    expect(said).toContain('Ce disque ne sera pas touché.');
  },
);
