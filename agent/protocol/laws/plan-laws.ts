import type { DriveCapabilities, HiddenArea } from '../words/capabilities.ts';
import type { Level, PlanV2, Verification } from '../words/sanitize.ts';
import type { PlanStep, Technique } from '../words/steps.ts';
import { achieves, type Achievement } from './achieves.ts';

/** Techniques that reach, by their standards, also what the drive hides from its user (ACS-4 §4.17, §7.45; NVM Express §8.15). */
const REACHES_HIDDEN: readonly Technique[] = [
  'ata-security-erase-enhanced',
  'ata-sanitize-block',
  'ata-sanitize-crypto',
  'ata-sanitize-overwrite',
  'nvme-sanitize-block',
  'nvme-sanitize-crypto',
  'nvme-sanitize-overwrite',
];

/** What a plan achieves when it comes to its end. A rehearsal claims nothing, nor does one that leaves known data alone. */
export function expectedOf(
  plan: Pick<PlanV2, 'mode' | 'technique' | 'target' | 'steps'>,
  capabilities: DriveCapabilities | null,
): Achievement {
  const { mode, technique, target, steps } = plan;
  if (mode === 'rehearsal') return REHEARSED;
  const left = hiddenLeft(technique, steps, capabilities);
  if (left !== null) return { level: 'none', clause: left };
  const removable = target.medium === 'usb-flash' || target.medium === 'sd-card';
  if (technique === 'overwrite' && removable && hasComplement(steps)) return TWO_PASSES;
  return achieves(technique, target.medium);
}

const TWO_PASSES: Achievement = {
  level: 'clear',
  clause:
    'NIST SP 800-88r1 table A-8, clear of removable flash: two passes, a pattern and its complement; remapped flash is not addressed',
};

/** A pattern and, in the next pass, its complement. */
function hasComplement(steps: readonly PlanStep[]): boolean {
  const passes = steps.flatMap((step) => (step.kind === 'overwrite' ? [step.pattern] : []));
  return passes.some((pattern, index) => {
    const next = passes[index + 1];
    if (pattern.kind !== 'bytes' || next?.kind !== 'bytes' || pattern.hex.length !== next.hex.length)
      return false;
    const digits = [...pattern.hex].map((digit) => Number.parseInt(digit, 16));
    return [...next.hex].every((digit, at) => Number.parseInt(digit, 16) === 15 - (digits[at] ?? 0));
  });
}

const REHEARSED: Achievement = {
  level: 'none',
  clause: 'REHEARSAL: nothing is claimed of this drive',
};

/** Why nothing may be claimed: known data that neither the technique nor a step before it reaches. */
function hiddenLeft(
  technique: Technique,
  steps: readonly PlanStep[],
  capabilities: DriveCapabilities | null,
): string | null {
  if (REACHES_HIDDEN.includes(technique) || capabilities === null) return null;
  if (capabilities.interface === 'ata') {
    const left = (['hpa', 'dco', 'ama'] as const).filter(
      (area) =>
        isHidden(capabilities[area]) && !steps.some((step) => step.kind === 'reveal' && step.area === area),
    );
    return left.length === 0 ? null : `hidden areas are left alone: ${left.join(', ')}`;
  }
  if (capabilities.interface !== 'nvme') return null;
  const { namespaces, nsid, unallocatedBytes, format } = capabilities;
  const all = technique.startsWith('nvme-format') && format?.eraseAllNamespaces === true;
  const others = namespaces.filter((each) => each.nsid !== nsid);
  if (others.length > 0 && !all) return 'other namespaces of the same drive are left alone';
  return unallocatedBytes !== null && unallocatedBytes > 0
    ? 'capacity that no namespace has is left alone'
    : null;
}

function isHidden(area: HiddenArea): boolean {
  return area.state === 'hidden';
}

/** How far one need not take the drive's word: what the last read-back covers, or nothing but samples compared. */
export function verificationOf(steps: readonly PlanStep[]): Verification {
  const last = steps.findLast((step) => step.kind === 'read-back');
  if (!last) return 'drive-reported';
  return last.extent.kind === 'full' ? 'full-read-back' : 'sampled-read-back';
}

/** The size that a drive must have once these steps were done. */
export function sizeAfter(sizeBytes: number, steps: readonly PlanStep[]): number {
  return steps.reduce((size, step) => (step.kind === 'reveal' ? step.realBytes : size), sizeBytes);
}

/**
 * A plan whose end would not show what it claims: nothing follows from carrying it out. An overwrite must be read back
 * as it was last written; a firmware technique must be seen to change what was there.
 */
export function planFlaw(plan: PlanV2): 'no-technique' | 'no-read-back' | 'no-comparison' | null {
  const { technique, steps } = plan;
  const lastPass = steps.findLastIndex((step) => step.kind === 'overwrite');
  if (lastPass >= 0 && !isReadBack(steps, lastPass)) return 'no-read-back';
  if (technique === 'overwrite') return lastPass >= 0 ? null : 'no-technique';
  const firmware = steps.flatMap((step, index) => (step.kind === 'firmware' ? [{ step, index }] : []));
  if (firmware.length !== 1 || firmware[0]?.step.technique !== technique) return 'no-technique';
  const { index } = firmware[0];
  const remembered = steps.slice(0, index).some((step) => step.kind === 'remember');
  const compared = steps.slice(index + 1).some((step) => step.kind === 'compare');
  return remembered && compared ? null : 'no-comparison';
}

function isReadBack(steps: readonly PlanStep[], pass: number): boolean {
  const written = steps[pass];
  return steps
    .slice(pass + 1)
    .some(
      (step) =>
        step.kind === 'read-back' &&
        written?.kind === 'overwrite' &&
        JSON.stringify(step.pattern) === JSON.stringify(written.pattern),
    );
}

/** The levels in their order. */
export const LEVELS_IN_ORDER = ['none', 'clear', 'purge', 'destroy'] as const satisfies readonly Level[];

export function atLeast(level: Level, wanted: Level): boolean {
  return LEVELS_IN_ORDER.indexOf(level) >= LEVELS_IN_ORDER.indexOf(wanted);
}
