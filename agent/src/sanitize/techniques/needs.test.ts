// Which drive a technique is for, and what has to be done before: read from what the drive says of itself.
import type { DriveCapabilities, Technique } from '@rebond/protocol';
import { describe, expect, it } from 'vitest';
import { ATA_MEANS, HDD_TARGET, NVME_MEANS, NVME_TARGET } from '../../../../test-fixtures/step-plans.ts';
import { TECHNIQUES } from './index.ts';
import { LACKS } from './reasons.ts';
import type { TechniqueRow } from './technique.ts';

type Means<I extends DriveCapabilities['interface']> = Extract<DriveCapabilities, { interface: I }>;

const valueOf = (part: typeof ATA_MEANS): DriveCapabilities => {
  if (part.outcome !== 'read') throw new Error('means that were not read');
  return part.value;
};
const ALL = { crypto: true, block: true, overwrite: true };
const ata: Means<'ata'> = { ...(valueOf(ATA_MEANS) as Means<'ata'>), sanitize: { ...ALL, state: 'SD0' } };
const security = ata.security as NonNullable<Means<'ata'>['security']>;
const base = valueOf(NVME_MEANS) as Means<'nvme'>;
const nvmeSanitize = { ...(base.sanitize as NonNullable<Means<'nvme'>['sanitize']>), ...ALL };
const format = base.format as NonNullable<Means<'nvme'>['format']>;
const nvme: Means<'nvme'> = { ...base, sanitize: nvmeSanitize };
const scsi: Means<'scsi'> = { interface: 'scsi', sanitize: ALL };

const row = (technique: Technique): TechniqueRow => {
  const found = TECHNIQUES.find((each) => each.technique === technique);
  if (!found) throw new Error(technique);
  return found;
};
/** The code of what it lacks; `null` where it lacks nothing. */
const lack = (technique: Technique, means: DriveCapabilities, model = 'TEST'): string | null => {
  const found = row(technique).lacks(means, { ...HDD_TARGET, identity: { ...HDD_TARGET.identity, model } });
  return found === null ? null : found.code;
};
const named = (start: string): Technique[] =>
  TECHNIQUES.map(({ technique }) => technique).filter((each) => each.startsWith(start));

describe('a technique is for a drive', () => {
  it('of its own interface alone', () => {
    for (const { technique } of TECHNIQUES) {
      for (const means of [ata, nvme, scsi, { interface: 'plain' } as const]) {
        const own = technique.startsWith(`${means.interface}-`);
        expect([technique, lack(technique, means)]).toEqual([technique, own ? null : 'other-interface']);
      }
    }
    expect(TECHNIQUES).toHaveLength(13);
  });

  it('that offers that very operation', () => {
    for (const kind of ['block', 'crypto', 'overwrite'] as const) {
      const none = { ...ALL, [kind]: false };
      for (const [bus, means, bare] of [
        ['ata', { ...ata, sanitize: { ...none, state: 'SD0' } }, { ...ata, sanitize: null }],
        ['nvme', { ...nvme, sanitize: { ...nvmeSanitize, ...none } }, { ...nvme, sanitize: null }],
        ['scsi', { ...scsi, sanitize: none }, { ...scsi, sanitize: null }],
      ] as const) {
        for (const technique of named(`${bus}-sanitize-`)) {
          const own = technique.endsWith(kind);
          expect([technique, lack(technique, means)]).toEqual([technique, own ? 'not-offered' : null]);
          expect(lack(technique, bare)).toBe('not-offered');
        }
      }
    }
    expect(lack('ata-security-erase', { ...ata, security: null })).toBe('not-offered');
    expect(lack('ata-security-erase-enhanced', { ...ata, security: null })).toBe('not-offered');
    const normal = { ...ata, security: { ...security, enhanced: false } };
    expect(lack('ata-security-erase', normal)).toBeNull();
    expect(lack('ata-security-erase-enhanced', normal)).toBe('not-offered');
    const noCrypto = { ...nvme, format: { ...format, crypto: false } };
    expect(lack('nvme-format-1', noCrypto)).toBeNull();
    expect(lack('nvme-format-2', noCrypto)).toBe('not-offered');
    for (const technique of named('nvme-format'))
      expect(lack(technique, { ...nvme, format: null })).toBe('not-offered');
  });

  it('whose state can be read; one that runs already is waited for first', () => {
    for (const [state, code] of [
      ['SD0', null],
      ['SD1', null],
      ['SD2', null],
      ['SD3', null],
      ['unknown', 'state-unknown'],
    ] as const)
      for (const technique of named('ata-sanitize'))
        expect(lack(technique, { ...ata, sanitize: { ...ALL, state } })).toBe(code);
    for (const [state, code] of [
      ['never', null],
      ['succeeded', null],
      ['failed', null],
      ['succeeded-no-deallocation', null],
      ['running', null],
      ['unknown', 'state-unknown'],
    ] as const)
      for (const technique of named('nvme-sanitize'))
        expect(lack(technique, { ...nvme, sanitize: { ...nvmeSanitize, state } })).toBe(code);
  });

  it('whose attempts at passwords are not used up', () => {
    const expired = { ...security, attemptsExpired: true };
    for (const technique of named('ata-security'))
      expect(lack(technique, { ...ata, security: expired })).toBe('attempts-expired');
    const locked = { ...ata, security: { ...expired, state: 'SEC4' as const } };
    for (const technique of named('ata-sanitize')) {
      expect(lack(technique, locked)).toBe('attempts-expired');
      expect(lack(technique, { ...ata, security: expired })).toBeNull();
    }
  });

  it('gives its reason in two languages', () => {
    const reason = row('nvme-format-1').lacks(ata, NVME_TARGET);
    expect(reason).toEqual({ code: 'other-interface', ...LACKS['other-interface'] });
    expect(reason?.fr).toContain('disque');
    expect(reason?.en).toContain('drive');
  });
});

