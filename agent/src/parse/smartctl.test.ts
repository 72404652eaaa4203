import { DriveHealth } from '@rebond/protocol';
import { describe, expect, it } from 'vitest';
import { parseSmartctl, type SmartctlReport } from './smartctl.ts';

const ATA = {
  smartctl: { version: [7, 4], exit_status: 0 },
  device: { name: '/dev/sda', type: 'sat', protocol: 'ATA' },
  model_name: 'EXAMPLE HDD-500 ',
  serial_number: ' S-0001',
  firmware_version: '01.A',
  user_capacity: { blocks: 976773168, bytes: 500107862016 },
  logical_block_size: 512,
  physical_block_size: 4096,
  rotation_rate: 5400,
  sata_version: { string: 'SATA 3.0' },
  smart_support: { available: true, enabled: true },
  smart_status: { passed: true },
  power_on_time: { hours: 1338 },
  temperature: { current: 25 },
};
const attribute = (id: number, name: string, value: number, string: string) => ({
  id,
  name,
  raw: { value, string },
});
const table = (...rows: unknown[]) => ({ ata_smart_attributes: { table: rows } });

const read = (answer: unknown): SmartctlReport => {
  const report = parseSmartctl(typeof answer === 'string' ? answer : JSON.stringify(answer));
  if (report.kind === 'failed') throw new Error(report.failure.detail);
  return report.value;
};
const health = (answer: unknown): DriveHealth => {
  const part = read(answer).health;
  if (part.outcome !== 'read') throw new Error(`health ${part.outcome}`);
  return DriveHealth.parse(part.value);
};

describe('parseSmartctl', () => {
  it('reads identity, sizes and health, alone or in an array of one', () => {
    const report = read(ATA);
    expect(report).toMatchObject({
      model: 'EXAMPLE HDD-500',
      serial: 'S-0001',
      firmware: '01.A',
      sizeBytes: 500107862016,
      physicalSectorBytes: 4096,
      rotational: true,
      sata: true,
    });
    expect(health(ATA)).toMatchObject({ passed: true, powerOnHours: 1338, temperatureCelsius: 25 });
    expect(read([ATA])).toEqual(report);
  });

  it('names a SAS drive by vendor and product, and counts its grown defects', () => {
    const { model_name: _, ...sas } = {
      ...ATA,
      scsi_vendor: 'EXAMPLE',
      scsi_product: 'SAS-1',
      scsi_grown_defect_list: 7,
    };
    expect(read(sas).model).toBe('EXAMPLE SAS-1');
    expect(health(sas).reallocatedSectors).toBe(7);
  });

  it('takes packed attributes as smartctl decoded them', () => {
    const { power_on_time: _, temperature: __, ...bare } = ATA;
    const packed = table(
      attribute(5, 'Reallocated_Sector_Ct', 1704074, '138 (0 26)'),
      attribute(9, 'Power_On_Hours', 167031278144165, '2725 (151 234 0)'),
      attribute(194, 'Temperature_Celsius', 231929151513, '25 (Min/Max 14/54)'),
      attribute(197, 'Current_Pending_Sector', 8, '8'),
    );
    expect(health({ ...bare, ...packed })).toMatchObject({
      reallocatedSectors: 138,
      powerOnHours: 2725,
      temperatureCelsius: 25,
      pendingSectors: 8,
      uncorrectableSectors: null,
    });
    const minutes = table(attribute(9, 'Power_On_Minutes', 64007, '1066h+47m'));
    expect(health({ ...bare, ...minutes }).powerOnHours).toBe(1066);
  });

  it('leaves out an attribute of another meaning, and one that contradicts itself', () => {
    const odd = table(
      attribute(197, 'Not_In_Use', 0, '0'),
      attribute(198, 'Unknown_Attribute', 3, '3'),
      attribute(5, 'Reallocated_Sector_Ct', 10, '0'),
    );
    expect(health({ ...ATA, ...odd })).toMatchObject({
      pendingSectors: null,
      uncorrectableSectors: null,
      reallocatedSectors: null,
    });
  });

  it('keeps every digit of a counter above 2^53', () => {
    const log = `{"smartctl":{},"device":{},"nvme_smart_health_information_log":{"media_errors":340282366920938463463374607431768211455,"percentage_used":255,"available_spare":0,"critical_warning":4}}`;
    expect(health(log)).toMatchObject({
      mediaErrors: '340282366920938463463374607431768211455',
      percentageUsed: 255,
      availableSparePercent: 0,
      criticalWarning: 4,
    });
    const twin = log.replace(
      '"media_errors":340282366920938463463374607431768211455',
      '"media_errors":9007199254740993,"media_errors_s":"9007199254740993"',
    );
    expect(health(twin).mediaErrors).toBe('9007199254740993');
  });

  it('reads failure from the exit status too, and not from bits that old errors set', () => {
    const { smart_status: _, ...silent } = ATA;
    expect(health({ ...silent, smartctl: { exit_status: 8 } }).passed).toBe(false);
    expect(health({ ...silent, smartctl: { exit_status: 64 } }).passed).toBeNull();
    expect(health({ ...ATA, smartctl: { exit_status: 64 } }).passed).toBe(true);
  });

  it('takes impossible figures for not known', () => {
    const { smart_status: _, ...rest } = ATA;
    const log = { nvme_smart_health_information_log: { available_spare: 255 } };
    expect(health({ ...ATA, ...log }).availableSparePercent).toBeNull();
    expect(health({ ...ATA, power_on_time: { hours: 4661094 } }).powerOnHours).toBeNull();
    expect(health({ ...ATA, temperature: { current: 0, drive_trip: 0 } }).temperatureCelsius).toBeNull();
    expect(
      health({
        ...rest,
        temperature: { current: -273 },
        power_on_time: { hours: -1 },
        scsi_grown_defect_list: 1,
      }),
    ).toMatchObject({
      temperatureCelsius: null,
      powerOnHours: null,
      passed: null,
    });
  });

  it('tells a drive without SMART from one whose SMART is off and from no answer', () => {
    const { smart_status: _, power_on_time: __, temperature: ___, ...bare } = ATA;
    const part = (support: unknown) => read({ ...bare, smart_support: support }).health;
    expect(part({ available: false })).toEqual({ outcome: 'absent', sources: ['smartctl'] });
    expect(part(false).outcome).toBe('absent');
    expect(part({ available: true, enabled: false })).toMatchObject({ failure: { code: 'refused' } });
    expect(part(true)).toMatchObject({ failure: { code: 'unreadable' } });
  });

  it.each([
    ['', 'nonsense'],
    ['smartctl: command', 'nonsense'],
    ['[]', 'nonsense'],
    ['null', 'nonsense'],
    [JSON.stringify([ATA, ATA]), 'nonsense'],
    ['{"devices":[],"smartctl":{"exit_status":0}}', 'nonsense'],
    ['{"smartctl":{"exit_status":2}}', 'tool-failed'],
    ['{"smartctl":{"messages":[{"string":"/dev/sdb: Unknown USB bridge"}],"exit_status":1}}', 'tool-failed'],
    ['{"smartctl":{"messages":[{"string":"open failed: Permission denied"}],"exit_status":2}}', 'refused'],
  ])('gives a typed failure for %j', (text, code) => {
    expect(parseSmartctl(text)).toMatchObject({ kind: 'failed', failure: { code, source: 'smartctl' } });
  });
});
