/**
 * `sg_opcodes --opcode=OP,SA`: whether the drive takes one command (SPC-5 §6.37).
 * @returns null where it does not say: drives before SPC-3 do not know the question
 */
export function parseOpcodeSupport(text: string): boolean | null {
  if (/Command is NOT supported/i.test(text)) return false;
  return /Command is supported/i.test(text) ? true : null;
}

/** What REQUEST SENSE says of a sanitize (SPC-5 §4.4, SBC-4 §4.11), as `sg_requests` prints it. */
export type SenseState =
  | { kind: 'running'; percent: number | null }
  /** ASC/ASCQ 31h/03h: SANITIZE COMMAND FAILED. */
  | { kind: 'failed' }
  | { kind: 'none' }
  | { kind: 'other'; detail: string };

export function parseSense(text: string): SenseState {
  if (/sanitize command failed/i.test(text)) return { kind: 'failed' };
  const [, percent] = /progress indication:\s*(\d{1,3}(?:\.\d+)?)\s*%/i.exec(text) ?? [];
  if (/sanitize in progress/i.test(text) || percent !== undefined)
    return { kind: 'running', percent: percent === undefined ? null : Math.min(100, Number(percent)) };
  if (text.trim() === '' || /no sense|no additional sense/i.test(text)) return { kind: 'none' };
  return { kind: 'other', detail: text.trim().slice(0, 200) };
}
