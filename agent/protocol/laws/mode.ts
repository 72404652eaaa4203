import type { Medium, Transport } from '../words/drive.ts';
import { REHEARSAL_NOTICE } from '../words/notice.ts';
import type { Mode } from '../words/sanitize.ts';
import type { Phrase } from '../words/text.ts';
import { ProtocolError } from './errors.ts';

/**
 * A rehearsal says so, and touches only files, loop devices and drives of the network; a real session has no such notice
 * and touches none of them. @throws ProtocolError
 */
export function checkMode(
  mode: Mode,
  notice: Phrase | null,
  targets: readonly { medium: Medium; transport: Transport }[],
): void {
  const rehearsal = mode === 'rehearsal';
  const due = rehearsal ? REHEARSAL_NOTICE : null;
  if (notice?.fr !== due?.fr || notice?.en !== due?.en) throw new ProtocolError('laws-disagree', 'notice');
  const rehearsable = ({ medium, transport }: { medium: Medium; transport: Transport }): boolean =>
    medium.startsWith('rehearsal-') || transport === 'network';
  if (targets.some((target) => rehearsable(target) !== rehearsal)) {
    throw new ProtocolError('laws-disagree', 'medium');
  }
}
