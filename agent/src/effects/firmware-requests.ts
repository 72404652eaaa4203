import { open, rm } from 'node:fs/promises';
import { TPM_CLEARS } from '@rebond/protocol';

/** What became of a change to the firmware's own memory; what is true of it is read again by the caller. */
export type Asked = { kind: 'asked' } | { kind: 'refused'; detail: string };

const EFIVARS = '/sys/firmware/efi/efivars';
const GLOBAL = '8be4df61-93ca-11d2-aa0d-00e098032b8c';
/** NON_VOLATILE | BOOTSERVICE_ACCESS | RUNTIME_ACCESS, which BootOrder must have (UEFI 2.10 table 3-1). */
const ATTRIBUTES = 7;

/**
 * The only writes to the firmware: one boot entry gone, the boot order, a clear of the TPM asked for. Nothing else can
 * be named, so that nothing else can be lost.
 */
export type FirmwareRequests = {
  removeBootEntry: (name: string) => Promise<Asked>;
  writeBootOrder: (order: readonly number[]) => Promise<Asked>;
  requestTpmClear: (operation: number) => Promise<Asked>;
};

export const firmwareRequests: FirmwareRequests = {
  removeBootEntry: async (name) => {
    if (!/^Boot[0-9A-F]{4}$/.test(name)) return { kind: 'refused', detail: 'not a boot entry' };
    return await attempt(() => rm(`${EFIVARS}/${name}-${GLOBAL}`));
  },
  writeBootOrder: async (order) => {
    const bytes = Buffer.alloc(4 + 2 * order.length);
    bytes.writeUInt32LE(ATTRIBUTES);
    for (const [index, number] of order.entries()) bytes.writeUInt16LE(number, 4 + 2 * index);
    return await attempt(() => writeOnce(`${EFIVARS}/BootOrder-${GLOBAL}`, bytes));
  },
  requestTpmClear: async (operation) => {
    if (!TPM_CLEARS.includes(operation)) return { kind: 'refused', detail: 'not a clear' };
    return await attempt(() => writeOnce('/sys/class/tpm/tpm0/ppi/request', Buffer.from(String(operation))));
  },
};

/** One write(2) without truncating before it: the kernel takes a variable, or a request, whole. */
async function writeOnce(path: string, bytes: Uint8Array): Promise<void> {
  const handle = await open(path, 'r+');
  try {
    const { bytesWritten } = await handle.write(bytes);
    if (bytesWritten !== bytes.length) throw new Error(`took ${bytesWritten} of ${bytes.length} bytes`);
  } finally {
    await handle.close();
  }
}

async function attempt(act: () => Promise<void>): Promise<Asked> {
  try {
    await act();
    return { kind: 'asked' };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    return { kind: 'refused', detail: code || String(error) };
  }
}
