import type { DriveCapabilities } from '@rebond/protocol';

type Scsi = Extract<DriveCapabilities, { interface: 'scsi' }>;

/**
 * `sg_opcodes` lists SANITIZE (48h) once for each service action that the drive takes (SBC-4 §5.30): 1 overwrite, 2 block
 * erase, 3 cryptographic erase, 1Fh exit failure mode. @returns null where it has none
 */
export function parseSanitizeOpcodes(text: string): Scsi['sanitize'] {
  const actions = new Set(
    [...text.matchAll(/^\s*48\s+([0-9a-f]{1,4})\b/gim)].map(([, action]) =>
      Number.parseInt(action ?? '', 16),
    ),
  );
  if (actions.size === 0) return null;
  return { overwrite: actions.has(1), block: actions.has(2), crypto: actions.has(3) };
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
