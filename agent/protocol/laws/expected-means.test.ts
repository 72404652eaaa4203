// What a drive says of its means, technique by technique and medium by medium.
import { describe, expect, it } from 'vitest';
import {
  firmware,
  HDD_TARGET,
  NVME_TARGET,
  OVERWRITE,
  READ_BACK,
  REMEMBER,
} from '../../../test-fixtures/step-plans.ts';
import type { DriveCapabilities } from '../words/capabilities.ts';
import { Medium } from '../words/drive.ts';
import type { PlanStep, Technique } from '../words/steps.ts';
import { achieves } from './achieves.ts';
import { expectedOf, otherNamespaces } from './expected.ts';

type Means<I extends DriveCapabilities['interface']> = Extract<DriveCapabilities, { interface: I }>;

const NO_AREAS = { hpa: { state: 'none' }, dco: { state: 'none' }, ama: { state: 'none' } } as const;
const ata: Means<'ata'> = { interface: 'ata', security: null, sanitize: null, ...NO_AREAS };
const nvme: Means<'nvme'> = {
  ...{ interface: 'nvme', controller: '/dev/nvme0', nsid: 1, lbaFormat: 0, sanitize: null, format: null },
  ...{ namespaces: [{ nsid: 1, attached: true, sizeBytes: 256e9 }], unallocatedBytes: 0 },
};
const plain: DriveCapabilities = { interface: 'plain' };

function level(
  technique: Technique,
  medium: Medium,
  means: DriveCapabilities | null,
  steps: PlanStep[] = [],
) {
  return expectedOf({ mode: 'real', technique, target: { ...NVME_TARGET, medium }, steps }, means);
}

const KINDS = ['block', 'crypto', 'overwrite'] as const;
type Kinds = Record<(typeof KINDS)[number], boolean>;
const only = (kind: (typeof KINDS)[number]): Kinds => ({
  block: false,
  crypto: false,
  overwrite: false,
  [kind]: true,
});

const ERASABLE = { state: 'SEC1', attemptsExpired: false, eraseMinutes: 2, enhancedMinutes: 2 } as const;

describe('SANITIZE', () => {
  const withKinds = (kinds: Kinds): [string, Medium[], DriveCapabilities][] => [
    ['ata', ['ata-hdd', 'ata-ssd'], { ...ata, sanitize: { ...kinds, state: 'SD0' } }],
    ['scsi', ['scsi-hdd', 'scsi-ssd'], { interface: 'scsi', sanitize: kinds }],
    [
      'nvme',
      ['nvme'],
      {
        ...nvme,
        sanitize: { ...kinds, state: 'never', estimates: { block: null, crypto: null, overwrite: null } },
      },
    ],
  ];

  it('counts where the drive announces that very operation, on its own interface', () => {
    for (const kind of KINDS) {
      for (const [bus, media, means] of withKinds(only(kind))) {
        for (const asked of KINDS) {
          const technique = `${bus}-sanitize-${asked}` as Technique;
          for (const medium of media) {
            const due = asked === kind ? achieves(technique, medium).level : 'none';
            expect([technique, medium, level(technique, medium, means).level]).toEqual([
              technique,
              medium,
              due,
            ]);
          }
        }
      }
    }
  });

  it('of one interface is not announced by a drive of another', () => {
    const all = { block: true, crypto: true, overwrite: true };
    for (const [bus] of withKinds(all)) {
      for (const [other, , means] of withKinds(all)) {
        if (bus === other) continue;
        // The medium that would give it a level, were it announced.
        const medium = withKinds(all)
          .find(([name]) => name === bus)?.[1]
          .at(-1) as Medium;
        const found = level(`${bus}-sanitize-crypto` as Technique, medium, means);
        expect(found).toEqual({ level: 'none', clause: 'the drive does not announce this technique' });
      }
    }
  });
});

