import type { DriveCapabilities, HiddenArea } from '../words/capabilities.ts';
import type { Medium, Part } from '../words/drive.ts';
import type { PlanV2 } from '../words/sanitize.ts';
import type { PlanStep, Technique } from '../words/steps.ts';
import { achieves, type Achievement } from './achieves.ts';

type About = Pick<PlanV2, 'mode' | 'technique' | 'target' | 'steps'>;

/**
 * Techniques that reach, by their standards, also what the drive hides from its user (ACS-4 §4.17, NVM Express §8.15).
 * SECURITY ERASE UNIT is not among them: what its enhanced mode does with an HPA is read in two ways, so the lesser is
 * assumed.
 */
const REACHES_HIDDEN: readonly Technique[] = [
  'ata-sanitize-block',
  'ata-sanitize-crypto',
  'ata-sanitize-overwrite',
  'nvme-sanitize-block',
  'nvme-sanitize-crypto',
  'nvme-sanitize-overwrite',
];

const REHEARSED: Achievement = { level: 'none', clause: 'REHEARSAL: nothing is claimed of this drive' };

/**
 * What a plan achieves when it comes to its end. A rehearsal claims nothing; nor does a plan that leaves known data alone,
 * or that rests on a technique which the drive does not announce. What could not be found out is said in the clause.
 * @param capabilities null where they could not be read
 */
export function expectedOf(plan: About, capabilities: DriveCapabilities | null): Achievement {
  const { mode, technique, target } = plan;
  if (mode === 'rehearsal') return REHEARSED;
  const bar =
    notAnnounced(technique, capabilities) ?? leftAlone(plan, capabilities) ?? notCompared(plan, capabilities);
  if (bar !== null) return { level: 'none', clause: bar };
  const removable = target.medium === 'usb-flash' || target.medium === 'sd-card';
  if (technique === 'overwrite' && removable && hasComplement(plan.steps)) return TWO_PASSES;
  const { level, clause } = achieves(technique, target.medium);
  const open = level === 'none' ? null : notKnown(technique, target.medium, capabilities);
  return { level, clause: open === null ? clause : `${clause}; ${open}` };
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
    if (pattern.kind !== 'bytes' || next?.kind !== 'bytes' || pattern.hex.length !== next.hex.length) {
      return false;
    }
    const digits = Array.from(pattern.hex).map((digit) => Number.parseInt(digit, 16));
    return Array.from(next.hex).every((digit, at) => Number.parseInt(digit, 16) === 15 - (digits[at] ?? 0));
  });
}

/** What a drive said of itself, or null where it could not be asked. */
export function capabilitiesOf(part: Part<DriveCapabilities>): DriveCapabilities | null {
  return part.outcome === 'read' ? part.value : null;
}

/** An overwrite needs no word of the drive; everything else does. */
function notAnnounced(technique: Technique, capabilities: DriveCapabilities | null): string | null {
  if (technique === 'overwrite') return null;
  if (capabilities === null) return 'what this drive can do could not be read';
  return announces(technique, capabilities) ? null : 'the drive does not announce this technique';
}

function announces(technique: Technique, drive: DriveCapabilities): boolean {
  switch (technique) {
    case 'ata-security-erase':
      return drive.interface === 'ata' && drive.security !== null;
    case 'ata-security-erase-enhanced':
      return drive.interface === 'ata' && drive.security?.enhanced === true;
    case 'ata-sanitize-block':
    case 'ata-sanitize-crypto':
    case 'ata-sanitize-overwrite':
      return drive.interface === 'ata' && drive.sanitize?.[sanitizeKind(technique)] === true;
    case 'nvme-sanitize-block':
    case 'nvme-sanitize-crypto':
    case 'nvme-sanitize-overwrite':
      return drive.interface === 'nvme' && drive.sanitize?.[sanitizeKind(technique)] === true;
    case 'scsi-sanitize-block':
    case 'scsi-sanitize-crypto':
    case 'scsi-sanitize-overwrite':
      return drive.interface === 'scsi' && drive.sanitize?.[sanitizeKind(technique)] === true;
    case 'nvme-format-0':
    case 'nvme-format-1':
      return drive.interface === 'nvme' && drive.format !== null;
    case 'nvme-format-2':
      return drive.interface === 'nvme' && drive.format?.crypto === true;
    case 'scsi-format-unit':
      return drive.interface === 'scsi';
    // Words for what these need do not exist yet, so nothing can rest on them.
    case 'emmc-erase-sanitize':
    case 'tcg-psid-revert':
    case 'discard':
      return false;
    case 'overwrite':
      return true;
  }
}

