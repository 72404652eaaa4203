// The fonts that firmware draws with, taken from QEMU's own firmware files.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { codePage437 } from './code-page.ts';
import { collect, type Font } from './psf.ts';

const VGA_BIOS = '/usr/share/seabios/vgabios-stdvga.bin';
const LETTER_A = Buffer.from([0, 0, 0x10, 0x38, 0x6c, 0xc6, 0xc6, 0xfe, 0xc6, 0xc6, 0xc6, 0xc6, 0, 0, 0, 0]);

/** The 8×16 font of QEMU's VGA BIOS, which text modes and the kernel's first lines are written in; null if not found. */
export function vgaFont(path = VGA_BIOS): Font | null {
  try {
    const bios = readFileSync(path);
    const start = bios.indexOf(LETTER_A) - 65 * 16;
    if (start < 0) return null;
    const names = Array.from({ length: 256 }, (_, code) => codePage437(code));
    return collect(bios.subarray(start), { count: 256, width: 8, height: 16, names });
  } catch {
    return null;
  }
}

const OVMF = '/usr/share/OVMF/OVMF_CODE_4M.fd';
/** The section of a firmware volume that LZMA compressed (PI 1.8, volume 3, 2.2.3), by its GUID. */
const COMPRESSED = Buffer.from('98584eee143959429d6edc7bd79403cf', 'hex');
/** One narrow glyph of HII: its character, attributes, and 19 rows. */
const GLYPH = 22;
const HEIGHT = 19;

/** The 8×19 font of UEFI's console, which OVMF, shim and GRUB's menu are written in; null if not found. */
export function uefiFont(path = OVMF): Font | null {
  try {
    const plain = decompressed(readFileSync(path));
    const space = plain.indexOf(
      Buffer.from([0x20, ...Array.from({ length: GLYPH - 1 }, () => 0), 0x21, 0, 0]),
    );
    if (space < 0) return null;
    const names: string[] = [];
    const rows: Buffer[] = [];
    for (let at = space; plain.readUInt16LE(at) > 0 && plain[at + 2] === 0; at += GLYPH) {
      names.push(String.fromCharCode(plain.readUInt16LE(at)));
      rows.push(plain.subarray(at + 3, at + GLYPH));
    }
    return collect(Buffer.concat(rows), {
      count: names.length,
      width: 8,
      height: HEIGHT,
      names,
      drawnBy: 'firmware',
    });
  } catch {
    return null;
  }
}

function decompressed(firmware: Buffer): Buffer {
  const guid = firmware.indexOf(COMPRESSED);
  const section = guid - 4;
  const size = firmware.readUIntLE(section, 3);
  const data = section + firmware.readUInt16LE(guid + COMPRESSED.length);
  const input = firmware.subarray(data, section + size);
  return spawnSync('xz', ['--format=lzma', '-dc'], { input, maxBuffer: 2 ** 27 }).stdout;
}
