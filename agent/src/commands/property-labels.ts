import type { Drive, Reason } from '@rebond/protocol';
import { awaitsOnlyLabel, hasLookalike, LOOKALIKE, withLabel } from '../decide/property-label.ts';

/** A drive with what stands against it. */
export type JudgedDrive = { drive: Drive; reasons: Reason[] };

/**
 * Asks for the label of each drive that lacks nothing but a number, and judges those anew under it. The label is bound
 * to the drive that the kernel numbers so in this boot: a drive that is plugged in again is another one.
 * @param label asks a person; null leaves the drive as it is
 */
export async function labelled(
  judged: readonly JudgedDrive[],
  isWanted: (drive: Drive) => boolean,
  label: (drive: Drive, all: readonly Drive[]) => Promise<string | null>,
  judgeAgain: (drive: Drive) => Reason[],
): Promise<JudgedDrive[]> {
  const known = judged.map(({ drive }) => drive);
  const after: JudgedDrive[] = [];
  for (const each of judged) {
    const { drive, reasons } = each;
    if (!isWanted(drive) || !awaitsOnlyLabel(reasons) || drive.diskseq === null) {
      after.push(each);
      continue;
    }
    if (hasLookalike(drive, known)) {
      after.push({ drive, reasons: [LOOKALIKE, ...reasons] });
      continue;
    }
    const typed = await label(drive, known);
    if (typed === null) {
      after.push(each);
      continue;
    }
    const named = withLabel(drive, typed);
    known[known.indexOf(drive)] = named;
    after.push({ drive: named, reasons: judgeAgain(named) });
  }
  return after;
}
