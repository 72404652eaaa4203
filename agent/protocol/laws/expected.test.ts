import { describe, expect, it } from 'vitest';
import {
  ATA_MEANS,
  firmware,
  HDD_TARGET,
  NVME_MEANS,
  NVME_TARGET,
  OVERWRITE,
  READ_BACK,
  REVEAL,
  UNREAD_MEANS,
} from '../../../test-fixtures/step-plans.ts';
import type { DriveCapabilities } from '../words/capabilities.ts';
import type { Medium } from '../words/drive.ts';
import { type PlanStep, Technique } from '../words/steps.ts';
import { achieves } from './achieves.ts';
import { capabilitiesOf, expectedOf } from './expected.ts';

type Ata = Extract<DriveCapabilities, { interface: 'ata' }>;
type Nvme = Extract<DriveCapabilities, { interface: 'nvme' }>;
const ata = capabilitiesOf(ATA_MEANS) as Ata;
const nvme = capabilitiesOf(NVME_MEANS) as Nvme;
const failure = { code: 'timed-out', source: 'hdparm -N', detail: '' } as const;

const onHdd = (
  technique: Technique,
  means: DriveCapabilities | null,
  steps: PlanStep[] = [OVERWRITE, READ_BACK],
) => expectedOf({ mode: 'real', technique, target: HDD_TARGET, steps }, means);
const onNvme = (technique: Technique, means: DriveCapabilities | null) =>
  expectedOf({ mode: 'real', technique, target: NVME_TARGET, steps: [firmware(technique)] }, means);

describe('hidden areas', () => {
  it('that are left alone leave no level, and are named', () => {
    expect(onHdd('overwrite', ata)).toEqual({ level: 'none', clause: 'hidden areas are left alone: hpa' });
    const both: Ata = { ...ata, dco: { state: 'hidden', realBytes: 510e9 } };
    expect(onHdd('overwrite', both, [REVEAL]).clause).toBe('hidden areas are left alone: dco');
  });

  it('count as reached when given back to the very size that the drive told', () => {
    expect(onHdd('overwrite', ata, [REVEAL, OVERWRITE, READ_BACK])).toEqual(achieves('overwrite', 'ata-hdd'));
    const short: PlanStep = { kind: 'reveal', area: 'hpa', realBytes: 499e9 };
    expect(onHdd('overwrite', ata, [short, OVERWRITE, READ_BACK]).level).toBe('none');
  });

  it('are reached by ATA SANITIZE, and not by SECURITY ERASE UNIT in either mode', () => {
    expect(onHdd('ata-sanitize-overwrite', ata).level).toBe('purge');
    expect(onHdd('ata-security-erase', ata).level).toBe('none');
    expect(onHdd('ata-security-erase-enhanced', ata).level).toBe('none');
    expect(onHdd('ata-security-erase-enhanced', ata, [REVEAL]).level).toBe('purge');
  });

  it('that could not be looked for are said in the clause: unknown is not none', () => {
    const open: Ata = { ...ata, hpa: { state: 'unknown', failure }, dco: { state: 'unknown', failure } };
    const { level, clause } = onHdd('overwrite', open);
    expect(level).toBe('clear');
    expect(clause).toContain('not known: hpa, dco');
    expect(onHdd('overwrite', null).clause).toContain('were not looked for');
    expect(onHdd('overwrite', { interface: 'plain' }).clause).toContain('were not looked for');
  });
});

describe('namespaces and capacity beside the one that is sanitized', () => {
  const other: Nvme = {
    ...nvme,
    namespaces: [...nvme.namespaces, { nsid: 2, attached: false, sizeBytes: 1e9 }],
  };
  const unallocated: Nvme = { ...nvme, unallocatedBytes: 1 };

  it('leave no level to what does not reach them', () => {
    for (const means of [other, unallocated]) {
      expect(onNvme('overwrite', means).level).toBe('none');
      expect(onNvme('nvme-format-1', means).level).toBe('none');
      expect(onNvme('nvme-sanitize-block', means).level).toBe('purge');
    }
  });

  it('a format of all namespaces reaches the others, and not what no namespace has', () => {
    const all = { allNamespaces: true, eraseAllNamespaces: true, crypto: true };
    expect(onNvme('nvme-format-1', { ...other, format: all }).level).toBe('clear');
    expect(onNvme('nvme-format-1', { ...unallocated, format: all }).level).toBe('none');
    expect(onNvme('overwrite', { ...other, format: all }).level).toBe('none');
  });

  it('are said in the clause where they are not known', () => {
    expect(onNvme('overwrite', { ...nvme, unallocatedBytes: null }).clause).toContain('is not known');
    expect(onNvme('overwrite', null).clause).toContain('were not looked for');
  });
});

