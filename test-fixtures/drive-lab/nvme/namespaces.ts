// Namespace management and attachment (Base 1.4, 5.19 and 5.20): how capacity is hidden, and found again.
import { type Command, DONE, type Outcome, refused } from './command.ts';
import { MOST_NAMESPACES } from './describe.ts';
import { type NvmeState, unallocatedOf, unmap } from './state.ts';
import { EVERY_NAMESPACE } from './words.ts';

const NAMESPACES_CHANGED = 0x0004_0002;

export function manageNamespace(
  state: NvmeState,
  command: Command,
  data: Buffer,
  eui64: (id: number) => Buffer,
): Outcome {
  if (!state.model.namespaceManagement) return refused('invalid-opcode');
  if (state.erasing) return refused('format-in-progress');
  switch (command.cdw10 & 15) {
    case 0:
      return create(state, data, eui64);
    case 1:
      return remove(state, command.nsid);
    default:
      return refused('invalid-field');
  }
}

/** Cells of a deleted namespace keep what they hold, and a new one begins by giving zeros. */
function create(state: NvmeState, data: Buffer, eui64: (id: number) => Buffer): Outcome {
  if (data.length < 384) return refused('data-transfer-error');
  const [blocks, capacity] = [data.readBigUInt64LE(0), data.readBigUInt64LE(8)];
  const [format, extended] = [data.readUInt8(26) & 15, (data.readUInt8(26) & 0x10) !== 0];
  const lba = state.model.lbaFormats[format];
  if (!lba) return refused('invalid-format');
  if (blocks !== capacity) return refused('thin-provisioning-unsupported');
  const size = Math.ceil((Number(blocks) * lba.data) / 4096) * 4096;
  const room = unallocatedOf(state).find(({ start, end }) => end - start >= size);
  if (size === 0 || !room) return refused('insufficient-capacity');
  const id = Array.from({ length: MOST_NAMESPACES }, (_, at) => at + 1).find(
    (each) => !state.namespaces.has(each),
  );
  if (id === undefined) return refused('no-namespace-identifier');
  const range = { start: room.start, end: room.start + size };
  unmap(state, range);
  state.namespaces.set(id, { id, range, format, extended, attached: false, eui64: eui64(id) });
  return { status: 'success', result: BigInt(id) };
}

function remove(state: NvmeState, nsid: number): Outcome {
  const all = nsid === EVERY_NAMESPACE;
  if (!all && !state.namespaces.has(nsid)) return refused('invalid-namespace');
  for (const id of all ? [...state.namespaces.keys()] : [nsid]) state.namespaces.delete(id);
  state.outside.event(NAMESPACES_CHANGED);
  return DONE;
}

/** @param controller identifier of the controller that asks: a list must name it */
export function attachNamespace(
  state: NvmeState,
  command: Command,
  data: Buffer,
  controller: number,
): Outcome {
  if (!state.model.namespaceManagement) return refused('invalid-opcode');
  const namespace = state.namespaces.get(command.nsid);
  if (!namespace) return refused('invalid-namespace');
  if (data.length < 4 || data.readUInt16LE(0) !== 1 || data.readUInt16LE(2) !== controller)
    return refused('controller-list-invalid');
  const attach = (command.cdw10 & 15) === 0;
  if (!attach && (command.cdw10 & 15) !== 1) return refused('invalid-field');
  if (namespace.attached === attach) return refused(attach ? 'already-attached' : 'not-attached');
  namespace.attached = attach;
  state.outside.event(NAMESPACES_CHANGED);
  return DONE;
}
