import type { Asked, FirmwareRequests } from '../agent/src/effects/firmware-requests.ts';
import type { Files, ReadResult } from '../agent/src/effects/types.ts';

/** What a place of a machine in memory holds: text, bytes, a link, `null` for a folder, or a refusal. */
type Held = string | Uint8Array | { link: string } | { refused: string } | null;
export type Machine = Record<string, Held>;

/** Files of a machine that is made of paths; the record may change while it is read. */
export function memoryFiles(machine: Machine): Files {
  const get = <T>(path: string, read: (held: Exclude<Held, null>) => T | null): ReadResult<T> => {
    const held = machine[path];
    if (held === undefined || held === null) return { kind: 'absent' };
    if (typeof held === 'object' && 'refused' in held) return { kind: 'refused', detail: held.refused };
    const value = read(held);
    return value === null ? { kind: 'absent' } : { kind: 'read', value };
  };
  const bytesOf = (held: Exclude<Held, null>): Uint8Array | null => {
    if (typeof held === 'string') return new TextEncoder().encode(held);
    return held instanceof Uint8Array ? held : null;
  };
  return {
    bytes: async (path) => get(path, bytesOf),
    text: async (path) =>
      get(path, (held) => {
        const bytes = bytesOf(held);
        return bytes && new TextDecoder().decode(bytes);
      }),
    list: async (path) => {
      const own = machine[path];
      if (own !== undefined && own !== null && typeof own === 'object' && 'refused' in own) {
        return { kind: 'refused', detail: own.refused };
      }
      const names = Object.keys(machine).flatMap((each) =>
        each.startsWith(`${path}/`) ? [each.slice(path.length + 1).split('/')[0] ?? ''] : [],
      );
      if (names.length === 0 && own === undefined) return { kind: 'absent' };
      return { kind: 'read', value: [...new Set(names)].toSorted() };
    },
    real: async (path) =>
      get(path, (held) => (typeof held === 'object' && 'link' in held ? held.link : null)),
  };
}

const EFIVARS = '/sys/firmware/efi/efivars';
const GLOBAL = '8be4df61-93ca-11d2-aa0d-00e098032b8c';
export const TPM = '/sys/class/tpm/tpm0';

/** A firmware that does as it is asked, unless told how it misbehaves; it notes what it was asked. */
export function obedientFirmware(
  machine: Machine,
  { refuses = null, forgets = false }: { refuses?: string | null; forgets?: boolean } = {},
): FirmwareRequests & { asked: string[] } {
  const asked: string[] = [];
  const act = async (what: string, done: () => void): Promise<Asked> => {
    asked.push(what);
    if (refuses !== null) return { kind: 'refused', detail: refuses };
    if (!forgets) done();
    return { kind: 'asked' };
  };
  return {
    asked,
    removeBootEntry: (name) => act(name, () => delete machine[`${EFIVARS}/${name}-${GLOBAL}`]),
    writeBootOrder: (order) => act(`order ${order.join()}`, () => {}),
    requestTpmClear: (operation) =>
      act(`tpm ${operation}`, () => void (machine[`${TPM}/ppi/request`] = `${operation}\n`)),
  };
}

/** One that must never be asked. */
export function noFirmware(): FirmwareRequests {
  const never = (): Promise<Asked> => Promise.reject(new Error('the firmware was asked'));
  return { removeBootEntry: never, writeBootOrder: never, requestTpmClear: never };
}

const u16 = (value: number): number[] => [value & 0xff, value >> 8];
const attributes = [7, 0, 0, 0];

/** A `Boot####` variable, with efivarfs' attributes, that starts from a GPT partition of this number. */
export function bootEntry(
  description: string,
  guid: string | null,
  first: readonly number[] = [],
): Uint8Array {
  const name = Array.from(`${description}\0`).flatMap((one) => u16(one.charCodeAt(0)));
  const path = [...first, ...(guid === null ? [] : hardDrive(guid)), 0x7f, 0xff, 4, 0];
  return Uint8Array.from([...attributes, 1, 0, 0, 0, ...u16(path.length), ...name, ...path]);
}

export function bootOrder(numbers: readonly number[]): Uint8Array {
  return Uint8Array.from([...attributes, ...numbers.flatMap(u16)]);
}

/** The path of a variable of the firmware itself. */
export const variable = (name: string): string => `${EFIVARS}/${name}-${GLOBAL}`;

function hardDrive(guid: string): number[] {
  const bytes = [...Uint8Array.fromHex(guid.replaceAll('-', ''))];
  const mixed = [...bytes.slice(0, 4).toReversed(), ...bytes.slice(4, 6).toReversed()];
  const signature = [...mixed, ...bytes.slice(6, 8).toReversed(), ...bytes.slice(8)];
  return [4, 1, 42, 0, 1, 0, 0, 0, ...Array.from({ length: 16 }, () => 0), ...signature, 2, 2];
}
