/** A journal that a stick still has of an earlier session. */
type LeftOnStick = {
  /** Sound lines of it. */
  lines: number;
  /** Lines that the server had acknowledged when the stick was allowed to leave; null where it never was. */
  held: number | null;
};

/** What becomes of it: an account is given; it is dropped, the server has all of it; or it stays until the server is asked. */
type Fate = 'account' | 'drop' | 'leave';

/**
 * A stick that was pulled, as it may be, has a journal without an end, while its session went on and ended well. What
 * the server holds whole is the server's to speak of; only what it never got is told from the stick.
 */
export function fateOf({ lines, held }: LeftOnStick, serverAnswered: boolean): Fate {
  if (held === null || held < lines) return 'account';
  return serverAnswered ? 'drop' : 'leave';
}
