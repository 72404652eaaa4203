import type { DriveCapabilities, Phrase, Reason, Target } from '@rebond/protocol';
import { parseIdNs } from '../../parse/nvme-answers.ts';
import { lacking } from './reasons.ts';
import { type About, type FirmwareDoors, type FirmwareSeen, textOf } from './technique.ts';

type Nvme = Extract<DriveCapabilities, { interface: 'nvme' }>;

/** SES of Format NVM: 1 erases user data, 2 changes the key. 0 erases nothing and is never asked for. */
export function lacksNvmeFormat(capabilities: DriveCapabilities, ses: 1 | 2): Reason | null {
  if (capabilities.interface !== 'nvme') return lacking('other-interface');
  const { format } = capabilities;
  return format === null || (ses === 2 && !format.crypto) ? lacking('not-offered') : null;
}

/**
 * Formats one namespace in the LBA format that it has: without `-l` nvme-cli may change it. A Format has no log: the
 * command's own status and the namespace as it is afterwards are all that the drive says.
 */
export async function runNvmeFormat(
  ses: 1 | 2,
  _target: Target,
  capabilities: DriveCapabilities,
  doors: FirmwareDoors,
): Promise<FirmwareSeen> {
  const { controller, nsid, lbaFormat } = capabilities as Nvme;
  const began = doors.monotonic();
  const words = ['-n', String(nsid), '-s', String(ses), '-l', String(lbaFormat), '--force'];
  const before = await lbaFormatNow(controller, nsid, doors);
  doors.progress(null);
  const result = await doors.run(
    ['nvme', 'format', controller, ...words, '-t', String(Math.min(doors.patienceMs, 0x7fffffff))],
    { timeoutMs: doors.patienceMs, leaveRunning: true },
  );
  const after = await lbaFormatNow(controller, nsid, doors);
  const { stdout, stderr } = textOf(result);
  const exitCode = result.kind === 'exited' ? result.exitCode : null;
  return {
    kind: 'firmware',
    ...concludeFormat({ exitCode, stdout, stderr, before, after, lbaFormat }),
    stateBefore: `LBA format ${before ?? '?'}`,
    stateAfter: after === null ? null : `LBA format ${after}`,
    lastPercent: null,
    durationMs: Math.round(doors.monotonic() - began),
  };
}

/** Pure. nvme-cli prints the drive's own status; an exit status of 0 without its words of success proves nothing. */
export function concludeFormat(facts: {
  exitCode: number | null;
  stdout: string;
  stderr: string;
  before: number | null;
  after: number | null;
  lbaFormat: number;
}): Pick<FirmwareSeen, 'accepted' | 'ended'> {
  const { exitCode, stdout, stderr, before, after, lbaFormat } = facts;
  if (exitCode === null) return { accepted: 'unknown', ended: 'unknown' };
  if (exitCode !== 0) {
    const status = statusIn(stdout + stderr);
    // A lost connection or a time-out of the kernel is no word of the drive's.
    if (status === null) return { accepted: 'unknown', ended: 'unknown' };
    return mayComeHalfway(status)
      ? { accepted: 'unknown', ended: 'failed' }
      : { accepted: 'refused', ended: 'unknown' };
  }
  if (!/Success formatting namespace/i.test(stdout)) return { accepted: 'unknown', ended: 'unknown' };
  const kept = before === lbaFormat && after === lbaFormat;
  return { accepted: 'accepted', ended: kept ? 'succeeded' : 'unknown' };
}

/** Status code and its type, without the bits that say whether to try again (NVM Express Base 2.0 figure 93). */
function statusIn(said: string): number | null {
  const digits = /NVMe status[^]*?\((0x[0-9a-f]+)\)/i.exec(said)?.[1];
  return digits === undefined ? null : Number(digits) & 0x7ff;
}

/** An error inside the drive, or of its medium (type 2): something may be erased by then. Others say that it did not begin. */
function mayComeHalfway(status: number): boolean {
  return status === INTERNAL_ERROR || status >> 8 === MEDIUM_ERRORS;
}

const INTERNAL_ERROR = 0x006;
const MEDIUM_ERRORS = 2;

async function lbaFormatNow(
  controller: string,
  nsid: number,
  { run }: FirmwareDoors,
): Promise<number | null> {
  const answer = await run(['nvme', 'id-ns', controller, '-n', String(nsid), '-o', 'json']);
  const facts = parseIdNs(textOf(answer).stdout);
  return facts.kind === 'parsed' ? facts.value.lbaFormat : null;
}

/** FNA bits 0 and 1: a format, or its erase, goes to all namespaces of the controller. */
export const FORMAT_NOT_COVERED: readonly Phrase[] = [
  {
    fr: 'La réserve de la mémoire flash : son effacement par Format dépend du fabricant et n’est pas compté.',
    en: 'Over-provisioned flash: whether Format erases it depends on the maker, and is not counted.',
  },
];

export const FORMAT_INTERRUPTED: Phrase = {
  fr: 'Le contenu du disque est indéterminé : recommencer l’effacement.',
  en: 'The content of the drive is indeterminate: begin the erase again.',
};

export function aboutFormat(ses: 1 | 2): About {
  return {
    needs: `OACS bit 1${ses === 2 ? ' and FNA bit 2' : ''}; one namespace with all of the capacity, or FNA bit 1`,
    takes: 'the drive gives no estimate; the policy’s budget bounds the wait',
    progress: 'none: the command ends when the format does',
    proof: 'nvme-cli’s words of success, and the LBA format that the namespace had',
  };
}
