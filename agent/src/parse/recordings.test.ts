import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import {
  Battery,
  Display,
  DriveHealth,
  MemoryModules,
  ProbeFailure,
  SystemFacts,
  part,
} from '@rebond/protocol';
import { describe, expect, it } from 'vitest';
import { parseSupply, type Supply } from './battery.ts';
import { parseCpuinfo } from './cpuinfo.ts';
import { memoryOfDmi } from './dmi-memory.ts';
import { systemOfDmi } from './dmi-system.ts';
import { parseDmi } from './dmi.ts';
import { parseEdid } from './edid.ts';
import { parseMeminfo } from './meminfo.ts';
import type { Parsed } from './parsed.ts';
import { parseSmartctl, type SmartctlReport } from './smartctl.ts';

/** Recordings of real machines, beside the repository; read in place because their licences differ. */
const CORPUS = process.env.REBOND_CORPUS ?? join(import.meta.dirname, '../../../../shared/realdata');
const isAbsent = !existsSync(CORPUS);

function paths(kind: string, name: RegExp): string[] {
  if (!existsSync(join(CORPUS, kind))) return [];
  return readdirSync(join(CORPUS, kind), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && name.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted();
}
const text = (path: string): string => readFileSync(path, 'utf8');

/** Each file with its parsed value; failures have passed the protocol's shape. */
function values<T>(files: readonly string[], parse: (path: string) => Parsed<T>): Map<string, T> {
  const found = new Map<string, T>();
  for (const path of files) {
    const answer = parse(path);
    if (answer.kind === 'parsed') found.set(path, answer.value);
    else ProbeFailure.parse(answer.failure);
  }
  return found;
}

/** Facts that a reader other than the parser finds in the same bytes, by the file's name, where they differ. */
type Difference = [path: string, fact: string, expected: unknown, actual: unknown];
const differ = (path: string, fact: string, expected: unknown, actual: unknown): Difference[] =>
  expected === undefined || expected === actual ? [] : [[relative(CORPUS, path), fact, expected, actual]];

describe.skipIf(isAbsent)(
  `recordings of real hardware${isAbsent ? ', absent: nothing was checked' : ''}`,
  () => {
    it('has recordings in it', () => {
      const kinds = ['smartctl-json', 'dmidecode', 'edid', 'battery', 'procinfo'];
      expect(kinds.filter((kind) => paths(kind, /./).length > 0)).toEqual(kinds);
    });

    const smartctlFiles = (): string[] => [
      ...paths('smartctl-json', /./),
      ...paths('machines', /^smartctl.*\.json$/),
    ];
    const smartctl = (): Map<string, SmartctlReport> =>
      values(smartctlFiles(), (path) => parseSmartctl(text(path)));

    it('smartctl JSON: every answer about one drive is read, and no other', () => {
      const reports = smartctl();
      const isAboutOneDrive = (path: string): boolean => text(path).match(/"device":\s*\{/g)?.length === 1;
      const expected = smartctlFiles().filter(isAboutOneDrive);
      expect([...reports.keys()]).toEqual(expected);
      for (const { health } of reports.values()) part(DriveHealth).parse(health);
    });

    it('smartctl JSON: health is read wherever the answer has a status, attributes or a log', () => {
      const without = [...smartctl()].filter(([, { health }]) => health.outcome !== 'read');
      const stated = /"passed"|"ata_smart_attributes"|"nvme_smart_health_information_log"/;
      expect(without.filter(([path]) => stated.test(text(path))).map(([path]) => path)).toEqual([]);
    });

    it('smartctl JSON: figures are those in the text, found there without a JSON parser', () => {
      const differences: Difference[] = [];
      for (const [path, { serial, model, health }] of smartctl()) {
        const facts = health.outcome === 'read' ? health.value : null;
        const find = (pattern: RegExp): string | undefined => pattern.exec(text(path))?.[1];
        const stated = find(/"serial_number": "([^"]*)"/)?.trim();
        if (!/^X+$/.test(stated ?? '')) differences.push(...differ(path, 'serial', stated, serial));
        differences.push(...differ(path, 'model', find(/"model_name": "([^"]*)"/)?.trim(), model));
        const digits = find(/"media_errors": (\d+)/);
        differences.push(...differ(path, 'media errors', digits, facts?.mediaErrors));
        const failing = find(/"passed": (true|false)/);
        differences.push(...differ(path, 'passed', failing, String(facts?.passed)));
      }
      expect(differences).toEqual([]);
    });

    it('dmidecode: every table gives facts of the protocol’s shape', () => {
      const tables = values(
        [...paths('dmidecode', /\.txt$/), ...paths('machines', /^dmidecode\.txt$/)],
        (path) => parseDmi(text(path)),
      );
      const differences: Difference[] = [];
      for (const [path, structures] of tables) {
        const system = SystemFacts.parse(systemOfDmi(structures));
        const memory = memoryOfDmi(structures);
        if (memory.kind === 'parsed') MemoryModules.parse(memory.value);
        const section = /^System Information\r?\n(?:[ \t]+.*\r?\n)*/m.exec(text(path))?.[0] ?? '';
        const product = /^\s+Product Name: (.*?)\s*$/m.exec(section)?.[1];
        if (system.product !== null) differences.push(...differ(path, 'product', product, system.product));
      }
      expect(differences).toEqual([]);
    });

    it('dmidecode: modules and empty slots are as many as the table’s lines', () => {
      const differences: Difference[] = [];
      for (const path of paths('dmidecode', /\.txt$/)) {
        const sections = text(path)
          .split(/^Handle /m)
          .filter((each) => /^Memory Device\r?$/m.test(each) && !/Type: Flash/.test(each));
        const table = parseDmi(text(path));
        const memory = table.kind === 'parsed' ? memoryOfDmi(table.value) : table;
        if (memory.kind === 'failed' || /Use: (?!System)/.test(text(path))) continue;
        const empty = sections.filter((each) =>
          /^[ \t]+Size: (?:No Module Installed|0 \w+)\s*$/m.test(each),
        ).length;
        if (sections.length === 0) continue;
        differences.push(...differ(path, 'empty', empty, memory.value.emptySlots));
        differences.push(...differ(path, 'fitted', sections.length - empty, memory.value.modules.length));
      }
      expect(differences).toEqual([]);
    });

    it('EDID: resolution, size, maker, name and year are those of edid-decode', () => {
      const differences: Difference[] = [];
      const edids = values(paths('edid', /^edid\.bin$/), (path) => parseEdid(readFileSync(path)));
      for (const [path, edid] of edids) {
        Display.parse({ connector: 'eDP-1', internal: true, ...edid });
        const told = join(dirname(path), 'edid-decode.txt');
        if (!existsSync(told)) continue;
        const base = text(told).split('Block 1,')[0] ?? '';
        const [, width, height] = /DTD 1:\s+(\d+)x(\d+)/.exec(base) ?? [];
        const [, centimetres] = /Maximum image size: (\d+) cm x \d+ cm/.exec(base) ?? [];
        differences.push(...differ(path, 'width', width, edid.widthPixels?.toString()));
        differences.push(...differ(path, 'height', height, edid.heightPixels?.toString()));
        differences.push(...differ(path, 'maker', /Manufacturer: (\S+)/.exec(base)?.[1], edid.maker));
        differences.push(
          ...differ(path, 'name', /Display Product Name: '(.*)'/.exec(base)?.[1]?.trim(), edid.model),
        );
        if (edid.year !== null)
          differences.push(
            ...differ(
              path,
              'year',
              / of (\d{4})|Made in: (\d{4})|year: (\d{4})/.exec(base)?.slice(1).find(Boolean),
              String(edid.year),
            ),
          );
        const isNear = Math.abs((edid.widthMillimetres ?? 0) - Number(centimetres) * 10) <= 10;
        if (edid.widthMillimetres !== null) differences.push(...differ(path, 'size', true, isNear));
      }
      expect(differences).toEqual([]);
      const isSound = (block: Buffer): boolean =>
        block.subarray(0, 128).reduce((sum, byte) => sum + byte, 0) % 256 === 0;
      expect([...edids.keys()]).toEqual(
        paths('edid', /^edid\.bin$/).filter((path) => isSound(readFileSync(path))),
      );
    });

    it('batteries: health is full by design of the same file, or unknown for a named reason', () => {
      const supplies = values<Supply>(
        paths('battery', /uevent|udevadm|cat-all/).filter((path) => text(path).includes('POWER_SUPPLY_')),
        (path) => {
          const type = /^(?:A|ACAD|ADP)/.test(basename(path)) ? 'Mains' : 'Battery';
          return parseSupply('BAT0', text(path).replaceAll(/^E: /gm, ''), type);
        },
      );
      const batteries = [...supplies].flatMap(([path, supply]) =>
        supply.kind === 'battery' ? [[path, Battery.parse(supply.battery)] as const] : [],
      );
      const differences: Difference[] = [];
      for (const [path, { healthPercent, oddities }] of batteries) {
        const figure = (key: string): number => Number(new RegExp(`_${key}=(\\d+)`).exec(text(path))?.[1]);
        const kind = text(path).includes('ENERGY_FULL=') ? 'ENERGY' : 'CHARGE';
        const ratio = (figure(`${kind}_FULL`) / figure(`${kind}_FULL_DESIGN`)) * 100;
        const isRight =
          healthPercent === null
            ? oddities.length > 0
            : Math.abs(healthPercent - ratio) < 0.06 && ratio !== 100;
        differences.push(...differ(path, 'health', true, isRight));
      }
      expect(differences).toEqual([]);
    });

    it('cpuinfo: model and number of processors are those in the text', () => {
      const infos = values(paths('procinfo', /^cpuinfo.*\.txt$/), (path) => parseCpuinfo(text(path)));
      const differences: Difference[] = [];
      for (const [path, { model, threads }] of infos) {
        const listed = text(path).match(/^processor\s*:\s*\d+\s*$/gm)?.length;
        differences.push(...differ(path, 'threads', listed, threads));
        differences.push(
          ...differ(path, 'model', /^model name\s*:\s*(.*?)\s*$/m.exec(text(path))?.[1], model),
        );
      }
      expect(differences).toEqual([]);
      const meminfos = values(paths('procinfo', /^meminfo\.txt$/), (path) => parseMeminfo(text(path)));
      for (const [path, bytes] of meminfos) {
        expect(bytes / 1024).toBe(Number(/MemTotal:\s+(\d+)/.exec(text(path))?.[1]));
      }
    });
  },
);
