/** `1 secteur`, `3 secteurs`. French counts 0 and 1 alike; English only 1 is one. */
export function counted(count: number, lang: 'fr' | 'en', one: string, many: string): string {
  const single = lang === 'fr' ? count < 2 : count === 1;
  return `${count} ${single ? one : many}`;
}
