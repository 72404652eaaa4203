import type { DriveCapabilities, Reason, Target } from '@rebond/protocol';
import { isShut, passwordSteps } from '../../decide/ata-password.ts';
import type { RunResult } from '../../effects/types.ts';
import { parseSanitizeStatus, saysRefused, type SanitizeStatus } from '../../parse/hdparm-answers.ts';
import { lacking } from './reasons.ts';
import { type About, type FirmwareDoors, type FirmwareSeen, pollUntilEnded, textOf } from './technique.ts';

type Ata = Extract<DriveCapabilities, { interface: 'ata' }>;
type Means = 'block' | 'crypto' | 'overwrite';

/**
 * Models whose own encryption was shown not to protect (C. Meijer, B. van Gastel, Self-encrypting deception, 2019):
 * changing their key is no proof that the data is gone.
 */
const FLAWED = /Crucial.?CT\d+MX[123]00|\bMX[123]00\b|Samsung.*\b8[45]0 EVO\b|Samsung.*\bT[35]\b/i;

export function encryptionIsFlawed({ identity }: Target): boolean {
  return FLAWED.test(identity.model ?? '');
}

export function lacksAtaSanitize(
  capabilities: DriveCapabilities,
  target: Target,
  means: Means,
): Reason | null {
  if (capabilities.interface !== 'ata') return lacking('other-interface');
  const { sanitize } = capabilities;
  if (sanitize === null || !sanitize[means]) return lacking('not-offered');
  if (means === 'crypto' && encryptionIsFlawed(target)) return lacking('flawed-encryption');
  if (isShut(capabilities)) return lacking('attempts-expired');
  switch (sanitize.state) {
    case 'SD0':
    case 'SD1':
    case 'SD2': // every plan waits for it first
    case 'SD3':
      return null;
    case 'unknown':
      return lacking('state-unknown');
  }
}

/**
 * A SANITIZE FREEZE LOCK ends with the drive's power, so that a suspend frees it. A drive that is locked aborts SANITIZE
 * (ACS-4 §7.36), and one with a password would keep it: that password may be our own.
 */
export function beforeAtaSanitize(capabilities: DriveCapabilities): ('unfreeze' | 'unlock')[] {
  if (capabilities.interface !== 'ata') return [];
  const before = passwordSteps(capabilities);
  const frozen = capabilities.sanitize?.state === 'SD1' && !before.includes('unfreeze');
  return frozen ? ['unfreeze', ...before] : before;
}

const YES = '--yes-i-know-what-i-am-doing';

/**
 * Starts a SANITIZE and follows it to its end. The end is what the drive's status says afterwards: SD0 with the success
 * flag of this very operation. The flag of an earlier one is still there when the command was refused, so that success
 * counts only if the operation was seen running, if the flag was not set before, or if the drive took the command: that
 * clears the flag (ACS-4 §7.36.1).
 */
export async function runAtaSanitize(
  words: readonly string[],
  { path }: Target,
  doors: FirmwareDoors,
): Promise<FirmwareSeen> {
  const began = doors.monotonic();
  const look = async (): Promise<SanitizeStatus | null> => {
    const { stdout, stderr } = textOf(await doors.run(['hdparm', '--sanitize-status', path]));
    return parseSanitizeStatus(stdout, stderr);
  };
  const before = await look();
  const start = await doors.run(['hdparm', YES, ...words, path]);
  const polled = await pollUntilEnded(look, runs, doors);
  const base = {
    kind: 'firmware' as const,
    stateBefore: stateText(before),
    lastPercent: polled.lastPercent,
    durationMs: Math.round(doors.monotonic() - began),
  };
  if (polled.kind === 'gave-up')
    return {
      ...base,
      accepted: polled.lastPercent === null ? 'unknown' : 'accepted',
      ended: 'unknown',
      stateAfter: null,
    };
  const { last, sawRunning } = polled;
  return {
    ...base,
    ...conclude(before, last, sawRunning, answerTo(start)),
    stateAfter: stateText(last),
  };
}

function runs({ state, percent }: SanitizeStatus): { running: boolean; percent: number | null } {
  return { running: state === 'SD2', percent };
}

type Answer = 'taken' | 'refused' | 'unknown';

/** hdparm 9.65 exits 0 on a refusal too, and says so on its error output alone. */
function answerTo(start: RunResult): Answer {
  if (start.kind !== 'exited') return 'unknown';
  if (saysRefused(textOf(start).stderr)) return 'refused';
  return start.exitCode === 0 ? 'taken' : 'unknown';
}

/** Pure: what follows from the status before, after, and whether it was seen running. */
export function conclude(
  before: SanitizeStatus | null,
  last: SanitizeStatus,
  sawRunning: boolean,
  answer: Answer,
): Pick<FirmwareSeen, 'accepted' | 'ended'> {
  const refused = answer === 'refused';
  if (last.state === 'SD3') {
    // A failure of before that the drive never left is not this operation's.
    const own = sawRunning || (before !== null && before.state !== 'SD3');
    return { accepted: own ? 'accepted' : refused ? 'refused' : 'unknown', ended: 'failed' };
  }
  if (last.state === 'SD1') return { accepted: 'refused', ended: 'unknown' };
  const changed = before !== null && !before.lastSucceeded && last.lastSucceeded;
  const fresh = sawRunning || changed || answer === 'taken';
  if (fresh) return { accepted: 'accepted', ended: last.lastSucceeded ? 'succeeded' : 'failed' };
  return { accepted: refused ? 'refused' : 'unknown', ended: 'unknown' };
}

function stateText(status: SanitizeStatus | null): string {
  if (status === null) return 'not read';
  return `${status.state}${status.lastSucceeded ? ', last completed without error' : ''}`;
}

export function ataSanitizeExpectedMs(_capabilities: Ata | DriveCapabilities): null {
  // IDENTIFY DEVICE gives no estimate for SANITIZE.
  return null;
}

export const ATA_SANITIZE_INTERRUPTED = {
  fr: 'Il reprend tout seul dès que le disque a du courant : la session suivante l’attend, puis recommence.',
  en: 'It goes on by itself as soon as the drive has power: the next session waits for it, then begins again.',
};

const BITS: Record<Means, number> = { crypto: 13, overwrite: 14, block: 15 };

export function aboutAtaSanitize(means: Means): About {
  return {
    needs: `IDENTIFY DEVICE word 59 bits 12 and ${BITS[means]}; not SD1 (a suspend frees it), not locked`,
    takes: 'the drive gives no estimate; the policy’s budget bounds the wait',
    progress: '`hdparm --sanitize-status`: SD2 and a 16-bit fraction',
    proof: 'SD0 with the success flag of this very operation; SD3 is a failure',
  };
}
