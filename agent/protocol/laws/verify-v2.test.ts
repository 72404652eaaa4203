import { describe, expect, it } from 'vitest';
import { sampleRecord } from '../../../test-fixtures/sample-record.ts';
import { signedSteps, type ChangeV2 } from '../../../test-fixtures/step-certificates.ts';
import {
  EXAMPLES,
  NVME_MEANS,
  type PlanWishes,
  stepEvidence,
  stepPlan,
} from '../../../test-fixtures/step-plans.ts';
import { makeWorkshop } from '../../../test-fixtures/workshop.ts';
import type { CertificateV2 } from '../words/certificate.ts';
import type { Evidence, EvidenceV2 } from '../words/sanitize.ts';
import type { MachineRecord } from '../words/record.ts';
import { envelopeBytes } from './envelope.ts';
import { grade } from './grade.ts';
import { verifyDocument } from './verify.ts';

const codeOf = async (bytes: Uint8Array): Promise<string> =>
  await verifyDocument(bytes, null).then(
    () => 'accepted',
    (error: { code: string }) => error.code,
  );

/** Signs whatever it is given, unless its very shape is wrong: then nobody could have signed it. */
const certified = async (evidence: EvidenceV2, change?: ChangeV2): Promise<string> =>
  await signedSteps(evidence, change).then(
    async ({ envelopeBytes: bytes }) => await codeOf(bytes),
    (error: { code: string }) => error.code,
  );

type Path = (string | number)[];

/** Every single value in a document, by its path. */
function* leaves(value: unknown, path: Path = []): Generator<[Path, unknown]> {
  if (value === null || typeof value !== 'object') yield [path, value];
  else for (const [name, each] of Object.entries(value)) yield* leaves(each, [...path, name]);
}

/** Another value of the same kind, which a forger would try. */
function other(value: unknown): unknown {
  if (typeof value === 'number') return value > 0 ? value - 1 : 1;
  if (typeof value === 'boolean') return !value;
  if (typeof value === 'string') return OTHERS[value] ?? `${value}0`;
  return undefined;
}

const OTHERS: Readonly<Record<string, string>> = {
  done: 'failed',
  purge: 'clear',
  clear: 'purge',
  real: 'rehearsal',
  accepted: 'unknown',
  succeeded: 'unknown',
  nvme: 'ata-ssd',
  sata: 'ata',
  'ata-hdd': 'ata-ssd',
  full: 'sample',
  hpa: 'dco',
  hidden: 'none',
  keyed: 'bytes',
  overwrite: 'ata-security-erase',
  'nvme-sanitize-block': 'nvme-sanitize-crypto',
  'nvme-sanitize-crypto': 'nvme-sanitize-block',
  'ata-security-erase-enhanced': 'ata-security-erase',
  'full-read-back': 'sampled-read-back',
  'sampled-read-back': 'full-read-back',
  'drive-reported': 'full-read-back',
};

function withLeaf<T>(document: T, path: Path, value: unknown): T {
  // Not structuredClone: it keeps what is shared shared, and one identity would change in three places.
  const copy = JSON.parse(JSON.stringify(document)) as T;
  const holder = path
    .slice(0, -1)
    .reduce<Record<string, unknown>>(
      (at, name) => at[name] as Record<string, unknown>,
      copy as Record<string, unknown>,
    );
  holder[String(path.at(-1))] = value;
  return copy;
}

/** What no conclusion rests on: who, when, how long, what is only told, and the means of another technique. */
const TOLD =
  /^(certificateId|issuedAt|machine|performedAt|bench|performer|validation|record|method\.tool|issuer\.workshop)\b|durationMs$|expectedMs$|patienceMs$|stallMs$|stateBefore$|stateAfter$|lastPercent$|blankBefore$|seedHex$|placeBytes$|(planId|sessionId|policy\.\w+|logicalSectorBytes|diskseq)$|verification\.commands\.list|keyHex$|capabilities\.(sources|value\.(security|sanitize|format|dco|ama|controller|nsid|lbaFormat|namespaces|unallocatedBytes))|plan\.target\.sizeBytes$/;

/** A plan may ask for fewer places to be compared; what could not be read before need not be read again. */
function isFewerToRemember(name: string, { steps }: PlanWishes): boolean {
  const [, index, field] = /\.steps\.(\d+)\.(.+)$/.exec(name) ?? [];
  return (
    steps[Number(index)]?.kind === 'remember' &&
    ['sampling.sections', 'sampling.placesPerSection', 'unreadable'].includes(field ?? '')
  );
}

