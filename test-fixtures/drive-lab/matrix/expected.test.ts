// What is expected of the cells, without running any: it must itself make sense, and the README must tell it.
import { describe, expect, it } from 'vitest';
import { MISBEHAVIOURS } from '../misbehaviour.ts';
import { COLUMNS } from './columns.ts';
import { expectedAt, type Expected } from './expected.ts';
import { againId, ROWS } from './rows.ts';
import { inReadme, reasonsOf } from './table.ts';

const cells = ROWS.flatMap((row) =>
  [row.id, ...(row.again === undefined ? [] : [againId(row.id)])].flatMap((id) =>
    COLUMNS.map((column) => ({ id, row, column, expected: expectedAt(id, column) })),
  ),
);
const applying = cells.flatMap(({ expected, ...cell }) => (expected === null ? [] : [{ ...cell, expected }]));
const name = ({ id, column }: (typeof cells)[number]): string => `${id} × ${column.bus} ${column.technique}`;

/** Kinds of which a host is told, or that it finds by reading back, and whose data would still be there. */
const LEAVES_DATA = ['lies-done-erased-nothing', 'erased-half', 'erased-one-namespace', 'bad-sectors'];

describe('what the cells of the matrix must come to', () => {
  it('gives a reason wherever a row does not apply, and wherever it is not done', () => {
    for (const { row, column } of cells.filter(({ expected }) => expected === null))
      expect(row.notApplicable(column)?.length).toBeGreaterThan(10);
    const mute = ({ verdict, first }: Expected): boolean => verdict !== 'done' && first.length === 0;
    expect(applying.filter(({ expected }) => mute(expected)).map(name)).toEqual([]);
  });

  it('is success, at the level of the technique, on an honest drive', () => {
    const honest = applying.filter(({ id }) => id === 'honest');
    expect(honest).toHaveLength(COLUMNS.length);
    for (const { column, expected } of honest)
      expect(expected).toEqual({ verdict: 'done', level: column.level, first: [] });
  });

  it('claims no level wherever it is not done, and no success where a host can find data', () => {
    for (const { expected, row } of applying) {
      if (expected.verdict !== 'done') expect(expected.level).toBe('none');
      const [kind] = row.misbehaviours;
      if (kind && LEAVES_DATA.includes(kind.kind)) {
        expect(MISBEHAVIOURS[kind.kind].visibility).toBe('by-reading-back');
        expect(expected.verdict).not.toBe('done');
      }
    }
  });

  it.each(['ata', 'scsi', 'nvme'] as const)('is in the README, with reasons: %s', (bus) => {
    expect(inReadme(bus, 'reasons')).toEqual(reasonsOf(bus));
  });
});
