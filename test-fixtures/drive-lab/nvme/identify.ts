// The Identify command (Base 1.4, 5.15): data structures and lists, byte by byte.
import { type Command, type Outcome, refused } from './command.ts';
import { attachedOf, blocksOf, formatOf, type Namespace, type NvmeState, unallocatedOf } from './state.ts';
import { IN_CAPSULE } from './pdu.ts';
import { totalBytes } from './ranges.ts';
import { mostNamespaces } from './describe.ts';
import { VERSION } from './registers.ts';
import { EVERY_NAMESPACE } from './words.ts';

/** What a controller knows of itself besides its drive. */
export type Controller = { id: number; subsystem: string };

const BYTES = 4096;

export function identify(state: NvmeState, controller: Controller, { cdw10, nsid }: Command): Outcome {
  const answer = (data: Buffer): Outcome => ({ status: 'success', data });
  const managed = state.model.namespaceManagement;
  const structure = cdw10 & 0xff;
  switch (structure) {
    case 0x00:
      return ofNamespace(state, nsid, (namespace) => namespace.attached);
    case 0x01:
      return answer(controllerData(state, controller));
    case 0x02:
      return answer(listOf(attachedOf(state), nsid));
    case 0x03: {
      const namespace = state.namespaces.get(nsid);
      return namespace?.attached ? answer(descriptors(namespace)) : refused('invalid-namespace');
    }
    case 0x10:
      return managed ? answer(listOf([...state.namespaces.values()], nsid)) : refused('invalid-field');
    case 0x11:
      return managed ? ofNamespace(state, nsid, () => true) : refused('invalid-field');
    case 0x12:
    case 0x13: {
      const attached = structure === 0x13 || state.namespaces.get(nsid)?.attached === true;
      return managed ? answer(controllerList(controller, attached, cdw10 >>> 16)) : refused('invalid-field');
    }
    default:
      return refused('invalid-field');
  }
}

function ofNamespace(state: NvmeState, nsid: number, shown: (namespace: Namespace) => boolean): Outcome {
  if (nsid === EVERY_NAMESPACE && state.model.namespaceManagement)
    return { status: 'success', data: commonNamespaceData(state) };
  const namespace = state.namespaces.get(nsid);
  if (nsid === 0 || nsid > mostNamespaces(state.model)) return refused('invalid-namespace');
  // A namespace that is not active, or not allocated, is all zeros.
  const data = namespace && shown(namespace) ? namespaceData(state, namespace) : Buffer.alloc(BYTES);
  return { status: 'success', data };
}

/** Figure 251. */
function controllerData(state: NvmeState, { id, subsystem }: Controller): Buffer {
  const { model } = state;
  const data = Buffer.alloc(BYTES);
  data.writeUInt16LE(0x1b36, 0);
  data.writeUInt16LE(0x1b36, 2);
  text(data, 4, 20, state.serial);
  text(data, 24, 40, model.model);
  text(data, 64, 8, model.firmware);
  data.writeUInt8(6, 72);
  data.writeUInt8(8, 77); // MDTS: MOST_TRANSFER
  data.writeUInt16LE(id, 78);
  data.writeUInt32LE(VERSION, 80);
  data.writeUInt32LE(1 << 8, 92); // OAES: namespace attribute notices
  data.writeUInt8(1, 111); // CNTRLTYPE: I/O controller
  data.writeUInt16LE(
    (model.format ? 2 : 0) | (model.namespaceManagement ? 8 : 0) | (model.selfTest ? 16 : 0),
    256,
  );
  data.writeUInt8(3, 258);
  data.writeUInt8(3, 259);
  data.writeUInt8(0b0_001_1, 260); // FRMW: one slot, read only
  data.writeUInt8(0b110, 261); // LPA: commands and effects, extended data
  data.writeUInt8(15, 262);
  data.writeUInt16LE(343, 266);
  data.writeUInt16LE(353, 268);
  data.writeBigUInt64LE(BigInt(model.sizeBytes), 280);
  data.writeBigUInt64LE(BigInt(totalBytes(unallocatedOf(state))), 296);
  data.writeUInt16LE(Math.ceil(model.durations.longTest / 60), 316);
  data.writeUInt8(1, 318);
  data.writeUInt16LE(10, 320); // KAS, in 100 ms: Linux refuses 0
  data.writeUInt32LE(sanitizeCapabilities(state), 328);
  data.writeUInt8(0x66, 512);
  data.writeUInt8(0x44, 513);
  data.writeUInt16LE(128, 514); // MAXCMD, which Fabrics demand
  data.writeUInt32LE(mostNamespaces(model), 516);
  data.writeUInt16LE(0b1101, 520); // ONCS: compare, dataset management, write zeroes
  data.writeUInt8((model.formatsAll ? 1 : 0) | (model.erasesAll ? 2 : 0) | (model.cryptoFormat ? 4 : 0), 524);
  data.writeUInt8(0b111, 525); // VWC: there is a cache, and Flush takes any namespace
  data.writeUInt32LE(1 | (1 << 20), 536); // SGLS: Linux refuses Fabrics without
  text(data, 768, 256, subsystem, 0);
  data.writeUInt32LE((64 + IN_CAPSULE) / 16, 1792);
  data.writeUInt32LE(1, 1796);
  data.writeUInt8(1, 1803);
  data.writeUInt16LE(900, 2048); // 9 W
  return data;
}

