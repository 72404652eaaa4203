import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseDcoSectors, parseMaxSectors, parseSanitizeStatus, saysRefused } from './hdparm-answers.ts';

describe('what hdparm prints', () => {
  it.each([
    [
      ' max sectors   = 586070255/586072368, HPA is enabled',
      { visible: 586070255n, native: 586072368n, by: 'hpa' },
    ],
    [
      ' max sectors   = 312581808/312581808, HPA is disabled',
      { visible: 312581808n, native: 312581808n, by: 'hpa' },
    ],
    [' max sectors   = 0/1, HPA is enabled', null],
    [' max sectors   = 0/1, HPA setting seems invalid (buggy kernel device driver?)', null],
    [' max sectors   = 4096/512, HPA is enabled', null],
    ['MAX SECTORS=2/2, hpa is disabled', { visible: 2n, native: 2n, by: 'hpa' }],
    [' max sectors   = 1/2, HPA is enabled', null],
    [
      ' max sectors   = 976773168/976773168, ACCESSIBLE MAX ADDRESS disabled',
      { visible: 976773168n, native: 976773168n, by: 'ama' },
    ],
    [
      ' max sectors   = 976773168/976773168, Accessible Max Address',
      { visible: 976773168n, native: 976773168n, by: 'ama' },
    ],
    [' max sectors   = 976773168/976773168', null],
    ['', null],
  ] as const)('of the greatest address: %s', (text, expected) => {
    expect(parseMaxSectors(text)).toEqual(expected);
  });

  it.each([
    ['Real max sectors: 5860533168', 5860533168n],
    ['Real max sectors: 1', null],
    ['REAL MAX SECTORS:2', 2n],
    ['Real max sectors: 0', null],
    ['', null],
  ] as const)('of a configuration overlay: %s', (text, expected) => {
    expect(parseDcoSectors(text)).toBe(expected);
  });

  it('of a sanitize that runs, that ended, and that never was', () => {
    const running = parseSanitizeStatus(
      'State:    SD2 Sanitize operation In Process\n    Progress: 0x41c2 (25%)',
      '',
    );
    expect(running).toMatchObject({ state: 'SD2', lastSucceeded: false });
    expect(running?.percent).toBeCloseTo(25.7, 1);
    const ended = 'State:    SD0 Sanitize Idle\n    Last Sanitize Operation Completed Without Error';
    expect(parseSanitizeStatus(ended, '')).toEqual({ state: 'SD0', lastSucceeded: true, percent: null });
    expect(parseSanitizeStatus('State:    SD0 Sanitize Idle', '')?.lastSucceeded).toBe(false);
    expect(parseSanitizeStatus('SANITIZE feature set is not supported', '')).toBeNull();
    const loud = 'State:SD0\nLAST SANITIZE OPERATION COMPLETED WITHOUT ERROR';
    expect(parseSanitizeStatus(loud, '')).toEqual({ state: 'SD0', lastSucceeded: true, percent: null });
    for (const state of ['SD4', 'SD01', 'SDX', 'sd0'])
      expect(parseSanitizeStatus(`State:  ${state}`, '')).toBeNull();
  });

  it.each([
    ['0x0000', 0],
    ['0xFFFF', 100],
    ['0xffff', 100],
    ['0x8000', (0x8000 / 0xffff) * 100],
    // No 16-bit fraction.
    ['0x10000', null],
    ['25%', null],
  ])('of progress: %s', (progress, percent) => {
    expect(parseSanitizeStatus(`State: SD2\n Progress: ${progress}`, '')?.percent).toBe(percent);
    expect(parseSanitizeStatus(`State: SD2\n PROGRESS:${progress}`, '')?.percent).toBe(percent);
  });

  it('of registers that a bridge dropped: zeros would read as SD0', () => {
    for (const err of ['SG_IO: bad/missing sense data, sb[]', 'BAD/MISSING SENSE DATA'])
      expect(parseSanitizeStatus('State:    SD0 Sanitize Idle', err)).toBeNull();
  });

  it('of a sanitize that failed, of which the status itself is an error', () => {
    const failed = 'SANITIZE failed: Input/output error\nDrive in SD3 Sanitize Operation Failed state\n';
    expect(parseSanitizeStatus('Issuing SANITIZE_STATUS command\n', failed)?.state).toBe('SD3');
  });

  it('of a command that the drive refused', () => {
    expect(saysRefused('SG_IO: bad/missing sense data, sb[]:  70 00 05 00')).toBe(true);
    for (const said of [
      'bad/missing sense data',
      'SG_IO: Input/output error',
      'SG_IO: some error',
      'SG_IO: ioctl failed',
      'SG_IO: questionable sense data, results may be incorrect: error',
      'SANITIZE FAILED',
      'Input/output error',
      'invalid argument',
      'No such device',
    ])
      expect([said, saysRefused(said)]).toEqual([said, true]);
    for (const said of ['', 'SG_IO: done', 'Issuing SANITIZE command', 'error elsewhere', 'sg_io:'])
      expect([said, saysRefused(said)]).toEqual([said, false]);
  });
});

const CORPUS = process.env.REBOND_CORPUS ?? join(import.meta.dirname, '../../../../shared/realdata');
const isAbsent = !existsSync(join(CORPUS, 'hdparm'));

describe.skipIf(isAbsent)(`recordings of hdparm${isAbsent ? ', absent: nothing was checked' : ''}`, () => {
  const text = (path: string): string => readFileSync(join(CORPUS, 'hdparm', path), 'utf8');

  it('of hidden areas and overlays', () => {
    expect(parseMaxSectors(text('web-hpa-disk-312581808/hdparm-N-set.txt'))).toMatchObject({
      ...{ visible: 310484656n, native: 312581808n },
    });
    expect(parseMaxSectors(text('web-usb-flash-verbatim-vsafe/hdparm-N.txt'))).toBeNull();
    expect(parseDcoSectors(text('web-hgst-12tb-sg/hdparm-dco-identify.txt'))).toBe(23437770752n);
  });

  it('of a sanitize that said “started” and did nothing', () => {
    const said = text('web-ct1000mx500ssd1-usb/hdparm-sanitize-status.txt');
    expect(saysRefused(said)).toBe(true);
    // hdparm prints SD0 for the registers that the bridge did not give.
    expect(said).toContain('SD0');
    expect(parseSanitizeStatus(said, said)).toBeNull();
  });
});
