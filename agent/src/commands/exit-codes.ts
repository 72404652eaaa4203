/** Exit statuses that scripts can rely on; `rebond --help` lists them. */
export const EXIT = {
  ok: 0,
  /** A document is altered or unlawful; a sanitization failed or its outcome is unknown. */
  failed: 1,
  /** Wrong arguments, or a file that cannot be read. */
  usage: 2,
  /** Intact, but nobody told us whether to believe its issuer. */
  issuerUnknown: 3,
  /** An interlock refused the drive; nothing was written to it. */
  refused: 4,
  /** The record is safe on this disk, and no server has acknowledged it yet. */
  unsent: 5,
  /** The session could not begin: no server and no paired stick, another session running, a wrong code. */
  cannotBegin: 6,
} as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
