import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Inventory } from '@rebond/protocol';
import { describe, expect, it } from 'vitest';
import { replay, stoppedClock, type Recording } from '../effects/replay.ts';
import { probe } from './inventory.ts';

const clock = stoppedClock('2026-03-01T10:00:00.000Z');
const probed = async (recording: Partial<Recording>) => {
  const { inventory, macs } = await probe({ ...replay(recording), clock });
  return { inventory: Inventory.parse(inventory), macs };
};

const PANEL = {
  base64:
    'AP///////wAXATQSAAAAAAoeAQSlHxEAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAjqAGHE4LUBYLEUANa4QAAAYAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAOg=',
};
const DMI = '/sys/class/dmi/id';
const BATTERY = '/sys/class/power_supply/BAT0';
const CPU = '/sys/devices/system/cpu';

/** A laptop as root sees it, without smartctl and dmidecode. */
const LAPTOP: Recording = {
  runs: { 'uname -m': { exitCode: 0, stdout: 'x86_64\n', stderr: '' } },
  files: {
    [`${DMI}/sys_vendor`]: 'EXAMPLE\n',
    [`${DMI}/product_name`]: 'Laptop 14\n',
    [`${DMI}/product_serial`]: 'EX12345\n',
    [`${DMI}/product_version`]: 'To Be Filled By O.E.M.\n',
    [`${DMI}/chassis_type`]: '10\n',
    '/proc/cpuinfo':
      'processor\t: 0\nmodel name\t: Example CPU\nflags\t: lm vmx\n\nprocessor\t: 1\nmodel name\t: Example CPU\nflags\t: lm vmx\n',
    [`${CPU}/cpu0/topology/physical_package_id`]: '0\n',
    [`${CPU}/cpu0/topology/core_id`]: '0\n',
    [`${CPU}/cpu0/cpufreq/cpuinfo_max_freq`]: '3600000\n',
    [`${CPU}/cpu1/topology/physical_package_id`]: '0\n',
    [`${CPU}/cpu1/topology/core_id`]: '1\n',
    '/proc/meminfo': 'MemTotal:        8000000 kB\n',
    [`${BATTERY}/type`]: 'Battery\n',
    [`${BATTERY}/uevent`]:
      'POWER_SUPPLY_PRESENT=1\nPOWER_SUPPLY_ENERGY_FULL_DESIGN=50000000\nPOWER_SUPPLY_ENERGY_FULL=40000000\n',
    '/sys/class/power_supply/AC/type': 'Mains\n',
    '/sys/class/drm/card1-eDP-1/status': 'connected\n',
    '/sys/class/drm/card1-eDP-1/edid': PANEL,
    '/sys/class/drm/card1-DP-1/status': 'disconnected\n',
    '/sys/class/drm/card1-HDMI-A-1/status': 'connected\n',
    '/sys/class/drm/card1-HDMI-A-1/edid': '',
    '/sys/class/net/eth0/type': '1\n',
    '/sys/class/net/eth0/address': '3c:97:0e:00:00:02\n',
    '/sys/class/net/eth0/addr_assign_type': '0\n',
    '/sys/class/net/usb0/type': '1\n',
    '/sys/class/net/usb0/address': '00:e0:4c:00:00:01\n',
    '/sys/class/net/wlan0/type': '1\n',
    '/sys/class/net/wlan0/address': '00:28:f8:00:00:03\n',
    '/sys/class/net/wlan0/addr_assign_type': '3\n',
  },
  lists: {
    '/sys/block': ['loop0', 'sr0'],
    [CPU]: ['cpu0', 'cpu1', 'cpufreq', 'cpuidle'],
    '/sys/class/power_supply': ['AC', 'BAT0'],
    '/sys/class/drm': ['card1', 'card1-DP-1', 'card1-HDMI-A-1', 'card1-eDP-1', 'renderD128', 'version'],
    '/sys/class/net': ['eth0', 'lo', 'usb0', 'wlan0'],
  },
  links: {
    '/sys/class/net/eth0/device': '/sys/devices/pci0000:00/0000:00:1f.6',
    '/sys/class/net/usb0/device': '/sys/devices/pci0000:00/0000:00:14.0/usb1/1-2/1-2:1.0',
    '/sys/class/net/wlan0/device': '/sys/devices/pci0000:00/0000:00:1c.0/0000:02:00.0',
  },
};