describe('SECURITY ERASE and Format', () => {
  const security = {
    state: 'SEC1',
    attemptsExpired: false,
    enhanced: true,
    eraseMinutes: 2,
    enhancedMinutes: 2,
  } as const;
  const format = { allNamespaces: false, eraseAllNamespaces: false, crypto: true };

  it('need an interface that has them, and a drive that announces them', () => {
    expect(level('ata-security-erase', 'ata-ssd', { ...ata, security }).level).toBe('clear');
    expect(level('ata-security-erase', 'ata-ssd', ata).level).toBe('none');
    for (const technique of ['nvme-format-1', 'nvme-format-2'] as const) {
      expect(level(technique, 'nvme', { ...nvme, format }).level).toBe('clear');
      expect(level(technique, 'nvme', nvme).level).toBe('none');
      expect(level(technique, 'nvme', { ...ata, security }).level).toBe('none');
    }
    for (const technique of ['ata-security-erase', 'ata-security-erase-enhanced'] as const)
      expect(level(technique, 'ata-hdd', { ...nvme, format }).level).toBe('none');
  });

  it('of SES 000b is announced with the others, and erases nothing', () => {
    const found = level('nvme-format-0', 'nvme', { ...nvme, format });
    expect(found).toEqual(achieves('nvme-format-0', 'nvme'));
    expect(level('nvme-format-0', 'nvme', nvme).clause).toContain('does not announce');
  });

  it('FORMAT UNIT is every SCSI disk’s, and no other’s', () => {
    const scsi: DriveCapabilities = { interface: 'scsi', sanitize: null };
    expect(level('scsi-format-unit', 'scsi-hdd', scsi).level).toBe('clear');
    expect(level('scsi-format-unit', 'scsi-hdd', plain).level).toBe('none');
  });

  it('what no drive can announce yet is never announced', () => {
    for (const technique of ['emmc-erase-sanitize', 'tcg-psid-revert', 'discard'] as const) {
      for (const means of [ata, nvme, plain])
        expect(level(technique, 'emmc', means).clause).toBe('the drive does not announce this technique');
      expect(level(technique, 'emmc', null).clause).toBe('what this drive can do could not be read');
    }
  });
});

describe('removable flash', () => {
  const bytes = (hex: string): PlanStep => ({ kind: 'overwrite', pattern: { kind: 'bytes', hex } });
  const on = (medium: Medium, ...steps: PlanStep[]) =>
    level('overwrite', medium, plain, [...steps, READ_BACK]);

  it.each(['usb-flash', 'sd-card'] as const)(
    '%s is cleared by a pattern and, in the next pass, its complement',
    (medium) => {
      for (const [one, other] of [
        ['55', 'aa'],
        ['00', 'ff'],
        ['0f1e', 'f0e1'],
        ['92492a', '6db6d5'],
      ] as const) {
        const found = on(medium, bytes(one), bytes(other), OVERWRITE);
        expect([one, found.level]).toEqual([one, 'clear']);
        expect(found.clause).toContain('two passes, a pattern and its complement');
        expect(on(medium, OVERWRITE, bytes(other), bytes(one)).level).toBe('clear');
      }
    },
  );

  it.each(['usb-flash', 'sd-card'] as const)('%s is not, by anything else', (medium) => {
    const pairs: PlanStep[][] = [
      [OVERWRITE],
      [OVERWRITE, OVERWRITE],
      [bytes('55')],
      [bytes('55'), OVERWRITE],
      [OVERWRITE, bytes('aa')],
      [bytes('55'), bytes('55')],
      [bytes('55'), bytes('ab')],
      [bytes('55'), bytes('ba')],
      [bytes('55'), bytes('aaaa')],
      [bytes('5555'), bytes('aa')],
      // With another pass between them, it is not the next one.
      [bytes('55'), bytes('00'), bytes('aa')],
      [bytes('aa'), OVERWRITE, bytes('55')],
    ];
    for (const steps of pairs) expect(on(medium, ...steps).level).toBe('none');
    // Other steps between two passes are no pass.
    expect(on(medium, bytes('55'), READ_BACK, bytes('aa')).level).toBe('clear');
  });

  it('alone is cleared so: the same passes give another medium what its own row says', () => {
    for (const medium of Medium.options.filter((each) => each !== 'usb-flash' && each !== 'sd-card')) {
      const { level: found, clause } = on(medium, bytes('55'), bytes('aa'), OVERWRITE);
      expect(found).toBe(achieves('overwrite', medium).level);
      expect(clause).not.toContain('removable');
    }
    const security = { ...ERASABLE, enhanced: true } as const;
    const passes = [bytes('55'), bytes('aa')];
    expect(level('ata-security-erase', 'usb-flash', { ...ata, security }, passes).level).toBe('none');
    // And only an overwrite: what a card does by itself has no row.
    expect(level('discard', 'sd-card', plain, [bytes('55'), bytes('aa')]).level).toBe('none');
  });
});

