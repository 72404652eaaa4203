/** What the firmware answered to the last request that it acted on (Linux, drivers/char/tpm/tpm_ppi.c). */
export type PpiResponse =
  | { kind: 'none' }
  | { kind: 'answered'; operation: number; code: number; text: string };

/** Reads `ppi/response`: `22 0: Success`, `22 0xFFFFFFF0: User Abort`, `0: No Recent Request`; null for anything else. */
export function parsePpiResponse(text: string): PpiResponse | null {
  if (/^0: /.test(text)) return { kind: 'none' };
  const found = /^(\d{1,3}) (0x[0-9A-Fa-f]{1,8}|\d{1,10}): ([^\n]{0,200})\n?$/.exec(text);
  if (!found) return null;
  const [, operation = '', code = '', words = ''] = found;
  const [number, value] = [Number(operation), Number(code)];
  if (number > 255 || value > 0xffff_ffff) return null;
  return { kind: 'answered', operation: number, code: value, text: words };
}

/** The operation in `ppi/request` that waits for the next start, 0 for none; null for anything else. */
export function parsePpiRequest(text: string): number | null {
  const found = /^(\d{1,3})(?: \d{1,10})?\n?$/.exec(text);
  const operation = Number(found?.[1]);
  return found && operation <= 255 ? operation : null;
}

/** How the firmware lets an operation be asked for; what it does not list is not implemented. */
export type PpiMode = 'not-implemented' | 'firmware-only' | 'blocked' | 'user-required' | 'user-not-required';

const MODES: readonly PpiMode[] = [
  'not-implemented',
  'firmware-only',
  'blocked',
  'user-required',
  'user-not-required',
];

/** Reads `ppi/tcg_operations`, lines `5 3: User required`. Lines that are none are passed over. */
export function parsePpiOperations(text: string): ReadonlyMap<number, PpiMode> {
  const found = new Map<number, PpiMode>();
  for (const [, operation, mode] of text.slice(0, 65_536).matchAll(/^(\d{1,3}) ([0-4]): /gm)) {
    const known = MODES[Number(mode)];
    if (known !== undefined && Number(operation) <= 255) found.set(Number(operation), known);
  }
  return found;
}
