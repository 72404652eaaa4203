// Which key makes which character: QEMU names keys by what is printed on an American one.
import { LaptopError } from './describe.ts';

export type Layout = (typeof LAYOUTS)[number];
export const LAYOUTS = ['fr', 'us'] as const;

/** A key, and those held meanwhile. */
export type Stroke = { key: string; held: readonly ('shift' | 'alt_r')[] };

const NUMBER_ROW = ['grave_accent', '1', '2', '3', '4', '5', '6', '7', '8', '9', '0', 'minus', 'equal'];
const UPPER_ROW = [...Array.from('qwertyuiop'), 'bracket_left', 'bracket_right'];
const HOME_ROW = [...Array.from('asdfghjkl'), 'semicolon', 'apostrophe', 'backslash'];
const LOWER_ROW = [...Array.from('zxcvbnm'), 'comma', 'dot', 'slash'];
const KEYS = [...NUMBER_ROW, ...UPPER_ROW, ...HOME_ROW, ...LOWER_ROW, 'less'];

/** In the order of KEYS; `\0` is a key that makes nothing plain there (dead, or not on that keyboard). */
const PRINTED: Record<Layout, { plain: string; shift: string; right: string }> = {
  us: {
    plain: "`1234567890-=qwertyuiop[]asdfghjkl;'\\zxcvbnm,./\0",
    shift: '~!@#$%^&*()_+QWERTYUIOP{}ASDFGHJKL:"|ZXCVBNM<>?\0',
    right: '',
  },
  fr: {
    plain: '²&é"\'(-è_çà)=azertyuiop\0$qsdfghjklmù*wxcvbn,;:!<',
    shift: '\x001234567890°+AZERTYUIOP\0£QSDFGHJKLM%µWXCVBN?./§>',
    right: '\0\0~#{[|`\\^@]}\0\0€',
  },
};

const STROKES: Record<Layout, ReadonlyMap<string, Stroke>> = { us: strokes('us'), fr: strokes('fr') };

export function strokesFor(text: string, layout: Layout): Stroke[] {
  if (!LAYOUTS.includes(layout)) throw new LaptopError('no-such-key', `layouts are ${LAYOUTS.join(', ')}`);
  return Array.from(text, (character) => {
    const stroke = STROKES[layout].get(character);
    if (stroke) return stroke;
    throw new LaptopError(
      'no-such-key',
      `no key of the ${layout} keyboard makes ${JSON.stringify(character)}`,
    );
  });
}

function strokes(layout: Layout): Map<string, Stroke> {
  const { plain, shift, right } = PRINTED[layout];
  const map = new Map<string, Stroke>([
    [' ', { key: 'spc', held: [] }],
    ['\n', { key: 'ret', held: [] }],
    ['\t', { key: 'tab', held: [] }],
  ]);
  const add = (printed: string, held: Stroke['held']): void => {
    for (const [at, character] of Array.from(printed).entries())
      if (character !== '\0' && !map.has(character)) map.set(character, { key: KEYS[at]!, held });
  };
  add(plain, []);
  add(shift, ['shift']);
  add(right, ['alt_r']);
  return map;
}
