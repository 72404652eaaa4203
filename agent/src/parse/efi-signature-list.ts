const HEAD = 28;

/**
 * Counts the signatures in EFI_SIGNATURE_LISTs (UEFI 2.10 §32.4.1), as in shim's `MokListRT` without its attributes;
 * null where the lengths do not add up.
 */
export function countSignatures(bytes: Uint8Array): number | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let count = 0;
  for (let at = 0; at < bytes.length;) {
    if (at + HEAD > bytes.length) return null;
    const [listSize, headerSize, size] = [16, 20, 24].map((part) => view.getUint32(at + part, true));
    const body = (listSize ?? 0) - HEAD - (headerSize ?? 0);
    if (!listSize || !size || size <= 16 || body < 0 || body % size !== 0) return null;
    if (at + listSize > bytes.length) return null;
    count += body / size;
    at += listSize;
  }
  return count;
}
