import type { DriveCapabilities, Reason } from '@rebond/protocol';
import { parseSanitizeLog, type SanitizeLog } from '../../parse/nvme-answers.ts';
import { lacking } from './reasons.ts';
import { type About, type FirmwareDoors, type FirmwareSeen, pollUntilEnded, textOf } from './technique.ts';

type Means = 'block' | 'crypto' | 'overwrite';
type Nvme = Extract<DriveCapabilities, { interface: 'nvme' }>;

/** SANACT of the Sanitize command (NVM Express 2.0 figure 306). */
const ACTIONS: Record<Means, number> = { block: 2, overwrite: 3, crypto: 4 };

export function lacksNvmeSanitize(capabilities: DriveCapabilities, means: Means): Reason | null {
  if (capabilities.interface !== 'nvme') return lacking('other-interface');
  const { sanitize } = capabilities;
  if (sanitize === null || !sanitize[means]) return lacking('not-offered');
  return sanitize.state === 'unknown' ? lacking('state-unknown') : null;
}

export function nvmeSanitizeExpectedMs(capabilities: DriveCapabilities, means: Means): number | null {
  const seconds = capabilities.interface === 'nvme' ? capabilities.sanitize?.estimates[means] : null;
  return seconds === null || seconds === undefined ? null : seconds * 1000;
}

/**
 * Starts a Sanitize and follows the sanitize log. The overwrite pass count is 1: 0 would mean 16. After a failure in
 * restricted mode the drive answers nothing else; `--ause` lets it be left afterwards.
 */
export async function runNvmeSanitize(
  means: Means,
  capabilities: DriveCapabilities,
  doors: FirmwareDoors,
): Promise<FirmwareSeen> {
  const { controller } = capabilities as Nvme;
  const began = doors.monotonic();
  const look = async (): Promise<SanitizeLog | null> => {
    const answer = await doors.run(['nvme', 'sanitize-log', controller, '-o', 'json']);
    const log = parseSanitizeLog(textOf(answer).stdout);
    return log.kind === 'parsed' ? log.value : null;
  };
  const before = await look();
  const passes = means === 'overwrite' ? ['-n', '1', '-p', '0'] : [];
  const action = ['-a', String(ACTIONS[means]), ...passes, '--ause'];
  const start = await doors.run(['nvme', 'sanitize', controller, ...action]);
  const polled = await pollUntilEnded(look, runs, doors);
  const base = {
    kind: 'firmware' as const,
    stateBefore: before?.state ?? 'not read',
    lastPercent: polled.lastPercent,
    durationMs: Math.round(doors.monotonic() - began),
  };
  if (polled.kind === 'gave-up') {
    const accepted = polled.lastPercent === null ? 'unknown' : 'accepted';
    return { ...base, accepted, ended: 'unknown', stateAfter: null };
  }
  const exitCode = start.kind === 'exited' ? start.exitCode : null;
  const facts = concludeSanitize(before, polled.last, polled.sawRunning, exitCode, ACTIONS[means]);
  return { ...base, ...facts, stateAfter: polled.last.state };
}

function runs({ state, percent }: SanitizeLog): { running: boolean; percent: number | null } {
  return { running: state === 'running', percent };
}

/**
 * Pure. The log keeps the outcome of the last sanitize of whatever day: it is this one's only if it was seen running, if
 * the log says another thing than before, or if the drive took the command, for it updates the log then (NVM Express 2.0
 * §5.24.1; nvme-cli 2.13 exits 0 on that status alone). A change of key may be over before the first question.
 */
export function concludeSanitize(
  before: SanitizeLog | null,
  last: SanitizeLog,
  sawRunning: boolean,
  exitCode: number | null,
  action: number,
): Pick<FirmwareSeen, 'accepted' | 'ended'> {
  const refused = exitCode !== null && exitCode !== 0;
  const other = last.action !== null && (last.action & 7) !== action;
  const changed = before !== null && (before.state !== last.state || before.action !== last.action);
  if (other || !(sawRunning || changed || exitCode === 0))
    return { accepted: refused ? 'refused' : 'unknown', ended: 'unknown' };
  switch (last.state) {
    case 'succeeded':
    case 'succeeded-no-deallocation':
      return { accepted: 'accepted', ended: 'succeeded' };
    case 'failed':
      return { accepted: 'accepted', ended: 'failed' };
    case 'never':
    case 'running':
    case 'unknown':
      return { accepted: refused ? 'refused' : 'unknown', ended: 'unknown' };
  }
}

export const NVME_SANITIZE_INTERRUPTED = {
  fr: 'Il reprend tout seul dès que le disque a du courant : la session suivante l’attend, puis recommence.',
  en: 'It goes on by itself as soon as the drive has power: the next session waits for it, then begins again.',
};

const SANICAP: Record<Means, number> = { crypto: 0, block: 1, overwrite: 2 };

export function aboutNvmeSanitize(means: Means): About {
  return {
    needs: `SANICAP bit ${SANICAP[means]}`,
    takes: 'the sanitize log’s estimate; three times as long before it is given up',
    progress: '`nvme sanitize-log`: SSTAT 2 and SPROG / 65536',
    proof: 'SSTAT 1 or 4 with this action, after the drive took the command or was seen running it',
  };
}