describe('a change of key', () => {
  it.each([
    'Crucial_CT500MX200SSD1',
    'CrucialCT240MX100',
    'crucial ct1000mx300ssd1',
    'Micron MX300',
    'MX100',
    'Samsung SSD 840 EVO 250GB',
    'Samsung SSD 850 EVO 500GB',
    'samsung portable ssd t3',
    'Samsung Portable SSD T5',
  ])('proves nothing on %s, whose encryption is known to be flawed', (model) => {
    expect(lack('ata-sanitize-crypto', ata, model)).toBe('flawed-encryption');
    expect(lack('nvme-sanitize-crypto', nvme, model)).toBe('flawed-encryption');
    expect(lack('ata-sanitize-block', ata, model)).toBeNull();
    expect(lack('nvme-sanitize-block', nvme, model)).toBeNull();
  });

  it.each([
    'Crucial_CT500MX500SSD1',
    'Crucial_CTMX200',
    'Samsung SSD 850 PRO 256GB',
    'Samsung SSD 860 EVO',
    'Samsung Portable SSD T7',
    'Samsung SSD 1840 EVO',
    'Samsung SSD 840 EVOLUTION',
    'Samsung Portable SSD T55',
    'Samsung XT3',
    'XMX300',
    'MX3000',
    'Kingston 850 EVO',
    '',
  ])('is taken on %s', (model) => {
    expect(lack('ata-sanitize-crypto', ata, model)).toBeNull();
  });

  it('is taken on a drive without a model, and asked after only once it is offered', () => {
    const target = { ...HDD_TARGET, identity: { ...HDD_TARGET.identity, model: null } };
    expect(row('ata-sanitize-crypto').lacks(ata, target)).toBeNull();
    expect(lack('ata-sanitize-crypto', { ...ata, sanitize: null }, 'MX100')).toBe('not-offered');
  });
});

describe('before it', () => {
  const state = (value: typeof security.state, sanitize: 'SD0' | 'SD1' = 'SD0'): Means<'ata'> => ({
    ...{ ...ata, security: { ...security, state: value } },
    sanitize: { ...ALL, state: sanitize },
  });

  it.each([
    ['SEC1', [], []],
    ['SEC2', ['unfreeze'], []],
    ['SEC4', ['unlock'], ['unlock']],
    ['SEC5', ['unlock'], ['unlock']],
    ['SEC6', ['unfreeze', 'unlock'], ['unfreeze', 'unlock']],
  ] as const)(
    'a drive in %s is made ready: %j for SECURITY ERASE, %j for SANITIZE',
    (sec, erase, sanitize) => {
      for (const technique of named('ata-security')) expect(row(technique).before(state(sec))).toEqual(erase);
      for (const technique of named('ata-sanitize'))
        expect(row(technique).before(state(sec))).toEqual(sanitize);
    },
  );

  it('a freeze of SANITIZE itself is ended by a suspend, once', () => {
    for (const technique of named('ata-sanitize')) {
      expect(row(technique).before(state('SEC1', 'SD1'))).toEqual(['unfreeze']);
      expect(row(technique).before(state('SEC4', 'SD1'))).toEqual(['unfreeze', 'unlock']);
      expect(row(technique).before(state('SEC6', 'SD1'))).toEqual(['unfreeze', 'unlock']);
      expect(row(technique).before({ ...ata, sanitize: null })).toEqual([]);
    }
    for (const technique of named('ata-security'))
      expect(row(technique).before(state('SEC1', 'SD1'))).toEqual([]);
  });

  it('nothing is to be done about passwords that the drive does not know', () => {
    for (const technique of named('ata-'))
      expect(row(technique).before({ ...ata, security: null })).toEqual([]);
  });

  it('nothing is to be done on other interfaces', () => {
    for (const { before } of TECHNIQUES) for (const means of [nvme, scsi]) expect(before(means)).toEqual([]);
  });
});

