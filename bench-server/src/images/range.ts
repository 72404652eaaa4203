/** The bytes of a file to send, both ends included. */
export type Part = { start: number; end: number };

/**
 * The part that a `Range` header asks for (RFC 9110, 14.2). What is malformed or names several parts is ignored: the
 * whole file answers it.
 */
export function rangeOf(header: string | undefined, size: number): Part | 'whole' | 'unsatisfiable' {
  const match = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header?.trim() ?? '');
  if (!match) return 'whole';
  const [first = '', last = ''] = match.slice(1);
  if (first === '') return last === '' ? 'whole' : suffix(Number(last), size);
  const start = Number(first);
  const end = last === '' ? size - 1 : Math.min(Number(last), size - 1);
  if (last !== '' && Number(last) < start) return 'whole';
  return start < size ? { start, end } : 'unsatisfiable';
}

function suffix(length: number, size: number): Part | 'unsatisfiable' {
  if (length === 0 || size === 0) return 'unsatisfiable';
  return { start: Math.max(0, size - length), end: size - 1 };
}