describe('probe', () => {
  it('is complete where sysfs is, and says which tool is missing in the parts that need it', async () => {
    const { inventory } = await probed(LAPTOP);
    expect(inventory.system).toMatchObject({
      sources: [DMI],
      value: {
        manufacturer: 'EXAMPLE',
        product: 'Laptop 14',
        version: null,
        serial: 'EX12345',
        chassis: 'Notebook',
      },
    });
    expect(inventory.cpu).toMatchObject({
      value: {
        architecture: 'x86_64',
        sockets: 1,
        cores: 2,
        threads: 2,
        maxMegahertz: 3600,
        virtualization: true,
      },
    });
    expect(inventory.memory).toMatchObject({
      value: {
        usableBytes: 8_192_000_000,
        modules: { outcome: 'failed', failure: { code: 'tool-missing', source: 'dmidecode' } },
      },
    });
    expect(inventory.drives).toEqual({ outcome: 'absent', sources: ['/sys/block'] });
    expect(inventory.batteries).toMatchObject({ value: [{ name: 'BAT0', healthPercent: 80 }] });
    expect(inventory.takenAt).toEqual(clock.now());
  });

  it('lists connected screens, one without facts where its EDID is empty', async () => {
    const { displays, remarks } = (await probed(LAPTOP)).inventory;
    expect(displays).toMatchObject({
      value: [
        { connector: 'HDMI-A-1', internal: false, model: null, widthPixels: null },
        { connector: 'eDP-1', internal: true, model: 'EXA1234', widthPixels: 1920, heightPixels: 1080 },
      ],
    });
    expect(remarks).toEqual([expect.stringContaining('card1-HDMI-A-1')]);
  });

  it('gives permanent addresses of built-in cards alone', async () => {
    expect((await probed(LAPTOP)).macs).toEqual(['3c:97:0e:00:00:02']);
  });

  it('takes from dmidecode what sysfs lacks, and the memory modules', async () => {
    const stdout =
      'Handle 0x0001, DMI type 1, 27 bytes\nSystem Information\n\tProduct Name: Other\n\tUUID: 4C4C4544-004A-3210-8039-B6C04F483633\n\nHandle 0x0002, DMI type 17, 40 bytes\nMemory Device\n\tSize: 8 GB\n\tLocator: DIMM A\n';
    const runs = { dmidecode: { exitCode: 0, stdout, stderr: '' } };
    const { system, memory } = (await probed({ ...LAPTOP, runs })).inventory;
    expect(system).toMatchObject({
      sources: [DMI, 'dmidecode'],
      value: { product: 'Laptop 14', uuid: '4c4c4544-004a-3210-8039-b6c04f483633' },
    });
    expect(memory).toMatchObject({
      value: { modules: { outcome: 'read', value: { modules: [{ slot: 'DIMM A' }] } } },
    });
  });

  it('tells a refusal from a failure of dmidecode', async () => {
    const code = async (stdout: string, stderr: string) => {
      const runs = { dmidecode: { exitCode: 1, stdout, stderr } };
      const { system } = (await probed({ runs })).inventory;
      return system.outcome === 'failed' && system.failure.code;
    };
    expect(await code('# dmidecode 3.6\n', '/dev/mem: Permission denied\n')).toBe('refused');
    expect(await code('', 'Can’t read memory: Permission denied\n')).toBe('refused');
    expect(await code('# dmidecode 3.6\n# No SMBIOS nor DMI entry point found, sorry.\n', '')).toBe(
      'unreadable',
    );
    expect(await code('', 'segmentation fault')).toBe('tool-failed');
  });

  it('survives a machine on which nothing can be read', async () => {
    const { inventory, macs } = await probed({});
    for (const part of ['system', 'cpu', 'memory', 'drives', 'batteries', 'displays'] as const) {
      expect(inventory[part].outcome).toBe('failed');
    }
    expect(macs).toEqual([]);
  });

  it('tells no battery, an empty bay and a battery that cannot be read apart', async () => {
    const supplies = '/sys/class/power_supply';
    const batteries = async (names: string[], files: Recording['files']) =>
      (await probed({ lists: { [supplies]: names }, files })).inventory;
    expect((await batteries([], {})).batteries).toEqual({ outcome: 'absent', sources: [supplies] });
    const bay = { [`${BATTERY}/type`]: 'Battery', [`${BATTERY}/uevent`]: 'POWER_SUPPLY_PRESENT=0\n' };
    expect(await batteries(['BAT0'], bay)).toMatchObject({
      batteries: { outcome: 'absent' },
      remarks: [expect.stringContaining('empty')],
    });
    const refused = { [`${BATTERY}/type`]: 'Battery', [`${BATTERY}/uevent`]: { refused: 'ENODEV' } };
    expect((await batteries(['BAT0'], refused)).batteries).toMatchObject({ failure: { code: 'refused' } });
    const mouse = {
      '/sys/class/power_supply/hid0/type': 'Battery',
      '/sys/class/power_supply/hid0/scope': 'Device',
    };
    expect((await batteries(['hid0'], mouse)).batteries.outcome).toBe('absent');
  });

  it('reads the recorded virtual machine: a virtio drive, and no DMI, battery class or screen', async () => {
    const path = join(
      import.meta.dirname,
      '../../../test-fixtures/recordings/virtual-machine-without-dmi.json',
    );
    const { inventory, macs } = await probed(JSON.parse(readFileSync(path, 'utf8')) as Recording);
    expect(inventory).toMatchObject({
      system: { failure: { code: 'unreadable', source: 'dmidecode' } },
      cpu: { value: { cores: 2, threads: 2, sockets: 1, architecture: 'x86_64' } },
      memory: { value: { usableBytes: 24_684_092 * 1024 } },
      drives: {
        value: [
          {
            path: '/dev/vda',
            medium: 'virtual',
            sizeBytes: 274_877_906_944,
            health: { failure: { code: 'tool-failed' } },
          },
        ],
      },
      batteries: { outcome: 'absent' },
      displays: { failure: { code: 'unreadable', source: '/sys/class/drm' } },
    });
    expect(macs).toEqual(['02:fc:00:00:00:01']);
  });
});
