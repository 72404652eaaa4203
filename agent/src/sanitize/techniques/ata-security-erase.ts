import type { AtaSecurity, DriveCapabilities, Reason, Target } from '@rebond/protocol';
import { passwordSteps } from '../../decide/ata-password.ts';
import type { RunLimits } from '../../effects/types.ts';
import { parseAtaWords } from '../../parse/ata-words.ts';
import { lacking } from './reasons.ts';
import { type About, type FirmwareDoors, type FirmwareSeen, MINUTE_MS, textOf } from './technique.ts';

/**
 * Published on purpose: a drive that an interrupted erase left locked can be unlocked by anybody who reads this, and
 * never holds a secret of ours.
 */
export const PUBLISHED_PASSWORD = 'rebond';

type Kind = 'normal' | 'enhanced';

export function lacksSecurityErase(capabilities: DriveCapabilities, kind: Kind): Reason | null {
  if (capabilities.interface !== 'ata') return lacking('other-interface');
  const { security } = capabilities;
  if (security === null || (kind === 'enhanced' && !security.enhanced)) return lacking('not-offered');
  if (security.attemptsExpired) return lacking('attempts-expired');
  return null;
}

/** SEC2 is frozen by the machine's firmware: only a power cycle, or a suspend, changes that. */
export function beforeSecurityErase(capabilities: DriveCapabilities): ('unfreeze' | 'unlock')[] {
  const frozen = capabilities.interface === 'ata' && capabilities.security?.state === 'SEC2';
  return frozen ? ['unfreeze'] : passwordSteps(capabilities);
}

export function securityEraseExpectedMs(capabilities: DriveCapabilities, kind: Kind): number | null {
  const security = capabilities.interface === 'ata' ? capabilities.security : null;
  const minutes = kind === 'enhanced' ? security?.enhancedMinutes : security?.eraseMinutes;
  return minutes === null || minutes === undefined ? null : minutes * MINUTE_MS;
}

/**
 * Sets the password, erases, and reads the drive's security state after each. hdparm waits for the end without telling of
 * progress, and exits 0 on a refusal: only the state tells. A refused erase must not leave the drive with our password.
 */
export async function runSecurityErase(
  kind: Kind,
  { path }: Target,
  doors: FirmwareDoors,
): Promise<FirmwareSeen> {
  const began = doors.monotonic();
  const state = (): Promise<AtaSecurity | null> => readSecurity(path, doors);
  const hdparm = (word: string, limits?: RunLimits) =>
    doors.run(['hdparm', '--user-master', 'u', word, PUBLISHED_PASSWORD, path], limits);
  const before = await state();
  const seen = (
    facts: Pick<FirmwareSeen, 'accepted' | 'ended'>,
    after: AtaSecurity | null,
  ): FirmwareSeen => ({
    ...{ kind: 'firmware', ...facts, lastPercent: null },
    ...{ stateBefore: before?.state ?? 'not read', stateAfter: after?.state ?? null },
    durationMs: Math.round(doors.monotonic() - began),
  });
  if (before === null) return seen({ accepted: 'unknown', ended: 'unknown' }, null);
  if (before.state !== 'SEC1') return seen({ accepted: 'refused', ended: 'unknown' }, before);
  await hdparm('--security-set-pass');
  const armed = await state();
  if (armed?.state !== 'SEC5') {
    // Whatever happened to the password, nothing was erased.
    return seen({ accepted: armed === null ? 'unknown' : 'refused', ended: 'unknown' }, armed);
  }
  doors.progress(null);
  const word = kind === 'enhanced' ? '--security-erase-enhanced' : '--security-erase';
  const erase = await hdparm(word, { timeoutMs: doors.patienceMs, leaveRunning: true });
  const after = await state();
  if (erase.kind !== 'exited') return seen({ accepted: 'unknown', ended: 'unknown' }, after);
  if (after?.state === 'SEC5') await hdparm('--security-disable');
  return seen(concludeErase(after, textOf(erase).stderr), after);
}

/** Pure. The erase itself takes the password off: a drive without one afterwards ended it, one with it did not. */
export function concludeErase(
  after: AtaSecurity | null,
  stderr: string,
): Pick<FirmwareSeen, 'accepted' | 'ended'> {
  if (after === null) return { accepted: 'unknown', ended: 'unknown' };
  switch (after.state) {
    case 'SEC1':
    case 'SEC2':
      // The state alone would also be that of a drive which refused and forgot its password over a power loss.
      return /SG_IO|error/i.test(stderr)
        ? { accepted: 'accepted', ended: 'unknown' }
        : { accepted: 'accepted', ended: 'succeeded' };
    case 'SEC4':
    case 'SEC5':
    case 'SEC6':
      // SEC4: power-cycled with the password still on; it began or not, and it did not end. The others: aborted at once or
      // halfway; hdparm says the same of both, so that some may be erased.
      return { accepted: 'unknown', ended: 'failed' };
  }
}

export async function readSecurity(
  path: string,
  { run }: Pick<FirmwareDoors, 'run'>,
): Promise<AtaSecurity | null> {
  const words = parseAtaWords(textOf(await run(['hdparm', '--Istdout', path])).stdout);
  return words.kind === 'parsed' ? words.value.security : null;
}

export const SECURITY_ERASE_INTERRUPTED = {
  fr: 'Le disque reste verrouillé par le mot de passe publié « rebond » : une nouvelle session l’enlève et recommence.',
  en: 'The drive stays locked by the published password “rebond”: another session takes it off and begins again.',
};

export function aboutSecurityErase(kind: Kind): About {
  const bits = kind === 'enhanced' ? 'bits 0 and 5' : 'bit 0';
  return {
    needs: `IDENTIFY DEVICE word 128 ${bits}; not frozen (a suspend frees it), no password but the published one; never over USB`,
    takes: `the drive’s estimate (word ${kind === 'enhanced' ? 90 : 89}); three times as long before it is given up`,
    progress: 'none: `hdparm` waits for the end, and is never killed',
    proof: 'no password is left (SEC1), and hdparm complained of nothing; SEC4 or SEC5 is a failure',
  };
}
