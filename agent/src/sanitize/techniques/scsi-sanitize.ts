import type { DriveCapabilities, Phrase, Reason, Target } from '@rebond/protocol';
import { parseSense, type SenseState } from '../../parse/sg-opcodes.ts';
import { lacking } from './reasons.ts';
import { type About, type FirmwareDoors, type FirmwareSeen, pollUntilEnded, textOf } from './technique.ts';

type Means = 'block' | 'crypto' | 'overwrite';

export function lacksScsiSanitize(capabilities: DriveCapabilities, means: Means): Reason | null {
  if (capabilities.interface !== 'scsi') return lacking('other-interface');
  return capabilities.sanitize?.[means] ? null : lacking('not-offered');
}

/**
 * Starts a SANITIZE that answers at once (IMMED) and asks for sense until none says that it runs. SBC-4 has no log of
 * past ones: what counts is that the drive took the command, or was seen running, and tells of no failure at its end.
 */
export async function runScsiSanitize(
  means: Means,
  { path }: Target,
  doors: FirmwareDoors,
): Promise<FirmwareSeen> {
  const began = doors.monotonic();
  const words = means === 'overwrite' ? ['--overwrite', '--zero'] : [`--${means}`];
  const look = async (): Promise<SenseState | null> => {
    // Not `--progress`: sg_requests 1.48 prints nothing then of a sanitize that failed, as of one that ended well.
    const answer = await doors.run(['sg_requests', path]);
    const { stdout, stderr } = textOf(answer);
    const text = stdout + stderr;
    // A tool that failed without a word is no drive that has nothing to report.
    if (answer.kind !== 'exited' || (answer.exitCode !== 0 && text.trim() === '')) return null;
    return parseSense(text);
  };
  const before = await look();
  const start = await doors.run(['sg_sanitize', ...words, '--early', '--quick', path]);
  const polled = await pollUntilEnded(look, runs, doors);
  const base = {
    kind: 'firmware' as const,
    stateBefore: before?.kind ?? 'not read',
    lastPercent: polled.lastPercent,
    durationMs: Math.round(doors.monotonic() - began),
  };
  if (polled.kind === 'gave-up') {
    const accepted = polled.lastPercent === null ? 'unknown' : 'accepted';
    return { ...base, accepted, ended: 'unknown', stateAfter: null };
  }
  const exitCode = start.kind === 'exited' ? start.exitCode : null;
  return {
    ...base,
    ...concludeScsi(polled.last, polled.sawRunning, exitCode),
    stateAfter: polled.last.kind,
  };
}

function runs(state: SenseState): { running: boolean; percent: number | null } {
  return state.kind === 'running'
    ? { running: true, percent: state.percent }
    : { running: false, percent: null };
}

/** Pure. `exitCode` 0 says that the drive took the command; of its end only the sense tells. */
export function concludeScsi(
  last: SenseState,
  sawRunning: boolean,
  exitCode: number | null,
): Pick<FirmwareSeen, 'accepted' | 'ended'> {
  switch (last.kind) {
    case 'failed':
      return { accepted: sawRunning || exitCode === 0 ? 'accepted' : 'unknown', ended: 'failed' };
    case 'none':
      // A change of key may be over before the first question. sg_sanitize 1.48 exits 0 on GOOD status alone, and after a
      // failure the drive would answer with the sense of it (SBC-4 §4.11.3).
      if (sawRunning || exitCode === 0) return { accepted: 'accepted', ended: 'succeeded' };
      return { accepted: exitCode === null ? 'unknown' : 'refused', ended: 'unknown' };
    case 'running':
    case 'other':
      return { accepted: sawRunning ? 'accepted' : 'unknown', ended: 'unknown' };
  }
}

const SERVICE_ACTIONS: Record<Means, number> = { overwrite: 1, block: 2, crypto: 3 };

export function aboutScsiSanitize(means: Means): About {
  return {
    needs: `REPORT SUPPORTED OPERATION CODES names 48h, service action ${SERVICE_ACTIONS[means]}`,
    takes: 'the drive gives no estimate; the policy’s budget bounds the wait',
    progress: '`sg_requests`: the progress indication of the sense data',
    proof: 'the command was taken, and no sense tells of a failure at its end',
  };
}

export const SCSI_SANITIZE_INTERRUPTED: Phrase = {
  fr: 'Il reprend tout seul dès que le disque a du courant : la session suivante l’attend, puis recommence.',
  en: 'It goes on by itself as soon as the drive has power: the next session waits for it, then begins again.',
};
