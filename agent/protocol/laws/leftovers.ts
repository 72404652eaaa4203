import type { MachineRecord } from '../words/record.ts';
import { ProtocolError } from './errors.ts';

/**
 * Operations of the physical presence interface that clear a TPM (TCG PC Client Platform PPI 1.30 table 2): 5 clear;
 * 14, 21 and 22 clear with enabling and activating, which TPM 2.0 takes for a clear alone.
 */
export const TPM_CLEARS: readonly number[] = [5, 14, 21, 22];

/**
 * Refuses what a session cannot know of what it left in the firmware: a clear that is none, an answer read as another,
 * an entry removed that leads elsewhere than to a drive which was sanitized here.
 * @throws ProtocolError laws-disagree
 */
export function checkLeftovers({ leftovers, sanitizations }: MachineRecord): void {
  if (!leftovers) return;
  const { tpm, bootEntries } = leftovers;
  if (tpm.outcome === 'read') {
    const { last, clear } = tpm.value;
    if (clear.state === 'requested' && !TPM_CLEARS.includes(clear.operation)) {
      throw new ProtocolError('laws-disagree', 'leftovers.tpm.clear');
    }
    if (last.state === 'answered' && last.meaning !== meaningOf(last.operation, last.code)) {
      throw new ProtocolError('laws-disagree', 'leftovers.tpm.last');
    }
  }
  if (bootEntries.outcome !== 'read') return;
  const done = new Set(
    sanitizations.filter(({ outcome }) => outcome === 'done').map(({ plan }) => plan.target.path),
  );
  for (const { place, deed } of bootEntries.value) {
    const wiped = place.kind === 'sanitized-drive' && done.has(place.path);
    if (place.kind === 'sanitized-drive' && !wiped)
      throw new ProtocolError('laws-disagree', 'leftovers.place');
    if (deed.state === 'removed' && !wiped) throw new ProtocolError('laws-disagree', 'leftovers.removed');
  }
}

/** What the firmware's answer to its last request says of a clear. */
export function meaningOf(operation: number, code: number): 'cleared' | 'refused' | 'other' {
  if (!TPM_CLEARS.includes(operation)) return 'other';
  return code === 0 ? 'cleared' : 'refused';
}
