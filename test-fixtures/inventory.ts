import type { Drive, Inventory, Target } from '@rebond/protocol';
import { AT } from './laptops.ts';

const GIB = 1024 ** 3;

/**
 * A plausible laptop. `text` takes the place of every word that a machine gives; `targets` are its drives, where a
 * record says that drives of its own were sanitized.
 */
export function makeInventory({
  text,
  batteryPercent = 83.4,
  targets = [],
}: {
  text?: string;
  targets?: readonly Target[];
  batteryPercent?: number | null;
}): Inventory {
  const own = (word: string): string => text ?? word;
  const sources = [own('/sys/class/dmi/id')];
  return {
    schema: 'rebond.inventory/1',
    takenAt: AT,
    system: {
      outcome: 'read',
      sources,
      value: {
        manufacturer: own('LENOVO'),
        product: own('ThinkPad T470'),
        version: own('20HES0XX00'),
        serial: own('PF0XYZ12'),
        uuid: own('3f9a1c80-0000-4000-8000-001122334455'),
        boardSerial: own('L1HF000000'),
        chassis: own('Notebook'),
        firmwareVendor: own('LENOVO'),
        firmwareVersion: own('N1QET98W'),
        firmwareDate: own('2022-11-01'),
      },
    },
    cpu: {
      outcome: 'read',
      sources,
      value: {
        model: own('Intel Core i5-7300U'),
        vendor: own('GenuineIntel'),
        architecture: own('x86_64'),
        sockets: 1,
        cores: 2,
        threads: 4,
        maxMegahertz: 3500,
        virtualization: true,
      },
    },
    memory: {
      outcome: 'read',
      sources,
      value: {
        usableBytes: Math.round(7.6 * GIB),
        modules: {
          outcome: 'read',
          sources,
          value: {
            modules: [
              {
                slot: own('ChannelA-DIMM0'),
                sizeBytes: 8 * GIB,
                type: own('DDR4'),
                speed: 2400,
                manufacturer: own('Samsung'),
                partNumber: own('M471A1K43CB1'),
                serial: own('12345678'),
              },
            ],
            emptySlots: 1,
          },
        },
      },
    },
    drives: { outcome: 'read', sources, value: drivesOf(own, targets) },
    batteries: {
      outcome: 'read',
      sources,
      value: [
        {
          name: own('BAT0'),
          manufacturer: own('SANYO'),
          model: own('01AV419'),
          serial: own('1712'),
          technology: own('Li-ion'),
          unit: 'mWh',
          design: 24_000,
          full: 20_016,
          healthPercent: batteryPercent,
          cycles: 312,
          oddities: batteryPercent === null ? [own('full > 2 × design')] : [],
        },
      ],
    },
    displays: {
      outcome: 'read',
      sources,
      value: [
        {
          connector: own('eDP-1'),
          internal: true,
          maker: own('LGD'),
          model: own('LP140WF6'),
          serial: null,
          widthPixels: 1920,
          heightPixels: 1080,
          widthMillimetres: 309,
          heightMillimetres: 174,
          year: 2017,
        },
      ],
    },
    remarks: [own('Une bibliothèque et notre lecture diffèrent sur la mémoire.')],
  };
}

function drivesOf(own: (word: string) => string, targets: readonly Target[]): Drive[] {
  if (targets.length === 0) return [drive(own, 'read'), drive(own, 'failed')];
  return targets.map(({ path, identity, medium, sizeBytes }, index) => ({
    ...drive(own, index === 1 ? 'failed' : 'read'),
    ...{ path, identity, medium, sizeBytes },
  }));
}

function drive(own: (word: string) => string, health: 'read' | 'failed'): Drive {
  return {
    path: own(health === 'read' ? '/dev/nvme0n1' : '/dev/sda'),
    identity: {
      transport: health === 'read' ? 'nvme' : 'sata',
      model: own('SAMSUNG MZVLW256'),
      serial: own('S35ENX0J'),
      wwid: own('eui.002538'),
    },
    medium: health === 'read' ? 'nvme' : 'ata-hdd',
    firmware: own('CXB7301Q'),
    sizeBytes: 256 * 1000 ** 3,
    logicalSectorBytes: 512,
    physicalSectorBytes: 4096,
    rotational: health !== 'read',
    removable: false,
    diskseq: '9',
    health:
      health === 'failed'
        ? {
            outcome: 'failed',
            failure: {
              code: 'tool-failed',
              source: own('smartctl'),
              detail: own('Read Device Identity failed'),
            },
          }
        : { outcome: 'read', sources: [own('smartctl')], value: HEALTHY },
  };
}

const HEALTHY = {
  passed: true,
  powerOnHours: 8123,
  temperatureCelsius: 34,
  reallocatedSectors: 0,
  pendingSectors: 0,
  uncorrectableSectors: 0,
  percentageUsed: 7,
  availableSparePercent: 100,
  criticalWarning: 0,
  mediaErrors: '0',
};
