import { describe, expect, it } from 'vitest';
import { parseCpuinfo, topology } from './cpuinfo.ts';
import { parseMeminfo } from './meminfo.ts';

const x86 = (id: number, core: number): string =>
  `processor\t: ${id}\nvendor_id\t: GenuineIntel\nmodel\t\t: 142\nmodel name\t: Example CPU @ 1.60GHz\nphysical id\t: 0\ncore id\t\t: ${core}\nflags\t\t: fpu vmx lm\n\n`;

describe('parseCpuinfo', () => {
  it('counts threads, cores and sockets of a PC', () => {
    expect(parseCpuinfo([x86(0, 0), x86(1, 1), x86(2, 0), x86(3, 1)].join(''))).toEqual({
      kind: 'parsed',
      value: {
        model: 'Example CPU @ 1.60GHz',
        vendor: 'GenuineIntel',
        threads: 4,
        sockets: 1,
        cores: 2,
        virtualization: true,
        longMode: true,
      },
    });
  });

  it('counts no cores where the kernel does not print them, and no flags where there are none', () => {
    const arm = 'processor\t: 0\nprocessor\t: 1\nCPU implementer\t: 0x41\nCPU part\t: 0xd08\n';
    expect(parseCpuinfo(arm)).toMatchObject({
      value: { model: 'ARM implementer 0x41 part 0xd08', threads: 2, cores: null, virtualization: null },
    });
    expect(parseCpuinfo(x86(0, 0).replace(' vmx', ''))).toMatchObject({ value: { virtualization: false } });
  });

  it.each(['', 'processor', 'model name : X', '\0\0'])('fails on %j', (text) => {
    expect(parseCpuinfo(text)).toMatchObject({ kind: 'failed', failure: { code: 'nonsense' } });
  });
});

describe('topology', () => {
  it('knows nothing when a processor does not say where it is', () => {
    const places = [
      { socket: '0', core: '0' },
      { socket: '1', core: '0' },
    ];
    expect(topology(places, 2)).toEqual({ sockets: 2, cores: 2 });
    expect(topology(places, 4)).toEqual({ sockets: null, cores: null });
    expect(topology([{ socket: '-1', core: '0' }], 1)).toEqual({ sockets: null, cores: null });
    expect(topology([{ socket: '0', core: null }], 1)).toEqual({ sockets: 1, cores: null });
  });
});

describe('parseMeminfo', () => {
  it('reads kibibytes', () => {
    expect(parseMeminfo('MemTotal:       15666184 kB\nMemFree: 1 kB\n')).toEqual({
      kind: 'parsed',
      value: 15666184 * 1024,
    });
  });

  it.each(['', 'MemTotal: 0 kB\n', 'MemTotal: 12 MB\n', 'MemTotal: 999999999999999 kB\n'])(
    'fails on %j',
    (text) => {
      expect(parseMeminfo(text).kind).toBe('failed');
    },
  );
});
