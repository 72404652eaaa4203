import { inheritedForOverwrite } from '../effects/block.ts';
import { dieWithParent } from '../effects/die-with-parent.ts';
import { openSslKeyStreams } from '../effects/openssl.ts';
import { TARGET_DESCRIPTOR } from '../effects/overwrite-process.ts';
import { endAtOnce, parentProcess } from '../effects/parent-process.ts';
import { overwriteChild } from '../sanitize/engine/child.ts';
import { trusted } from '../sanitize/key-stream.ts';
import { EXIT } from './exit-codes.ts';

/** The word that makes this program the process that overwrites one drive for another process of it. */
export const OVERWRITE_CHILD = 'overwrite-child';

/** Not for people: it takes its target as an open descriptor and its orders on standard input. Never returns when it has one. */
export async function overwriteChildCommand(): Promise<void> {
  const writer = await inheritedForOverwrite(TARGET_DESCRIPTOR).catch(() => null);
  if (!writer) {
    process.stderr.write('Commande interne, sans cible. / An internal command, without its target.\n');
    process.exitCode = EXIT.usage;
    return;
  }
  // The parent shows what is printed as an error: that a part of Node is experimental is none.
  process.removeAllListeners('warning');
  dieWithParent();
  await overwriteChild({
    parent: parentProcess(),
    writer,
    keyed: trusted(openSslKeyStreams()),
    monotonic: () => performance.now(),
    endAtOnce,
  });
}
