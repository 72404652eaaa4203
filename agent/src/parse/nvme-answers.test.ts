import { describe, expect, it } from 'vitest';
import { parseSanitizeLog } from './nvme-answers.ts';

/** As nvme-cli 2.13 prints it. */
const log = (status: unknown, sprog = 65_535): string =>
  JSON.stringify({
    nvme0: {
      ...{ sprog, cdw10_info: 10, time_over_write: 600, time_block_erase: 300 },
      ...{ time_crypto_erase: 4_294_967_295, sstat: { global_erased: 0, status } },
    },
  });
const read = (text: string) => {
  const parsed = parseSanitizeLog(text);
  return parsed.kind === 'parsed' ? parsed.value : null;
};

describe('the sanitize log', () => {
  it.each([
    ['(0) NVM Subsystem has never been sanitized.', 'never'],
    ['(1) Most Recent Sanitize Command Completed Successfully.', 'succeeded'],
    ['(2) Sanitize in Progress.', 'running'],
    ['(3) Most Recent Sanitize Command Failed.', 'failed'],
  ])('says %s', (words, state) => {
    expect(read(log(words))?.state).toBe(state);
  });

  it('gives a percentage only while one runs, and no estimate where the drive has none', () => {
    expect(read(log('(2) Sanitize in Progress.', 16_384))).toMatchObject({
      ...{ percent: 25, action: 10, estimates: { overwrite: 600, block: 300, crypto: null } },
    });
    expect(read(log('(1) …', 16_384))?.percent).toBeNull();
  });

  it('is not read from words without a number', () => {
    expect(read(log('Sanitize in Progress.'))).toBeNull();
    expect(read(log(null))).toBeNull();
  });
});
