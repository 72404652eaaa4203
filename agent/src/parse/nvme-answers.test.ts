import { describe, expect, it } from 'vitest';
import { parseIdCtrl, parseIdNs, parseListNs, parseSanitizeLog } from './nvme-answers.ts';

/** What is said of text that is no JSON: the text itself. */
const NO_JSON: unknown = expect.stringMatching(/^SyntaxError[^]*\nno device$/);

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

describe('the sanitize log, as other versions print it', () => {
  const flat = (change: object = {}): string =>
    JSON.stringify({ sprog: 65_535, sstat: 257, scdw10: 2, eto: 10, etbe: 20, etce: 30, ...change });

  it('is the same log at the top, with its numbers and short names', () => {
    expect(read(flat())).toEqual({
      ...{
        state: 'succeeded',
        percent: null,
        action: 2,
        estimates: { overwrite: 10, block: 20, crypto: 30 },
      },
    });
    expect(read(JSON.stringify({ nvme0: { sprog: 0, sstat: { status: 2 } } }))?.state).toBe('running');
    expect(read(JSON.stringify({ device: 'nvme0', nvme0: { sprog: 0, sstat: 3 } }))?.state).toBe('failed');
    expect(
      read(JSON.stringify({ nvme0: { sprog: 1, sstat: 3 }, nvme1: { sprog: 1, sstat: 1 } }))?.state,
    ).toBe('failed');
    const long = JSON.stringify({
      nvme0: { sprog: 0, sstat: 1, cdw10_info: 4, scdw10: 2, time_crypto_erase: 7, etce: 9 },
    });
    expect(read(long)).toMatchObject({ action: 4, estimates: { crypto: 7, block: null, overwrite: null } });
  });

  it.each([
    [0, 'never'],
    [1, 'succeeded'],
    [2, 'running'],
    [3, 'failed'],
    [4, 'succeeded-no-deallocation'],
    [5, 'unknown'],
    [7, 'unknown'],
    // Bits above are other facts: the passes of an overwrite, whether all was erased.
    [0x108, 'never'],
    [0xfff1, 'succeeded'],
  ])('SSTAT %i says %s', (sstat, state) => {
    expect(read(flat({ sstat }))?.state).toBe(state);
    expect(read(log(`(${sstat & 7}) …`))?.state).toBe(state);
  });

  it('has no progress where none is said, and no estimate of which the drive says that it has none', () => {
    expect(read(flat({ sstat: 2, sprog: 32_768 }))?.percent).toBe(50);
    expect(read(flat({ etbe: 0xfffffffe }))?.estimates.block).toBe(0xfffffffe);
    expect(read(flat({ etbe: 0xffffffff }))?.estimates.block).toBeNull();
    expect(read(flat({ scdw10: undefined }))?.action).toBeNull();
  });

  it('is not read from what is none', () => {
    for (const text of [
      '',
      'null',
      '7',
      '[]',
      '"x"',
      '{}',
      '{"nvme0":{}}',
      '{"nvme0":{"sstat":1}}',
      '{"sprog":-1,"sstat":1}',
    ])
      expect(read(text)).toBeNull();
    // Its three bits count, of whatever is written; what is not written in words is none of them.
    expect(read(log('(10) …'))?.state).toBe('running');
    expect(read(log(['(2) …']))).toBeNull();
    for (const words of ['2', 'x(2)', '()', '(a)', '(123)']) expect(read(log(words))).toBeNull();
    const parsed = parseSanitizeLog(`{"sprog":1,"x":"${'y'.repeat(300)}"}`);
    expect(parsed).toMatchObject({ failure: { code: 'nonsense', source: 'nvme sanitize-log' } });
    const { detail } = (parsed as Extract<typeof parsed, { kind: 'failed' }>).failure;
    expect(detail).toMatch(/^no sstat in \{"sprog":1/);
    expect(detail).toHaveLength('no sstat in '.length + 200);
    expect(parseSanitizeLog('no device')).toMatchObject({
      failure: { source: 'nvme sanitize-log', detail: NO_JSON },
    });
  });
});

describe('Identify Controller', () => {
  const means = (change: object) => {
    const parsed = parseIdCtrl(JSON.stringify({ sanicap: 0, fna: 0, oacs: 0, ...change }));
    return parsed.kind === 'parsed' ? parsed.value : parsed.failure;
  };

  it('announces each kind of sanitize by its own bit', () => {
    expect(means({})).toEqual({
      sanitize: null,
      format: null,
      managesNamespaces: false,
      unallocatedBytes: null,
    });
    expect(means({ sanicap: 1 })).toMatchObject({
      sanitize: { crypto: true, block: false, overwrite: false },
    });
    expect(means({ sanicap: 2 })).toMatchObject({
      sanitize: { crypto: false, block: true, overwrite: false },
    });
    expect(means({ sanicap: 4 })).toMatchObject({
      sanitize: { crypto: false, block: false, overwrite: true },
    });
    // Bits above say how, not whether.
    expect(means({ sanicap: 0xa000_0008 })).toMatchObject({ sanitize: null });
  });

  it('announces Format, what it reaches, and the management of namespaces', () => {
    const none = { allNamespaces: false, eraseAllNamespaces: false, crypto: false };
    expect(means({ fna: 7 })).toMatchObject({ format: null });
    expect(means({ oacs: 2 })).toMatchObject({ format: none, managesNamespaces: false });
    expect(means({ oacs: 2, fna: 1 })).toMatchObject({ format: { ...none, allNamespaces: true } });
    expect(means({ oacs: 2, fna: 2 })).toMatchObject({ format: { ...none, eraseAllNamespaces: true } });
    expect(means({ oacs: 2, fna: 4 })).toMatchObject({ format: { ...none, crypto: true } });
    expect(means({ oacs: 8 })).toMatchObject({ format: null, managesNamespaces: true });
    expect(means({ oacs: 0xfff5 })).toMatchObject({ format: null, managesNamespaces: false });
  });

  it('knows capacity without a namespace as far as a number can say it', () => {
    expect(means({ unvmcap: 4096 })).toMatchObject({ unallocatedBytes: 4096 });
    expect(means({ unvmcap: Number.MAX_SAFE_INTEGER })).toMatchObject({
      unallocatedBytes: Number.MAX_SAFE_INTEGER,
    });
    expect(means({ unvmcap: '9007199254740992' })).toMatchObject({ unallocatedBytes: null });
  });

  it('is not read where one of the three is missing', () => {
    for (const name of ['sanicap', 'fna', 'oacs']) {
      for (const value of [undefined, -1, 'x'])
        expect(means({ [name]: value })).toMatchObject({
          ...{ code: 'nonsense', source: 'nvme id-ctrl', detail: 'sanicap, fna or oacs is missing' },
        });
    }
    expect(parseIdCtrl('no device')).toMatchObject({ failure: { source: 'nvme id-ctrl', detail: NO_JSON } });
  });
});

describe('Identify Namespace', () => {
  const formats = Array.from({ length: 64 }, (_, index) => ({ ms: 0, ds: index === 0 ? 9 : 12 }));
  const facts = (change: object) => {
    const parsed = parseIdNs(JSON.stringify({ flbas: 0, nsze: 1000, lbafs: formats, ...change }));
    return parsed.kind === 'parsed' ? parsed.value : parsed.failure;
  };

  it('has its format in two places of one byte, and its size in blocks of that format', () => {
    expect(facts({})).toEqual({ sizeBytes: 512_000, lbaFormat: 0 });
    expect(facts({ flbas: 0x0f })).toEqual({ sizeBytes: 4_096_000, lbaFormat: 15 });
    // Bit 4 tells where metadata is; bits 6:5 are the upper ones of the index.
    expect(facts({ flbas: 0x11 })).toMatchObject({ lbaFormat: 1 });
    expect(facts({ flbas: 0x22 })).toMatchObject({ lbaFormat: 18 });
    expect(facts({ flbas: 0x40 })).toMatchObject({ lbaFormat: 32 });
    expect(facts({ flbas: 0xff })).toMatchObject({ lbaFormat: 63 });
  });

  it('has no size where it does not say one, or none that a number can hold', () => {
    for (const change of [{ lbafs: [] }, { lbafs: null }, { nsze: null }, { nsze: 2 ** 52 }])
      expect(facts(change)).toEqual({ sizeBytes: null, lbaFormat: 0 });
    expect(facts({ nsze: 2 ** 53 / 512 - 1 })).toMatchObject({ sizeBytes: 2 ** 53 - 512 });
  });

  it('is not read without a format', () => {
    expect(facts({ flbas: undefined })).toMatchObject({
      code: 'nonsense',
      source: 'nvme id-ns',
      detail: 'flbas is missing',
    });
    expect(parseIdNs('no device')).toMatchObject({ failure: { source: 'nvme id-ns', detail: NO_JSON } });
  });
});

describe('the list of namespaces', () => {
  const list = (value: unknown) => {
    const parsed = parseListNs(JSON.stringify(value));
    return parsed.kind === 'parsed' ? parsed.value : parsed.failure;
  };

  it('has their numbers, from 1 on', () => {
    expect(
      list({ nsid_list: [{ nsid: 1 }, { nsid: 3 }, { nsid: 0 }, { nsid: -1 }, { nsid: null }, {}, 7] }),
    ).toEqual([1, 3]);
    expect(list({ nsid_list: [] })).toEqual([]);
  });

  it('is none where there is no list: that is not an empty one', () => {
    for (const value of [{}, { nsid_list: null }, { nsid_list: { nsid: 1 } }, []])
      expect(list(value)).toMatchObject({
        code: 'nonsense',
        source: 'nvme list-ns',
        detail: 'there is no nsid_list',
      });
    expect(parseListNs('no device')).toMatchObject({ failure: { source: 'nvme list-ns', detail: NO_JSON } });
  });
});
