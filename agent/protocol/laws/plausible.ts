import type { MachineRecord } from '../words/record.ts';
import type { Evidence } from '../words/sanitize.ts';
import { ProtocolError } from './errors.ts';
import { isBootMedium } from './grade.ts';
import { sameIdentity } from './identity.ts';

/** Faster than this no drive of a laptop is written or read: 100 GB/s, several times what PCIe 5.0 ×4 carries. */
const MOST_BYTES_A_MILLISECOND = 1e8;

/**
 * Refuses what cannot have happened, however well it is signed: a drive sanitized twice in one session, or also left
 * untouched in it; one plan carried out twice; a real drive that the machine did not have; a speed that no drive reaches;
 * a boot medium that is not the one outside drive of that name which the live image left alone.
 * @throws ProtocolError impossible
 */
export function checkPlausible(record: MachineRecord): void {
  checkBootMedium(record);
  const sanitized = new Set<string>();
  const plans = new Set<string>();
  const refused = new Set(record.refusals.map(({ path }) => path));
  for (const [index, evidence] of record.sanitizations.entries()) {
    const { path } = evidence.plan.target;
    const at = (what: string) => new ProtocolError('impossible', `sanitizations.${index}.${what}`);
    if (sanitized.has(path)) throw at('sanitized-twice');
    // After an attempt that was not done another may follow; after one that was, nothing does.
    if (evidence.schema === 'rebond.evidence/1' || evidence.outcome === 'done') sanitized.add(path);
    if (evidence.schema === 'rebond.evidence/2') {
      if (plans.has(evidence.plan.planId)) throw at('carried-out-twice');
      plans.add(evidence.plan.planId);
    }
    if (refused.has(path)) throw at('refused-too');
    if (record.mode === 'real' && !inInventory(record, evidence)) throw at('not-in-inventory');
    if (transfersOf(evidence).some(tooFast)) throw at('too-fast');
  }
}

/** What is left out of the grade is a drive of the list, from outside, and the session refused to touch it as just that. */
function checkBootMedium({ bootMedium, image, mode, inventory: { drives }, refusals }: MachineRecord): void {
  if (!bootMedium) return;
  const at = (what: string) => new ProtocolError('impossible', `bootMedium.${what}`);
  if (!image || mode !== 'real') throw at('no-live-image');
  const named =
    drives.outcome === 'read' ? drives.value.filter((each) => isBootMedium(each, bootMedium)) : [];
  if (named.length !== 1) throw at('no-such-drive');
  const refused = refusals.find(({ path, identity }) => {
    return path === bootMedium.path && sameIdentity(identity, bootMedium.identity);
  });
  if (!refused?.reasons.some(({ code }) => code === 'boot-medium')) throw at('not-refused');
}

function inInventory({ inventory: { drives } }: MachineRecord, { plan: { target } }: Evidence): boolean {
  if (drives.outcome !== 'read') return false;
  return drives.value.some(
    ({ path, identity }) => path === target.path && sameIdentity(identity, target.identity),
  );
}

type Transfer = { bytes: number; durationMs: number };

function transfersOf({ observations: seen }: Evidence): Transfer[] {
  if (!('steps' in seen)) return [seen.written, seen.readBack].filter((step) => step !== null);
  return seen.steps.flatMap((step): Transfer[] => {
    if (step.kind === 'read-back') return [step];
    // What was written before a power cut took its time before it.
    return step.kind === 'overwrite' ? [{ ...step, bytes: step.bytes - (step.resumedFrom ?? 0) }] : [];
  });
}

function tooFast({ bytes, durationMs }: Transfer): boolean {
  return bytes / Math.max(durationMs, 1) > MOST_BYTES_A_MILLISECOND;
}
