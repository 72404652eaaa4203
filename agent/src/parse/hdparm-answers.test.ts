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
    ['', null],
  ] as const)('of the greatest address: %s', (text, expected) => {
    expect(parseMaxSectors(text)).toEqual(expected);
  });

  it.each([
    ['Real max sectors: 5860533168', 5860533168n],
    ['Real max sectors: 1', null],
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
  });

  it('of a sanitize that failed, of which the status itself is an error', () => {
    const failed = 'SANITIZE failed: Input/output error\nDrive in SD3 Sanitize Operation Failed state\n';
    expect(parseSanitizeStatus('Issuing SANITIZE_STATUS command\n', failed)?.state).toBe('SD3');
  });

  it('of a command that the drive refused', () => {
    expect(saysRefused('SG_IO: bad/missing sense data, sb[]:  70 00 05 00')).toBe(true);
    expect(saysRefused('')).toBe(false);
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
