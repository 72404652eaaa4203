import { REHEARSAL_NOTICE } from '../words/notice.ts';
import type { Mode } from '../words/sanitize.ts';
import type { Phrase } from '../words/text.ts';
import { ProtocolError } from './errors.ts';

/** A rehearsal says so and touches only rehearsal media; a real session has no such notice and no such media. @throws ProtocolError */
export function checkMode(mode: Mode, notice: Phrase | null, media: readonly string[]): void {
  const rehearsal = mode === 'rehearsal';
  const due = rehearsal ? REHEARSAL_NOTICE : null;
  if (notice?.fr !== due?.fr || notice?.en !== due?.en) throw new ProtocolError('laws-disagree', 'notice');
  if (media.some((medium) => medium.startsWith('rehearsal-') !== rehearsal)) {
    throw new ProtocolError('laws-disagree', 'medium');
  }
}
