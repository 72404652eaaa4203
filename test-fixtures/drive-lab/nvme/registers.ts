// Properties of a controller over Fabrics: what is registers on PCI Express (Fabrics 1.1, 3.5; Base 1.4, 3.1).
import { type Command, DONE, type Outcome, refused } from './command.ts';

export type Registers = {
  get(command: Command): Outcome;
  set(command: Command): Outcome;
  enabled: () => boolean;
};

const OFFSET = { capabilities: 0x00, version: 0x08, configuration: 0x14, status: 0x1c, reset: 0x20 } as const;
export const VERSION = 0x0001_0400;
/** Maximum queue entries (zero based), contiguous, 30 s to be ready in units of 500 ms, the NVM command set. */
const CAPABILITIES = 127n | (1n << 16n) | (60n << 24n) | (1n << 37n);
const READY = 1;
const SHUT_DOWN = 2 << 2;

/** @param reset told when the host clears CC.EN, which is a controller reset */
export function registers(reset: () => void): Registers {
  let configuration = 0;

  const status = (): number => {
    const shutDown = (configuration & 0xc000) !== 0;
    return ((configuration & 1) === 1 ? READY : 0) | (shutDown ? SHUT_DOWN : 0);
  };
  const valueAt = (offset: number): bigint | null => {
    switch (offset) {
      case OFFSET.capabilities:
        return CAPABILITIES;
      case OFFSET.version:
        return BigInt(VERSION);
      case OFFSET.configuration:
        return BigInt(configuration);
      case OFFSET.status:
        return BigInt(status());
      case OFFSET.reset:
        return 0n;
      default:
        return null;
    }
  };

  return {
    enabled: () => (configuration & 1) === 1,
    get({ bytes }) {
      const result = valueAt(bytes.readUInt32LE(44));
      return result === null ? refused('invalid-field') : { status: 'success', result };
    },
    set({ bytes }) {
      const [offset, value] = [bytes.readUInt32LE(44), bytes.readUInt32LE(48)];
      if (offset !== OFFSET.configuration) return refused('invalid-field');
      if ((configuration & 1) === 1 && (value & 1) === 0) reset();
      configuration = value >>> 0;
      return DONE;
    },
  };
}
