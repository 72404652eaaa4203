import {
  Battery,
  Display,
  DriveHealth,
  MemoryModules,
  ProbeFailure,
  SystemFacts,
  part,
} from '@rebond/protocol';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseAtaPage, parseSerialPage } from './ata-identify.ts';
import { parseSupply } from './battery.ts';
import { parseCpuinfo } from './cpuinfo.ts';
import { memoryOfDmi } from './dmi-memory.ts';
import { systemOfDmi } from './dmi-system.ts';
import { parseDmi } from './dmi.ts';
import { parseEdid } from './edid.ts';
import { parseMeminfo } from './meminfo.ts';
import type { Parsed } from './parsed.ts';
import { parseSmartctl } from './smartctl.ts';

/** The value of a parser's answer, after its failure or the value itself has passed the protocol's own shape. */
function checked<T>(answer: Parsed<T>, check: (value: T) => void): void {
  if (answer.kind === 'failed') ProbeFailure.parse(answer.failure);
  else check(answer.value);
}

/** Runs a property; its counterexample is in the message of the failed expectation. */
const holds = <T>(property: fc.IProperty<T>): void => expect(() => fc.assert(property)).not.toThrow();

const hostile = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 400 }),
  fc.string({ unit: 'grapheme' }),
  fc.constant('-1'),
  fc.constant('65535'),
  fc.bigInt().map(String),
);
/** Lines of `key<separator>value` with known keys and hostile values. */
const lines = (keys: readonly string[], separator: string) =>
  fc
    .array(fc.tuple(fc.constantFrom(...keys), hostile), { maxLength: 20 })
    .map((pairs) => pairs.map(([key, value]) => `${key}${separator}${value}`).join('\n'));

describe('parsers on anything', () => {
  it('smartctl: JSON of any shape and text of any kind', () => {
    const leaf = fc.oneof(hostile, fc.double(), fc.boolean(), fc.constant(null), fc.integer());
    const json = fc.record(
      {
        smartctl: fc.oneof(
          leaf,
          fc.record({ exit_status: leaf, messages: fc.array(fc.record({ string: leaf })) }),
        ),
        device: leaf,
        serial_number: leaf,
        model_name: leaf,
        user_capacity: fc.oneof(leaf, fc.record({ bytes: leaf })),
        smart_status: fc.oneof(leaf, fc.record({ passed: leaf })),
        power_on_time: fc.record({ hours: leaf }),
        temperature: fc.record({ current: leaf }),
        nvme_smart_health_information_log: fc.record({
          media_errors: leaf,
          percentage_used: leaf,
          available_spare: leaf,
        }),
        ata_smart_attributes: fc.record({
          table: fc.array(
            fc.record({
              id: fc.constantFrom(5, 9, 194, 197, 198),
              name: leaf,
              raw: fc.record({ value: leaf, string: leaf }),
            }),
          ),
        }),
      },
      { requiredKeys: ['smartctl', 'device'] },
    );
    holds(
      fc.property(
        fc.oneof(
          json.map((value) => JSON.stringify(value)),
          fc.json(),
          hostile,
        ),
        (text) => checked(parseSmartctl(text), ({ health }) => part(DriveHealth).parse(health)),
      ),
    );
  });

  it('dmidecode: any structures', () => {
    const keys = [
      'Handle 0x0001, DMI type 17',
      'Handle 0x0002, DMI type 1',
      'Memory Device',
      'Size',
      'Speed',
      'Locator',
      'Type',
      'Bank Locator',
      'Serial Number',
      'UUID',
      'Vendor',
    ];
    const text = fc.oneof(
      hostile,
      lines(keys, ': '),
      lines(
        keys.map((key) => `\t${key}`),
        ': ',
      ).map((body) => `Handle 0x0000, DMI type 17, 40 bytes\nMemory Device\n${body}`),
    );
    holds(
      fc.property(text, (table) =>
        checked(parseDmi(table), (structures) => {
          SystemFacts.parse(systemOfDmi(structures));
          checked(memoryOfDmi(structures), (memory) => MemoryModules.parse(memory));
        }),
      ),
    );
  });

  it('uevent: any facts', () => {
    const keys = [
      'TYPE',
      'PRESENT',
      'ENERGY_FULL',
      'ENERGY_FULL_DESIGN',
      'ENERGY_NOW',
      'CHARGE_FULL',
      'CHARGE_FULL_DESIGN',
      'CYCLE_COUNT',
      'TEMP',
      'VOLTAGE_NOW',
      'MODEL_NAME',
    ];
    const numbers = fc
      .array(fc.tuple(fc.constantFrom(...keys), fc.integer({ min: -1_000_000, max: 80_000_000 })))
      .map((pairs) => pairs.map(([key, value]) => `POWER_SUPPLY_${key}=${value}`).join('\n'));
    holds(
      fc.property(
        hostile,
        fc.oneof(
          hostile,
          numbers,
          lines(
            keys.map((key) => `POWER_SUPPLY_${key}`),
            '=',
          ),
        ),
        (name, text) =>
          checked(parseSupply(name, text, 'Battery'), (supply) => {
            if (supply.kind === 'battery') Battery.parse(supply.battery);
          }),
      ),
    );
  });

  it('EDID: any bytes, and any content under a right header and checksum', () => {
    const Edid = Display.omit({ connector: true, internal: true });
    const bytes = fc.uint8Array({ maxLength: 300 });
    const valid = fc.uint8Array({ minLength: 128, maxLength: 128 }).map((block) => {
      block.set([0, 255, 255, 255, 255, 255, 255, 0]);
      block[127] = 0;
      block[127] = (256 - (block.reduce((sum, byte) => sum + byte, 0) % 256)) % 256;
      return block;
    });
    holds(
      fc.property(fc.oneof(bytes, valid), (block) => checked(parseEdid(block), (edid) => Edid.parse(edid))),
    );
    holds(fc.property(valid, (block) => parseEdid(block).kind === 'parsed'));
  });

  it('cpuinfo, meminfo and vital product data', () => {
    const keys = ['processor', 'model name', 'physical id', 'core id', 'flags'];
    holds(
      fc.property(fc.oneof(hostile, lines(keys, '\t: ')), (text) =>
        checked(parseCpuinfo(text), ({ threads, cores, sockets, model }) => {
          expect(model.length).toBeLessThanOrEqual(256);
          expect(threads).toBeGreaterThan(0);
          expect([cores ?? 1, sockets ?? 1].every((count) => count >= 1 && count <= threads)).toBe(true);
        }),
      ),
    );
    holds(
      fc.property(fc.oneof(hostile, lines(['MemTotal'], ': ')), (text) =>
        checked(parseMeminfo(text), (bytes) => expect(bytes).toBeGreaterThan(0)),
      ),
    );
    holds(
      fc.property(fc.uint8Array({ maxLength: 700 }), (page) => {
        const [ata, serial] = [parseAtaPage(page), parseSerialPage(page)];
        expect([ata?.model, ata?.serial, serial].every((text) => (text ?? '').length <= 256)).toBe(true);
      }),
    );
  });
});
