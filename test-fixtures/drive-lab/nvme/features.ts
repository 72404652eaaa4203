// Get and Set Features (Base 1.4, 5.14 and 5.25): what Linux and the tools ask for. Values last until a reset.
import { type Command, DONE, type Outcome, refused } from './command.ts';
import type { NvmeState } from './state.ts';

const QUEUES = 0x07;
const HOST_IDENTIFIER = 0x81;
const SANITIZE_CONFIGURATION = 0x17;
/** Feature → its value at first. */
const FEATURES: ReadonlyMap<number, number> = new Map([
  [0x01, 0], // arbitration
  [0x02, 0], // power state
  [0x04, 0x0157], // temperature threshold, 343 K
  [0x05, 0], // error recovery
  [0x06, 1], // volatile write cache
  [QUEUES, 0x0000_0000],
  [0x08, 0], // interrupt coalescing
  [0x09, 0], // interrupt vectors
  [0x0a, 0], // write atomicity
  [0x0b, 0], // asynchronous events
  [0x0f, 0], // keep alive, ms
  [SANITIZE_CONFIGURATION, 0],
]);
/** Queue pairs for I/O that a controller gives, zero based, both ways. */
const MOST_QUEUES = 3;

export type Features = { set(command: Command): Outcome; get(command: Command): Outcome };

export function features(state: NvmeState): Features {
  const values = new Map(FEATURES);

  const set = ({ cdw10, cdw11 }: Command): Outcome => {
    const feature = cdw10 & 0xff;
    if (cdw10 >>> 31 === 1) return refused('feature-not-saveable');
    if (feature === HOST_IDENTIFIER) return refused('sequence-error');
    if (!values.has(feature)) return refused('invalid-field');
    if (feature === QUEUES) {
      const granted = Math.min(cdw11 & 0xffff, MOST_QUEUES);
      values.set(feature, (granted << 16) | granted);
      return { status: 'success', result: BigInt((granted << 16) | granted) };
    }
    if (feature === SANITIZE_CONFIGURATION) state.warnsOfDeallocation = (cdw11 & 1) === 1;
    values.set(feature, cdw11);
    return DONE;
  };

  const get = ({ cdw10 }: Command): Outcome => {
    const [feature, select] = [cdw10 & 0xff, (cdw10 >>> 8) & 7];
    const first = FEATURES.get(feature);
    if (first === undefined || select > 2) return refused('invalid-field');
    const present =
      feature === SANITIZE_CONFIGURATION ? Number(state.warnsOfDeallocation) : values.get(feature);
    return { status: 'success', result: BigInt((select === 0 ? present : first) ?? first) };
  };

  return { set, get };
}