function sanitizeCapabilities({ model }: NvmeState): number {
  const has = (action: 'crypto' | 'block' | 'overwrite', bit: number): number =>
    model.sanitize.includes(action) ? bit : 0;
  if (model.sanitize.length === 0) return 0;
  const inhibited = model.noDeallocateInhibited ? 2 ** 29 : 0;
  return has('crypto', 1) + has('block', 2) + has('overwrite', 4) + inhibited + model.mediaModified * 2 ** 30;
}

/** Figure 247. */
function namespaceData(state: NvmeState, namespace: Namespace): Buffer {
  const data = commonNamespaceData(state);
  const blocks = BigInt(blocksOf(state, namespace));
  for (const at of [0, 8, 16]) data.writeBigUInt64LE(blocks, at);
  data.writeUInt8(namespace.format | (namespace.extended ? 0x10 : 0), 26);
  data.writeUInt8(0x80 | remaining(state, namespace), 32); // FPI: what a format has still to do, in %
  data.writeBigUInt64LE(blocks * BigInt(formatOf(state, namespace).data), 48);
  namespace.eui64.copy(data, 120);
  return data;
}

function commonNamespaceData({ model }: NvmeState): Buffer {
  const data = Buffer.alloc(BYTES);
  data.writeUInt8(model.lbaFormats.length - 1, 25);
  data.writeUInt8(model.lbaFormats.some(({ metadata }) => metadata > 0) ? 1 : 0, 27); // MC: extended
  data.writeUInt8(0b0_1001, 33); // DLFEAT: deallocated blocks read as zeros, Write Zeroes may deallocate
  for (const [index, { data: size, metadata }] of model.lbaFormats.entries()) {
    data.writeUInt16LE(metadata, 128 + index * 4);
    data.writeUInt8(Math.log2(size), 128 + index * 4 + 2);
  }
  return data;
}

function remaining({ erasing }: NvmeState, { id }: Namespace): number {
  if (erasing?.kind !== 'format' || !erasing.namespaces.includes(id)) return 0;
  return Math.min(100, Math.ceil((1 - erasing.erase.progress()) * 100));
}

/** Identifiers above `after`, ascending. */
function listOf(namespaces: readonly Namespace[], after: number): Buffer {
  const data = Buffer.alloc(BYTES);
  const ids = namespaces.map(({ id }) => id).filter((id) => id > after);
  for (const [index, id] of ids.sort((a, b) => a - b).entries()) data.writeUInt32LE(id, index * 4);
  return data;
}

/** Figure 249: its EUI-64 alone. */
function descriptors({ eui64 }: Namespace): Buffer {
  const data = Buffer.alloc(BYTES);
  data.writeUInt8(1, 0);
  data.writeUInt8(8, 1);
  eui64.copy(data, 4);
  return data;
}

function controllerList({ id }: Controller, attached: boolean, from: number): Buffer {
  const data = Buffer.alloc(BYTES);
  if (!attached || id < from) return data;
  data.writeUInt16LE(1, 0);
  data.writeUInt16LE(id, 2);
  return data;
}

function text(data: Buffer, at: number, length: number, words: string, pad = 0x20): void {
  data.fill(pad, at, at + length);
  data.write(words.slice(0, length), at, 'latin1');
}
