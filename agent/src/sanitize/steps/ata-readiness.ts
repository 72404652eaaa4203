import type { AtaSecurity } from '@rebond/protocol';
import type { Run } from '../../effects/types.ts';
import { parseSanitizeStatus } from '../../parse/hdparm-answers.ts';
import { PUBLISHED_PASSWORD, readSecurity } from '../techniques/ata-security-erase.ts';
import { textOf } from '../techniques/technique.ts';
import { recordingRun } from './recording-run.ts';
import type { RunStep } from './step.ts';

export type ReadinessDoors = {
  run: Run;
  wait: (ms: number) => Promise<void>;
  /** Puts the machine to sleep for a few seconds, so that its drives lose their power. False where it cannot. */
  suspend: (run: Run) => Promise<boolean>;
};

/** A drive that just woke up may lack its security words in the first answer. */
const ANSWERS = 5;
const BETWEEN_MS = 1000;

/** A firmware freezes its drives at power-on and forgets to do so on waking: a short sleep frees them. */
export function unfreezeStep({ run, wait, suspend }: ReadinessDoors): RunStep<'unfreeze'> {
  return async (_step, { plan }, { command, monotonic }) => {
    const noted = recordingRun(run, command, monotonic);
    await suspend(noted);
    const security = await settled(plan.target.path, noted, wait);
    if (security?.state === 'SEC6') return { kind: 'unfreeze', frozenAfter: true };
    // What is needed decides: SANITIZE has a freeze of its own, and does not mind that of the passwords.
    const frozen = plan.technique.startsWith('ata-sanitize-')
      ? await isSanitizeFrozen(plan.target.path, noted)
      : security && security.state === 'SEC2';
    return { kind: 'unfreeze', frozenAfter: frozen };
  };
}

/**
 * Takes our published password off, which an erase that was cut off left behind. Tried once: a drive counts wrong
 * passwords, and one that is not ours stays.
 */
export function unlockStep({ run, wait }: ReadinessDoors): RunStep<'unlock'> {
  return async (_step, { plan }, { command, monotonic }) => {
    const noted = recordingRun(run, command, monotonic);
    const { path } = plan.target;
    const hdparm = (word: string) => noted(['hdparm', '--user-master', 'u', word, PUBLISHED_PASSWORD, path]);
    const before = await settled(path, noted, wait);
    if (before?.state === 'SEC4') await hdparm('--security-unlock');
    if ((await readSecurity(path, { run: noted }))?.state === 'SEC5') await hdparm('--security-disable');
    const after = await readSecurity(path, { run: noted });
    return { kind: 'unlock', lockedAfter: after === null ? null : after.state !== 'SEC1' };
  };
}

async function isSanitizeFrozen(path: string, run: Run): Promise<boolean | null> {
  const { stdout, stderr } = textOf(await run(['hdparm', '--sanitize-status', path]));
  const status = parseSanitizeStatus(stdout, stderr);
  return status && status.state === 'SD1';
}

async function settled(
  path: string,
  run: Run,
  wait: (ms: number) => Promise<void>,
): Promise<AtaSecurity | null> {
  for (let answer = 0; answer < ANSWERS; answer += 1) {
    const security = await readSecurity(path, { run });
    if (security !== null) return security;
    await wait(BETWEEN_MS);
  }
  return null;
}
