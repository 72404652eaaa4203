import type { Firmware } from './describe.ts';
import { parsePf2 } from './pf2.ts';
import { type Font, readFont } from './psf.ts';
import { uefiFont, vgaFont } from './rom-fonts.ts';
import type { Stick } from './stick.ts';

let vga: Font | null | undefined;
let uefi: Font | null | undefined;

/** What a laptop's screen may be written in: the image's console font, its firmware's, its boot menu's. */
export function fontsFor(firmware: Firmware, consoleFont: string | undefined, stick: Stick | null): Font[] {
  vga ??= vgaFont();
  if (firmware !== 'bios') uefi ??= uefiFont();
  const image = consoleFont === undefined ? null : readFont(consoleFont);
  return [image, vga, firmware === 'bios' ? null : uefi, stick && menuFont(stick)].flatMap(
    (font) => font ?? [],
  );
}

const MENU_FONT = 'boot/grub/fonts/unicode.pf2';

function menuFont({ files }: Stick): Font | null {
  return files.exists(MENU_FONT) ? parsePf2(files.read(MENU_FONT)) : null;
}