describe('what could not be looked for', () => {
  const openClause = (medium: Medium): string | undefined =>
    level('overwrite', medium, null, [OVERWRITE, READ_BACK]).clause.split('; ').at(-1);

  it('is said of the media that may have it, and of no other', () => {
    for (const medium of ['ata-hdd', 'ata-ssd', 'behind-bridge'] as const)
      expect(openClause(medium)).toBe('hidden areas (HPA, DCO, AMA) were not looked for');
    expect(openClause('nvme')).toBe('other namespaces and capacity without one were not looked for');
    for (const medium of Medium.options) {
      if (['ata-hdd', 'ata-ssd', 'behind-bridge', 'nvme'].includes(medium)) continue;
      expect(level('overwrite', medium, null)).toEqual(achieves('overwrite', medium));
    }
  });

  it('is nothing where the drive answered, or where the technique reaches it all the same', () => {
    for (const [medium, means] of [
      ['ata-hdd', ata],
      ['nvme', nvme],
      ['scsi-hdd', { interface: 'scsi', sanitize: null }],
      ['ata-hdd', { interface: 'scsi', sanitize: null }],
    ] as const)
      expect(level('overwrite', medium, means)).toEqual(achieves('overwrite', medium));
    const failure = { code: 'timed-out', source: 'hdparm', detail: '' } as const;
    const unknown = { state: 'unknown', failure } as const;
    const sanitize = { block: true, crypto: true, overwrite: true, state: 'SD0' } as const;
    const open: Means<'ata'> = { ...ata, sanitize, hpa: unknown, dco: unknown, ama: unknown };
    for (const technique of ['ata-sanitize-block', 'ata-sanitize-crypto'] as const)
      expect(level(technique, 'ata-ssd', open)).toEqual(achieves(technique, 'ata-ssd'));
    const estimates = { block: null, crypto: null, overwrite: null };
    const all = { block: true, crypto: true, overwrite: true, state: 'never', estimates } as const;
    for (const technique of [
      'nvme-sanitize-block',
      'nvme-sanitize-crypto',
      'nvme-sanitize-overwrite',
    ] as const) {
      for (const unallocatedBytes of [null, 1e9])
        expect(level(technique, 'nvme', { ...nvme, sanitize: all, unallocatedBytes })).toEqual(
          achieves(technique, 'nvme'),
        );
    }
  });

  it('is not said of what has no level: the clause says why it has none', () => {
    expect(level('overwrite', 'unknown', null).clause).toBe(achieves('overwrite', 'unknown').clause);
    const format = { allNamespaces: false, eraseAllNamespaces: false, crypto: true };
    const means = { ...nvme, format, unallocatedBytes: null };
    expect(level('nvme-format-0', 'nvme', means)).toEqual(achieves('nvme-format-0', 'nvme'));
  });
});