describe('a technique that the drive does not announce', () => {
  const plain: DriveCapabilities = { interface: 'plain' };
  const nothing: DriveCapabilities[] = [
    { ...ata, security: null, sanitize: null },
    { ...nvme, sanitize: null, format: null },
    { interface: 'scsi', sanitize: null },
    plain,
  ];

  it('has no level, on any medium, nor has one whose drive could not be asked', () => {
    for (const technique of Technique.options.filter((each) => each !== 'overwrite')) {
      for (const medium of ['ata-hdd', 'ata-ssd', 'nvme', 'scsi-ssd', 'emmc'] as const) {
        const about = { mode: 'real' as const, technique, target: { ...NVME_TARGET, medium }, steps: [] };
        // FORMAT UNIT is mandatory in SBC: a SCSI disk announces it by being one.
        for (const means of nothing.filter(
          (each) => technique !== 'scsi-format-unit' || each.interface !== 'scsi',
        ))
          expect(expectedOf(about, means).level).toBe('none');
        expect(expectedOf(about, capabilitiesOf(UNREAD_MEANS)).level).toBe('none');
      }
    }
  });

  it('is told by the one bit that is its own', () => {
    const sanitize = { ...nvme.sanitize!, crypto: false, block: false, overwrite: false };
    for (const kind of ['crypto', 'block', 'overwrite'] as const) {
      const one: Nvme = { ...nvme, sanitize: { ...sanitize, [kind]: true } };
      for (const asked of ['crypto', 'block', 'overwrite'] as const) {
        expect(onNvme(`nvme-sanitize-${asked}`, one).level).toBe(asked === kind ? 'purge' : 'none');
      }
    }
    const normal: Ata = { ...ata, hpa: { state: 'none' }, security: { ...ata.security!, enhanced: false } };
    expect(onHdd('ata-security-erase', normal).level).toBe('clear');
    expect(onHdd('ata-security-erase-enhanced', normal).level).toBe('none');
    expect(onNvme('nvme-format-2', nvme).level).toBe('clear');
    const noCrypto = { ...nvme.format!, crypto: false };
    expect(onNvme('nvme-format-2', { ...nvme, format: noCrypto }).level).toBe('none');
    expect(onNvme('nvme-format-1', { ...nvme, format: noCrypto }).level).toBe('clear');
  });
});

it('a rehearsal claims nothing, and a medium without a row has nothing to say besides', () => {
  const about = { technique: 'overwrite' as const, target: NVME_TARGET, steps: [OVERWRITE, READ_BACK] };
  expect(expectedOf({ ...about, mode: 'rehearsal' }, nvme).level).toBe('none');
  for (const medium of ['usb-flash', 'virtual', 'unknown'] satisfies Medium[]) {
    const plan = { ...about, mode: 'real' as const, target: { ...NVME_TARGET, medium } };
    expect(expectedOf(plan, { interface: 'plain' })).toEqual(achieves('overwrite', medium));
  }
});

describe('other namespaces that an NVMe technique goes to', () => {
  const two: Nvme = {
    ...nvme,
    namespaces: [
      ...nvme.namespaces,
      { nsid: 2, attached: true, sizeBytes: 64e9 },
      { nsid: 3, attached: false, sizeBytes: 8e9 },
    ],
  };
  const sampling = { seedHex: '5e'.repeat(32), sections: 1000, placesPerSection: 2, placeBytes: 4096 };
  const plan = (others?: { nsid: number; sizeBytes: number }[]) =>
    expectedOf(
      {
        ...{ mode: 'real', technique: 'nvme-sanitize-block', target: NVME_TARGET },
        steps: [
          { kind: 'remember', sampling, ...(others ? { others } : {}) },
          firmware('nvme-sanitize-block'),
          { kind: 'compare' },
        ],
      },
      two,
    );

  it('must be looked at, all that are attached and as large as they are', () => {
    expect(plan([{ nsid: 2, sizeBytes: 64e9 }]).level).toBe('purge');
    for (const others of [undefined, [{ nsid: 3, sizeBytes: 8e9 }], [{ nsid: 2, sizeBytes: 1e9 }]])
      expect(plan(others)).toEqual({
        ...{ level: 'none', clause: 'other namespaces of the same drive are not looked at' },
      });
  });
});
