import type { Evidence, MachineRecord } from '@rebond/protocol';
import { describe, expect, it } from 'vitest';
import { sampleRecord } from '../../../test-fixtures/sample-record.ts';
import {
  EXAMPLES,
  type PlanWishes,
  seenPerfectly,
  stepEvidence,
  stepPlan,
} from '../../../test-fixtures/step-plans.ts';
import { makeWorkshop } from '../../../test-fixtures/workshop.ts';
import { resultPage } from './result-page.ts';
import { outcomeWords } from './tell.ts';

const { record } = await sampleRecord(await makeWorkshop());
const of = ({ means, ...wishes }: PlanWishes): Evidence =>
  stepEvidence(stepPlan({ means, ...wishes }), means);
const page = (...sanitizations: Evidence[]): string => {
  const shown: MachineRecord = { ...record, sanitizations };
  return resultPage({ record: shown, digest: '0'.repeat(64), sent: [] }, 'stick', 'fr')
    .map(({ text }) => text)
    .join('\n');
};

describe('what the technician is told of a wipe that is done', () => {
  it.each([
    ['hidden area, overwrite, full read-back', 'relu à l’identique'],
    ['overwrite, sampled', 'échantillon'],
    ['NVMe sanitize, samples', '« déclaré par le disque »'],
    ['NVMe sanitize, then overwrite and full read-back', 'relu à l’identique'],
  ] as const)('%s: says how it was verified', (name, words) => {
    const evidence = of(EXAMPLES[name]);
    expect(outcomeWords(evidence).fr).toContain(words);
    expect(page(evidence)).toContain(words);
  });

  it('never says so of what is not done', () => {
    const wishes = EXAMPLES['NVMe sanitize, samples'];
    const plan = stepPlan(wishes);
    const left = stepEvidence(plan, wishes.means, { ...seenPerfectly(plan), after: null });
    expect(outcomeWords(left).fr).not.toContain('déclaré');
    expect(page(left)).toContain('à traiter comme NON EFFACÉ');
  });

  it('is how the drive was left: by the last attempt', () => {
    const wishes = EXAMPLES['NVMe sanitize, samples'];
    const plan = stepPlan(wishes);
    const failed = stepEvidence(plan, wishes.means, { ...seenPerfectly(plan), after: null });
    const shown = page(failed, of(EXAMPLES['overwrite, sampled']));
    expect(shown).toContain('FAIT');
    expect(shown).not.toContain('INCONNU');
  });
});
