import { describe, expect, it } from 'vitest';
import type { Files, ReadResult, Run } from '../effects/types.ts';
import { hwmonCelsius, nvmeLimits, smartctlHeat } from '../parse/temperature.ts';
import { thermometerOf } from './temperature.ts';

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Files of sysfs by their paths. */
function sysfs(tree: Record<string, string>): Files {
  const absent = { kind: 'absent' } as const;
  const text = (path: string): Promise<ReadResult<string>> =>
    Promise.resolve(tree[path] === undefined ? absent : { kind: 'read', value: tree[path] });
  return {
    text,
    bytes: () => Promise.resolve(absent),
    real: () => Promise.resolve(absent),
    list: (folder) => {
      const below = Object.keys(tree).flatMap((path) =>
        path.startsWith(`${folder}/`) ? [path.slice(folder.length + 1).split('/')[0]!] : [],
      );
      return Promise.resolve(
        below.length === 0 ? absent : { kind: 'read', value: [...new Set(below)].toSorted() },
      );
    },
  };
}

function tools(answers: Record<string, string>) {
  const asked: string[] = [];
  const run: Run = (argv) => {
    asked.push(argv.join(' '));
    const answer = answers[argv.join(' ')];
    return Promise.resolve(
      answer === undefined
        ? { kind: 'exited', exitCode: 2, stdout: new Uint8Array(), stderr: encode('no') }
        : { kind: 'exited', exitCode: 0, stdout: encode(answer), stderr: new Uint8Array() },
    );
  };
  return { run, asked };
}

/** As smartctl 7.4 prints it, shortened. */
const SATA = JSON.stringify({
  device: { name: '/dev/sda', type: 'sat', protocol: 'ATA' },
  smartctl: { exit_status: 0 },
  temperature: { current: 41, op_limit_min: 0, op_limit_max: 60, limit_min: -40, limit_max: 70 },
});

describe('a thermometer', () => {
  it('is the kernel’s own sensor where it has one, of a SATA drive', async () => {
    const folder = '/sys/block/sda/device/hwmon/hwmon2';
    const files = sysfs({
      [`${folder}/temp1_input`]: '43000\n',
      [`${folder}/temp1_max`]: '57000\n',
      [`${folder}/temp1_crit`]: '70000\n',
    });
    const { run, asked } = tools({});
    const found = await thermometerOf(run, files, { path: '/dev/sda', medium: 'ata-hdd' });
    expect(await found?.read()).toBe(43);
    expect(found?.limits).toMatchObject({ pauseAt: 57, goOnAt: 52 });
    expect(asked).toEqual([]);
  });

  it.each([
    ['one path', '/sys/block/nvme0n1/device/hwmon1'],
    ['several paths', '/sys/block/nvme0n1/device/nvme0/hwmon1'],
  ])('is that of the controller, of an NVMe drive with %s', async (_, folder) => {
    const files = sysfs({ [`${folder}/temp1_input`]: '52850\n', [`${folder}/temp1_max`]: '83850\n' });
    const found = await thermometerOf(tools({}).run, files, { path: '/dev/nvme0n1', medium: 'nvme' });
    expect(await found?.read()).toBe(53);
    expect(found?.limits.pauseAt).toBe(84);
  });

  it('is smartctl elsewhere, which is asked for limits once', async () => {
    const { run, asked } = tools({
      'smartctl --json=c -A -l scttempsts /dev/sda': SATA,
      'smartctl --json=c -A /dev/sda': SATA.replace('41', '44'),
    });
    const found = await thermometerOf(run, sysfs({}), { path: '/dev/sda', medium: 'behind-bridge' });
    expect(await found?.read()).toBe(44);
    expect(found?.limits).toMatchObject({ pauseAt: 60, source: 'drive, recommended limit' });
    expect(asked).toHaveLength(2);
  });

  it('takes an NVMe drive’s limits from its controller where the kernel has no sensor', async () => {
    const { run } = tools({
      'smartctl --json=c -A /dev/nvme0n1': SATA,
      'nvme id-ctrl /dev/nvme0n1 -o json': '{"wctemp":357,"cctemp":0}',
    });
    const found = await thermometerOf(run, sysfs({}), { path: '/dev/nvme0n1', medium: 'nvme' });
    expect(found?.limits.pauseAt).toBe(84);
  });

  it('is none where nothing tells a temperature', async () => {
    const mute = JSON.stringify({ device: { name: '/dev/sdb' }, smartctl: { exit_status: 0 } });
    const { run } = tools({ 'smartctl --json=c -A /dev/sdb': mute });
    expect(await thermometerOf(run, sysfs({}), { path: '/dev/sdb', medium: 'usb-flash' })).toBeNull();
    expect(await thermometerOf(run, sysfs({}), { path: '/dev/sdc', medium: 'usb-flash' })).toBeNull();
  });
});

describe('what no sensor measures', () => {
  it.each(['', 'x', '-128000', '255000', '1e3', null])('is no temperature: %s', (text) => {
    expect(hwmonCelsius(text)).toBeNull();
  });

  it('is no limit: zero kelvins, words, and nothing', () => {
    expect(nvmeLimits('{"wctemp":0,"cctemp":"hot"}')).toEqual({ recommended: null, critical: null });
    expect(nvmeLimits('not JSON')).toEqual({ recommended: null, critical: null });
    expect(smartctlHeat('[]')).toEqual({ celsius: null, own: { recommended: null, critical: null } });
  });
});