function sanitizeKind(technique: `${string}-sanitize-${'block' | 'crypto' | 'overwrite'}`) {
  return technique.endsWith('-block') ? 'block' : technique.endsWith('-crypto') ? 'crypto' : 'overwrite';
}

const AREAS = ['hpa', 'dco', 'ama'] as const;

/** Why nothing may be claimed: known data that neither the technique nor a step before it reaches. */
function leftAlone({ technique, steps }: About, capabilities: DriveCapabilities | null): string | null {
  if (REACHES_HIDDEN.includes(technique) || capabilities === null) return null;
  if (capabilities.interface === 'ata') {
    const left = AREAS.filter((area) => !isReached(capabilities[area], area, steps));
    return left.length === 0 ? null : `hidden areas are left alone: ${left.join(', ')}`;
  }
  if (capabilities.interface !== 'nvme') return null;
  const { namespaces, nsid, unallocatedBytes, format } = capabilities;
  const all = technique.startsWith('nvme-format') && format?.eraseAllNamespaces === true;
  if (!all && namespaces.some((each) => each.nsid !== nsid)) {
    return 'other namespaces of the same drive are left alone';
  }
  return (unallocatedBytes ?? 0) > 0 ? 'capacity that no namespace has is left alone' : null;
}

/**
 * What an NVMe technique says to have erased of other namespaces, a host can look at: where none does, nothing is
 * claimed of it. One that is not attached cannot be read.
 */
function notCompared({ steps }: About, capabilities: DriveCapabilities | null): string | null {
  const compared = steps.flatMap((step) => (step.kind === 'remember' ? (step.others ?? []) : []));
  const open = otherNamespaces(capabilities).filter(
    ({ nsid, sizeBytes }) => !compared.some((each) => each.nsid === nsid && each.sizeBytes === sizeBytes),
  );
  return open.length === 0 ? null : 'other namespaces of the same drive are not looked at';
}

/** Attached namespaces beside the one that is the target. */
export function otherNamespaces(
  capabilities: DriveCapabilities | null,
): { nsid: number; sizeBytes: number }[] {
  if (capabilities?.interface !== 'nvme') return [];
  return capabilities.namespaces.flatMap(({ nsid, attached, sizeBytes }) =>
    attached && nsid !== capabilities.nsid ? [{ nsid, sizeBytes: sizeBytes ?? 0 }] : [],
  );
}

/** Given back to the very size that the drive told beforehand, or nothing is hidden as far as it is known. */
function isReached(area: HiddenArea, name: (typeof AREAS)[number], steps: readonly PlanStep[]): boolean {
  if (area.state !== 'hidden') return true;
  return steps.some(
    (step) => step.kind === 'reveal' && step.area === name && step.realBytes === area.realBytes,
  );
}

/** What could not be found out, and no technique of this plan makes good. */
function notKnown(
  technique: Technique,
  medium: Medium,
  capabilities: DriveCapabilities | null,
): string | null {
  if (REACHES_HIDDEN.includes(technique)) return null;
  if (capabilities?.interface === 'ata') {
    const open = AREAS.filter((area) => capabilities[area].state === 'unknown');
    return open.length === 0 ? null : `whether these areas hide anything is not known: ${open.join(', ')}`;
  }
  if (capabilities?.interface === 'nvme') {
    return capabilities.unallocatedBytes === null
      ? 'whether capacity without a namespace exists is not known'
      : null;
  }
  return capabilities?.interface === 'scsi' ? null : notLookedFor(medium);
}

function notLookedFor(medium: Medium): string | null {
  switch (medium) {
    case 'ata-hdd':
    case 'ata-ssd':
    case 'behind-bridge':
      return 'hidden areas (HPA, DCO, AMA) were not looked for';
    case 'nvme':
      return 'other namespaces and capacity without one were not looked for';
    case 'scsi-hdd':
    case 'scsi-ssd':
    case 'emmc':
    case 'usb-flash':
    case 'sd-card':
    case 'virtual':
    case 'rehearsal-file':
    case 'rehearsal-loop':
    case 'unknown':
      return null;
  }
}
