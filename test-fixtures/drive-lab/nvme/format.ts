// The Format NVM command (Base 1.4, 5.23): namespaces, and nothing beyond them.
import { type Command, DONE, type Outcome, refused } from './command.ts';
import { beginErase } from './erasing.ts';
import { attachedOf, misbehaves, type Namespace, type NvmeState, unmap } from './state.ts';
import { EVERY_NAMESPACE } from './words.ts';

type SecureErase = 'none' | 'user-data' | 'crypto';
const SECURE_ERASE: Record<number, SecureErase> = { 0: 'none', 1: 'user-data', 2: 'crypto' };

/** Ends when the format does. */
export async function format(state: NvmeState, command: Command): Promise<Outcome> {
  const { cdw10, nsid } = command;
  const lbaFormat = cdw10 & 15;
  const extended = (cdw10 & 0x10) !== 0;
  const secureErase = SECURE_ERASE[(cdw10 >>> 9) & 7];
  if (!state.model.format) return refused('invalid-opcode');
  if (state.erasing)
    return refused(state.erasing.kind === 'format' ? 'format-in-progress' : 'sanitize-in-progress');
  if (state.frozen) return refused('sequence-error');
  if (!state.model.lbaFormats[lbaFormat]) return refused('invalid-format');
  // Protection information is not offered (DPC 0).
  if (secureErase === undefined || (cdw10 & 0xe0) !== 0) return refused('invalid-field');
  if (secureErase === 'crypto' && !state.model.cryptoFormat) return refused('invalid-field');
  if (secureErase !== 'none' && misbehaves(state, 'enhanced-advertised-but-unsupported'))
    return refused('invalid-field');
  const formatted = namespacesFor(state, nsid, secureErase);
  if (!formatted) return refused('invalid-namespace');
  return run(state, formatted, secureErase, { format: lbaFormat, extended });
}

/** FNA bit 0: any format reaches all namespaces; bit 1: a secure erase does. */
function namespacesFor(state: NvmeState, nsid: number, secureErase: SecureErase): Namespace[] | null {
  const attached = attachedOf(state);
  const all = nsid === EVERY_NAMESPACE;
  const named = attached.filter(({ id }) => id === nsid);
  if (!all && named.length === 0) return null;
  const spreads = state.model.formatsAll || (secureErase !== 'none' && state.model.erasesAll);
  return all || spreads ? attached : named;
}

const SECONDS_WITHOUT_ERASE = 1;

function run(
  state: NvmeState,
  formatted: Namespace[],
  secureErase: SecureErase,
  becomes: Pick<Namespace, 'format' | 'extended'>,
): Promise<Outcome> {
  const { durations } = state.model;
  const ranges = formatted.map(({ range }) => range);
  if (secureErase === 'none') return forget(state, formatted, becomes);
  const { promise, resolve } = Promise.withResolvers<Outcome>();
  beginErase(state, {
    ...{ kind: 'format', namespaces: formatted.map(({ id }) => id), ranges },
    ...{ residue: { kind: 'zeros' }, atOnce: secureErase === 'crypto' },
    seconds: secureErase === 'crypto' ? durations.cryptoFormat : durations.format,
    ended(how) {
      if (how === 'done' && !misbehaves(state, 'lba-format-changed-after'))
        for (const namespace of formatted) Object.assign(namespace, becomes);
      resolve(how === 'done' ? DONE : refused('internal-error'));
    },
  });
  return promise;
}

/** Without secure erase the map is emptied and the cells keep what they hold: reads give zeros. */
function forget(
  state: NvmeState,
  formatted: Namespace[],
  becomes: Pick<Namespace, 'format' | 'extended'>,
): Promise<Outcome> {
  const { promise, resolve } = Promise.withResolvers<Outcome>();
  state.clock.after(SECONDS_WITHOUT_ERASE * 1000, () => {
    for (const namespace of formatted) {
      unmap(state, namespace.range);
      Object.assign(namespace, becomes);
    }
    resolve(DONE);
  });
  return promise;
}