describe.each(Object.entries(EXAMPLES) as [string, PlanWishes][])('the certificate of %s', (_, wishes) => {
  const evidence = stepEvidence(stepPlan(wishes), wishes.means);

  it('is valid as it is', async () => {
    expect(await certified(evidence)).toBe('accepted');
  });

  it('is refused with any value altered that its conclusions rest on', async () => {
    const { certificate } = await signedSteps(evidence);
    const tried: string[] = [];
    const accepted: string[] = [];
    for (const [path, value] of leaves(certificate)) {
      const name = path.join('.');
      const altered = other(value);
      if (altered === undefined || TOLD.test(name) || isFewerToRemember(name, wishes)) continue;
      tried.push(name);
      const code = await certified(evidence, (each) => ({
        ...withLeaf(each, path, altered),
        ...(name === 'issuer.publicKey' ? {} : { issuer: each.issuer }),
      }));
      if (code === 'accepted') accepted.push(name);
    }
    expect(accepted).toEqual([]);
    expect(tried.length).toBeGreaterThan(25);
  });

  it('is refused with a step left out of what was seen, or added to it', async () => {
    const seen = evidence.observations.steps;
    for (const steps of [seen.slice(0, -1), seen.slice(1), [...seen, ...seen.slice(-1)], []]) {
      expect(await certified(evidence, withObservations({ steps }))).toBe('laws-disagree');
    }
    expect(await certified(evidence, withObservations({ after: null }))).toBe('laws-disagree');
    const stopped = { code: 'x', fr: 'x', en: 'x' };
    expect(await certified(evidence, withObservations({ stopped }))).toBe('laws-disagree');
  });

  it('is refused with a step of its plan left out, whatever else says that it was never there', async () => {
    for (let left = 0; left < wishes.steps.length; left += 1) {
      const keep = <T>(all: readonly T[]): T[] => all.filter((_each, index) => index !== left);
      const code = await certified(evidence, (certificate) => {
        const { plan, observations } = certificate.verification;
        return {
          ...certificate,
          verification: {
            ...certificate.verification,
            plan: { ...plan, steps: keep(plan.steps) },
            observations: { ...observations, steps: keep(observations.steps) },
          },
        };
      });
      // Only what prepares the drive may be left out of a plan, and the scan that a policy asks for beyond the samples.
      const mayLack = ['await-sanitize', 'unfreeze', 'unlock', 'scan'].includes(
        wishes.steps[left]?.kind ?? '',
      );
      expect([wishes.steps[left]?.kind, code === 'accepted']).toEqual([wishes.steps[left]?.kind, mayLack]);
    }
  });
});

const withObservations =
  (change: Partial<EvidenceV2['observations']>): ChangeV2 =>
  (certificate: CertificateV2) => {
    const { verification } = certificate;
    return {
      ...certificate,
      verification: { ...verification, observations: { ...verification.observations, ...change } },
    };
  };

describe('a record of version 3', () => {
  const wishes = { ...EXAMPLES['overwrite, sampled'] };
  const target = {
    ...wishes.target,
    identity: { ...wishes.target.identity, transport: 'network' as const },
  };

  const codeOfRecord = async (change: (evidence: EvidenceV2) => Evidence[], schema = 'rebond.record/3') => {
    const made = await makeWorkshop();
    const { record } = await sampleRecord(made);
    const rehearsed = (sessionId: string): EvidenceV2 => {
      const change = { mode: 'rehearsal' as const, sessionId };
      return stepEvidence(stepPlan({ ...wishes, target, change }), NVME_MEANS);
    };
    const again = await grade(record.inventory, []);
    return await sampleRecord(made, (each) => ({
      ...each,
      schema: schema as MachineRecord['schema'],
      image: null,
      sanitizations: change(rehearsed(each.sessionId)),
      grade: again,
    })).then(
      async ({ envelope }) => await codeOf(envelopeBytes(envelope)),
      (error: { code: string }) => error.code,
    );
  };

  it('is accepted with evidence step by step, and no earlier version is', async () => {
    expect(await codeOfRecord((each) => [each])).toBe('accepted');
    expect(await codeOfRecord((each) => [each], 'rebond.record/2')).toBe('wrong-shape');
  });

  it('takes another attempt after one that was not done, and none after one that was', async () => {
    const other = (each: EvidenceV2): EvidenceV2 => ({
      ...each,
      plan: { ...each.plan, planId: crypto.randomUUID() },
    });
    const failed = (each: EvidenceV2): EvidenceV2 => {
      const observations = { ...each.observations, after: null };
      return { ...other(stepEvidence(each.plan, each.capabilities, observations)) };
    };
    expect(await codeOfRecord((each) => [failed(each), each])).toBe('accepted');
    expect(await codeOfRecord((each) => [failed(each), failed(each), each])).toBe('accepted');
    expect(await codeOfRecord((each) => [each, failed(each)])).toBe('impossible');
    expect(await codeOfRecord((each) => [each, other(each)])).toBe('impossible');
  });

  it('carries out no plan twice', async () => {
    const failed = (each: EvidenceV2): EvidenceV2 =>
      stepEvidence(each.plan, each.capabilities, { ...each.observations, after: null });
    expect(await codeOfRecord((each) => [failed(each), each])).toBe('impossible');
  });

  it('is refused when a step was faster than any drive, or its conclusions do not follow', async () => {
    const hurried = (each: EvidenceV2): EvidenceV2 => ({
      ...each,
      observations: {
        ...each.observations,
        steps: each.observations.steps.map((step) =>
          step.kind === 'overwrite' ? { ...step, durationMs: 1 } : step,
        ),
      },
    });
    expect(await codeOfRecord((each) => [hurried(each)])).toBe('impossible');
    expect(await codeOfRecord((each) => [{ ...each, outcome: 'failed' }])).toBe('laws-disagree');
    expect(await codeOfRecord((each) => [{ ...each, levelAchieved: 'clear' }])).toBe('laws-disagree');
  });
});
