/** What IDENTIFY DEVICE of a made-up drive says; all else is zero. */
export type IdentifyWishes = {
  security?: 'none' | 'SEC1' | 'SEC2' | 'SEC4' | 'SEC5' | 'SEC6';
  /** Words by their number, over everything else. */
  words?: Record<number, number>;
  /** Two characters a word, as ATA keeps text. */
  serial?: string;
  model?: string;
  /** A checksum that holds, one that does not, or none, as of older drives. */
  checksum?: 'right' | 'wrong' | 'none';
};

/** Word 128, by the state (ACS-4 §7.13.6.47): bit 0 supported, 1 enabled, 2 locked, 3 frozen. */
const SECURITY = { none: 0, SEC1: 0b1, SEC2: 0b1001, SEC4: 0b111, SEC5: 0b11, SEC6: 0b1011 };

/** The 256 words as `hdparm --Istdout` prints them, eight on a line. */
export function identifyText(wishes: IdentifyWishes = {}): string {
  const words = identifyWords(wishes);
  const hex = words.map((word) => word.toString(16).padStart(4, '0'));
  const lines = Array.from({ length: 32 }, (_, line) => hex.slice(line * 8, line * 8 + 8).join(' '));
  return `\n/dev/sdx:\n${lines.join('\n')}\n`;
}

function identifyWords({
  security = 'SEC1',
  words = {},
  serial = '',
  model = '',
  checksum = 'right',
}: IdentifyWishes): number[] {
  const all = Array.from({ length: 256 }, () => 0);
  all[128] = SECURITY[security];
  putText(all, 10, serial.padEnd(20));
  putText(all, 27, model.padEnd(40));
  for (const [index, word] of Object.entries(words)) all[Number(index)] = word;
  if (checksum === 'none') return all;
  const sum = [...all.slice(0, 255), 0xa5].reduce((total, word) => total + (word & 0xff) + (word >> 8), 0);
  const due = (256 - (sum % 256)) % 256;
  all[255] = (((checksum === 'right' ? due : due + 1) & 0xff) << 8) | 0xa5;
  return all;
}

function putText(words: number[], at: number, text: string): void {
  for (let index = 0; index < text.length / 2; index += 1)
    words[at + index] = (text.charCodeAt(index * 2) << 8) | text.charCodeAt(index * 2 + 1);
}
