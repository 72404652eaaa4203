// What a logical unit says of itself: INQUIRY and its vital product data pages (SPC-5 6.7, 7.7; SBC-4 6.6).
import { check, good, type ScsiAnswer, type ScsiCommand } from './command.ts';
import { SENSE } from './sense.ts';

export type UnitIdentity = {
  vendor: string;
  product: string;
  revision: string;
  serial: string;
  /** NAA 5, 64 bits. */
  wwn: bigint;
  rotation: number;
  /** A maximum of blocks that one UNMAP may name; 0 when it has none. */
  unmapBlocks: number;
  /** For ATA behind a translation: IDENTIFY DEVICE, for page 89h. */
  ata: Buffer | null;
};

export function inquiry(identity: UnitIdentity, { cdb }: ScsiCommand): ScsiAnswer {
  const allocated = cdb.readUInt16BE(3);
  const [evpd, page] = [(cdb[1]! & 1) !== 0, cdb[2]!];
  if (!evpd)
    return page === 0 ? good(standard(identity).subarray(0, allocated)) : check(SENSE.invalidField());
  const body = vitalPage(identity, page);
  return body ? good(vital(page, body).subarray(0, allocated)) : check(SENSE.invalidField());
}

const PRODUCT_LENGTH = 16;

function standard({ vendor, product, revision }: UnitIdentity): Buffer {
  const bytes = Buffer.alloc(96);
  // SPC-4, response format 2 with command queueing; SPC-4, SBC-3 and SAM-5 among the versions.
  bytes.set([0, 0, 6, 2, 91, 0, 0, 2]);
  bytes.write(vendor.padEnd(8).slice(0, 8), 8, 'latin1');
  bytes.write(product.padEnd(PRODUCT_LENGTH).slice(0, PRODUCT_LENGTH), 16, 'latin1');
  bytes.write(revision.padEnd(4).slice(-4), 32, 'latin1');
  [0x00a0, 0x0460, 0x04c0].forEach((version, at) => bytes.writeUInt16BE(version, 58 + at * 2));
  return bytes;
}

function vital(page: number, body: Buffer): Buffer {
  const head = Buffer.of(0, page, 0, 0);
  head.writeUInt16BE(body.length, 2);
  return Buffer.concat([head, body]);
}

function vitalPage(identity: UnitIdentity, page: number): Buffer | null {
  const { ata, serial, rotation, unmapBlocks } = identity;
  switch (page) {
    case 0x00:
      return Buffer.of(0x00, 0x80, 0x83, ...(ata ? [0x89] : []), 0xb0, 0xb1, 0xb2);
    case 0x80:
      return Buffer.from(ata ? serial.padStart(20) : serial, 'latin1');
    case 0x83:
      return designators(identity);
    case 0x89:
      return ata ? ataInformation(identity, ata) : null;
    case 0xb0: {
      const body = Buffer.alloc(60);
      body.writeUInt32BE(2048, 4);
      if (unmapBlocks > 0) {
        body.writeUInt32BE(unmapBlocks, 16);
        body.writeUInt32BE(1, 20);
      }
      body.writeBigUInt64BE(65_535n, 32);
      return body;
    }
    case 0xb1: {
      const body = Buffer.alloc(60);
      body.writeUInt16BE(rotation, 0);
      return body;
    }
    case 0xb2:
      // Thin provisioning with UNMAP and WRITE SAME (16), and zeros from what was unmapped.
      return unmapBlocks > 0 ? Buffer.of(0, 0xc4, 0x02, 0) : Buffer.of(0, 0, 0, 0);
    default:
      return null;
  }
}

/** NAA; then, for ATA, "T10 vendor id" with vendor, model and serial, as SAT-4 10.4.4 has it. */
function designators({ wwn, ata, vendor, product, serial }: UnitIdentity): Buffer {
  const naa = Buffer.alloc(12);
  naa.set([0x01, 0x03, 0, 8]);
  naa.writeBigUInt64BE(wwn, 4);
  if (!ata) return naa;
  const text = `${vendor.padEnd(8)}${product.padEnd(40)}${serial.padStart(20)}`;
  return Buffer.concat([naa, Buffer.of(0x02, 0x01, 0, text.length), Buffer.from(text, 'latin1')]);
}

function ataInformation({ vendor }: UnitIdentity, identify: Buffer): Buffer {
  const body = Buffer.alloc(568);
  body.write('LAB SAT '.padEnd(8), 4, 'latin1');
  body.write('Translation'.padEnd(16), 12, 'latin1');
  body.write('1.00', 28, 'latin1');
  // The signature of an ATA device in a Device to Host FIS, and IDENTIFY DEVICE.
  body.set([0x34, 0, 0x50, 0x01, 0x01, 0, 0, 0, 0, 0, 0, 0, 0x01], 32);
  body[52] = 0xec;
  identify.copy(body, 56);
  return vendor === '' ? Buffer.alloc(0) : body;
}