describe('how long it takes, as the drive says', () => {
  it('is in minutes for SECURITY ERASE, each mode its own', () => {
    expect(row('ata-security-erase').expectedMs(ata)).toBe(82 * 60_000);
    expect(row('ata-security-erase-enhanced').expectedMs(ata)).toBe(84 * 60_000);
    const silent = { ...ata, security: { ...security, eraseMinutes: null, enhancedMinutes: null } };
    for (const technique of named('ata-security')) {
      for (const means of [silent, { ...ata, security: null }, nvme])
        expect(row(technique).expectedMs(means)).toBeNull();
    }
  });

  it('is in seconds for NVMe Sanitize, each action its own', () => {
    const estimates = { crypto: 2, block: 60, overwrite: 600 };
    const means = { ...nvme, sanitize: { ...nvmeSanitize, estimates } };
    for (const [kind, seconds] of Object.entries(estimates)) {
      expect(row(`nvme-sanitize-${kind}` as Technique).expectedMs(means)).toBe(seconds * 1000);
    }
    const silent = {
      ...nvme,
      sanitize: { ...nvmeSanitize, estimates: { crypto: null, block: null, overwrite: null } },
    };
    for (const technique of named('nvme-sanitize'))
      for (const other of [silent, { ...nvme, sanitize: null }, ata])
        expect(row(technique).expectedMs(other)).toBeNull();
  });

  it('is not said for all others', () => {
    const others = TECHNIQUES.filter(({ technique }) => !/^(?:ata-security|nvme-sanitize)/.test(technique));
    for (const { expectedMs } of others)
      for (const means of [ata, nvme, scsi]) expect(expectedMs(means)).toBeNull();
    expect(others).toHaveLength(8);
  });
});

describe('the rows', () => {
  it('are tried in the order that leaves least to the drive’s word: blank media can be seen, a changed key cannot', () => {
    const ranked = (start: string): Technique[] =>
      TECHNIQUES.filter(({ technique }) => technique.startsWith(start))
        .toSorted((a, b) => a.rank - b.rank)
        .map(({ technique }) => technique);
    expect(ranked('ata-')).toEqual([
      ...['ata-sanitize-block', 'ata-sanitize-overwrite', 'ata-sanitize-crypto'],
      ...['ata-security-erase-enhanced', 'ata-security-erase'],
    ]);
    expect(ranked('nvme-')).toEqual([
      ...[
        'nvme-sanitize-block',
        'nvme-sanitize-overwrite',
        'nvme-sanitize-crypto',
        'nvme-format-1',
        'nvme-format-2',
      ],
    ]);
    expect(ranked('scsi-')).toEqual([
      'scsi-sanitize-block',
      'scsi-sanitize-overwrite',
      'scsi-sanitize-crypto',
    ]);
    // No two of one interface share a rank: which comes first is never left to chance.
    for (const bus of ['ata-', 'nvme-', 'scsi-'])
      expect(
        new Set(TECHNIQUES.filter(({ technique }) => technique.startsWith(bus)).map(({ rank }) => rank)).size,
      ).toBe(ranked(bus).length);
  });

  it('say what a read finds afterwards: blanks, or anything where the drive chooses', () => {
    const anything = TECHNIQUES.filter(({ leaves }) => leaves === 'anything').map(
      ({ technique }) => technique,
    );
    expect(anything.filter((each) => !each.endsWith('-crypto'))).toEqual([
      'ata-security-erase-enhanced',
      'nvme-format-2',
    ]);
    expect(anything.filter((each) => each.endsWith('-crypto'))).toHaveLength(3);
    for (const { leaves } of TECHNIQUES) expect(['blank', 'anything']).toContain(leaves);
  });

  it('have all been seen to work on a drive of the lab, and name what they leave', () => {
    expect(TECHNIQUES.filter(({ proven }) => !proven)).toEqual([]);
    expect(TECHNIQUES.filter(({ notCovered }) => notCovered.length !== 1)).toEqual([]);
  });
});
