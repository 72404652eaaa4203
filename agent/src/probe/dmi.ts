import type { Run } from '../effects/types.ts';
import { DMIDECODE, parseDmi, type DmiStructure } from '../parse/dmi.ts';
import { failed, type Parsed } from '../parse/parsed.ts';
import { isRefusal, said } from './answers.ts';

/**
 * The SMBIOS table through dmidecode, which needs root and prints a heading before it finds that out. System and
 * memory share one call.
 */
export async function readDmi(run: Run): Promise<Parsed<DmiStructure[]>> {
  const answer = said(await run([DMIDECODE], { timeoutMs: 15_000 }), DMIDECODE);
  if (answer.kind === 'failed') return answer;
  const table = parseDmi(answer.stdout);
  if (table.kind === 'parsed') return table;
  const everything = `${answer.stderr}\n${answer.stdout}`;
  return failed(isRefusal(everything) ? 'refused' : table.failure.code, DMIDECODE, everything);
}
