import type { Clock, Phrase } from '@rebond/protocol';
import { ENGLISH, FACT, FRENCH, STRONG, type Text } from './pdf-layout.ts';
import type { Pen } from './pdf-pen.ts';
import { EMPTY, momentOf, NOT_READ } from './pdf-words.ts';
import { TIME_SOURCES } from './pdf-names.ts';

/** Units kept of a long paragraph; the whole is in the attached JSON. */
const PARAGRAPH_SHOWN = 900;

/** Our own words, French and then English. */
export function say({ fr, en }: Phrase, style = FRENCH): Text[] {
  return [{ text: fr, style, maxLines: 6, english: { text: en, style: ENGLISH } }];
}

/** Our own words, where they must not be overlooked. */
export const shout = (phrase: Phrase): Text[] => say(phrase, STRONG);

/** Text from a machine or a person: hostile. Null is "not read", never a blank. */
export function fact(pen: Pen, text: string | null, maxLines = 4): Text[] {
  if (text === null) return say(NOT_READ);
  if (text.trim() === '') return say(EMPTY);
  return [{ text: pen.readable(text, 256), style: FACT, maxLines }];
}

/** Hostile sentences, French over English. */
export function told(pen: Pen, { fr, en }: Phrase, maxLines = 5): Text[] {
  return [paragraph(pen, fr, FRENCH, maxLines), paragraph(pen, en, ENGLISH, maxLines)];
}

/** One hostile paragraph; its line breaks are shown as `¶`. */
export function paragraph(pen: Pen, text: string, style = FRENCH, maxLines = 5): Text {
  return { text: pen.readable(text.replaceAll('\n', ' ¶ '), PARAGRAPH_SHOWN), style, maxLines };
}

/** A moment, and where it comes from. */
export function moment(clock: Clock): Text[] {
  return [{ text: momentOf(clock), style: FACT, maxLines: 1 }, ...say(TIME_SOURCES[clock.timeSource])];
}

/** A person, or what else has a name and an id. */
export function named(pen: Pen, { name, id }: { name: string; id: string }): Text[] {
  return fact(pen, `${name} (${id})`, 4);
}

/** A word of our own that is code: digests, ids, commands. */
export const code = (text: string): Text => ({ text, style: FACT, maxLines: 3 });