describe('what is known and left alone', () => {
  it('is named, all of it', () => {
    const hidden = { state: 'hidden', realBytes: 500e9 } as const;
    const two = level('overwrite', 'ata-hdd', { ...ata, hpa: hidden, ama: hidden });
    expect(two).toEqual({ level: 'none', clause: 'hidden areas are left alone: hpa, ama' });
    const other = { nsid: 2, attached: false, sizeBytes: 1e9 };
    const format = { allNamespaces: true, eraseAllNamespaces: true, crypto: true };
    const more = { ...nvme, format: null, namespaces: [...nvme.namespaces, other] };
    expect(level('overwrite', 'nvme', more).clause).toBe('other namespaces of the same drive are left alone');
    expect(level('nvme-format-1', 'nvme', { ...more, format }).level).toBe('clear');
    expect(level('overwrite', 'nvme', { ...nvme, unallocatedBytes: 1 }).clause).toBe(
      'capacity that no namespace has is left alone',
    );
  });

  it('is only what a step of that very area gives back', () => {
    const hidden = { state: 'hidden', realBytes: 500e9 } as const;
    const of = (step: PlanStep): string =>
      expectedOf(
        { mode: 'real', technique: 'overwrite', target: HDD_TARGET, steps: [step] },
        { ...ata, hpa: hidden },
      ).level;
    expect(of({ kind: 'reveal', area: 'hpa', realBytes: 500e9 })).toBe('clear');
    expect(of({ kind: 'reveal', area: 'dco', realBytes: 500e9 })).toBe('none');
    // Steps of other kinds say nothing of areas, whatever they carry.
    expect(of({ kind: 'unlock', area: 'hpa', realBytes: 500e9 } as unknown as PlanStep)).toBe('none');
  });
});

describe('other namespaces', () => {
  const sampling = (REMEMBER as Extract<PlanStep, { kind: 'remember' }>).sampling;
  const format = { allNamespaces: true, eraseAllNamespaces: true, crypto: true };
  const three: Means<'nvme'> = {
    ...{ ...nvme, format },
    namespaces: [
      ...nvme.namespaces,
      { nsid: 2, attached: true, sizeBytes: 64e9 },
      { nsid: 3, attached: true, sizeBytes: null },
      { nsid: 4, attached: false, sizeBytes: 8e9 },
    ],
  };

  it('are those that are attached beside the target; one whose size is not known has none', () => {
    expect(otherNamespaces(three)).toEqual([
      { nsid: 2, sizeBytes: 64e9 },
      { nsid: 3, sizeBytes: 0 },
    ]);
    expect(otherNamespaces({ ...three, nsid: 2 }).map(({ nsid }) => nsid)).toEqual([1, 3]);
    for (const means of [null, ata, plain]) expect(otherNamespaces(means)).toEqual([]);
  });

  it('must each be looked at by its own number and size', () => {
    const looked = (...others: { nsid: number; sizeBytes: number }[]): string =>
      level('nvme-format-1', 'nvme', three, [
        OVERWRITE,
        { kind: 'remember', sampling, others },
        firmware('nvme-format-1'),
      ]).level;
    const [two, none] = [
      { nsid: 2, sizeBytes: 64e9 },
      { nsid: 3, sizeBytes: 0 },
    ];
    expect(looked(two, none)).toBe('clear');
    expect(looked(none, two)).toBe('clear');
    expect(looked(two)).toBe('none');
    expect(looked(none)).toBe('none');
    expect(looked({ ...two, nsid: 5 }, none)).toBe('none');
    expect(looked({ ...two, sizeBytes: 0 }, none)).toBe('none');
  });

  it('are no matter of an overwrite, which goes to none of them and has no level beside them', () => {
    expect(level('overwrite', 'nvme', three, [OVERWRITE, READ_BACK]).clause).toContain('left alone');
  });
});

it('a rehearsal says that it is one', () => {
  const about = {
    mode: 'rehearsal' as const,
    technique: 'overwrite' as const,
    target: HDD_TARGET,
    steps: [OVERWRITE],
  };
  expect(expectedOf(about, ata)).toEqual({
    level: 'none',
    clause: 'REHEARSAL: nothing is claimed of this drive',
  });
});
