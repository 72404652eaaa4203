import { trimmed } from './placeholder.ts';

/** Facts of IDENTIFY DEVICE (ACS-4 §7.12.7) that the kernel does not give whole in other files. */
export type AtaIdentity = {
  serial: string | null;
  firmware: string | null;
  /** 40 characters; the kernel's SCSI model is cut at 16. */
  model: string | null;
  /** Word 217: true for a spindle, false for a solid-state drive, null where the drive does not say. */
  rotational: boolean | null;
  /** Word 76: capabilities of a serial ATA device. */
  sata: boolean;
};

const IDENTIFY_AT = 60;

/** The vital product data page 89h (SAT-4 §12.4.2), in which Linux and SAT layers keep IDENTIFY DEVICE. */
export function parseAtaPage(page: Uint8Array): AtaIdentity | null {
  const identify = page.subarray(IDENTIFY_AT, IDENTIFY_AT + 512);
  if (page[1] !== 0x89 || identify.length < 512 || identify.every((byte) => byte === 0)) return null;
  const word = (index: number): number => (identify[index * 2] ?? 0) + (identify[index * 2 + 1] ?? 0) * 256;
  const rate = word(217);
  return {
    serial: swapped(identify, 10, 20),
    firmware: swapped(identify, 23, 27),
    model: swapped(identify, 27, 47),
    rotational: rate === 1 ? false : rate >= 0x0401 && rate < 0xffff ? true : null,
    sata: word(76) !== 0 && word(76) !== 0xffff,
  };
}

/** Text in words `from` to `to`, whose bytes are swapped. */
function swapped(identify: Uint8Array, from: number, to: number): string | null {
  const characters = Array.from(
    { length: (to - from) * 2 },
    (_, index) => identify[from * 2 + (index ^ 1)] ?? 0,
  );
  return trimmed(String.fromCharCode(...characters));
}

/** The unit serial number of the vital product data page 80h (SPC-5 §7.7.20). */
export function parseSerialPage(page: Uint8Array): string | null {
  const length = (page[2] ?? 0) * 256 + (page[3] ?? 0);
  return page[1] === 0x80
    ? trimmed(String.fromCharCode(...page.subarray(4, 4 + Math.min(length, 252))))
    : null;
}
