import { describe, expect, it } from 'vitest';
import { meaningful, meaningfulUuid, trimmed } from './placeholder.ts';

describe('meaningful', () => {
  it.each(['ThinkPad T480', 'PF0ABCDE', '1', '1.0', 'A00', 'O.E.M. Computers', 'R9-12345', '00A1'])(
    'keeps %j',
    (text) => expect(meaningful(text)).toBe(text),
  );

  it.each([
    '',
    '   ',
    '--',
    '00000000',
    'FFFFFFFF',
    '........',
    '0x00000000',
    'XXXXXXXX',
    '\0\0',
    null,
    undefined,
    'To Be Filled By O.E.M.',
    'To be filled by O.E.M.',
    'Default string',
    'System Serial Number',
    'None',
    'Not Specified',
    'N/A',
    'INVALID',
    '<BAD INDEX>',
    '<OUT OF SPEC>',
    '123456789',
    '0123456789ABCDEF',
    'SerNum0',
    'Manufacturer3',
    'Array1_PartNumber0',
    'ModulePartNumber00',
    'NO DIMM',
    'OEM Define 2',
  ])('takes %j for nothing', (text) => expect(meaningful(text)).toBeNull());

  it('cuts padding and length, and keeps half a character out', () => {
    expect(trimmed('  WD-1 \0\0')).toBe('WD-1');
    expect(meaningful(`ab${'c'.repeat(400)}`)).toHaveLength(256);
    expect(meaningful('ok \ud800')?.isWellFormed()).toBe(true);
  });
});

describe('meaningfulUuid', () => {
  it('keeps a real one in lower case', () => {
    expect(meaningfulUuid(' 4C4C4544-004A-3210-8039-B6C04F483633 ')).toBe(
      '4c4c4544-004a-3210-8039-b6c04f483633',
    );
  });

  it.each([
    '00000000-0000-0000-0000-000000000000',
    'FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF',
    'Not Settable',
    null,
    '03000200-0400-0500-0006-000700080009',
    'fefefefe-fefe-fefe-fefe-fefefefefefe',
    '1234',
  ])('takes %j for none', (text) => expect(meaningfulUuid(text)).toBeNull());
});
