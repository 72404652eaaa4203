import { durableFolder } from '../effects/durable.ts';
import { holdFolder } from '../effects/lock.ts';
import { serverAt } from '../effects/network.ts';
import { sentLine } from '../console/tell.ts';
import { readStick } from '../report/credentials.ts';
import { openSpool } from '../report/spool.ts';
import { sendSpool } from '../report/submit.ts';
import { CannotBegin } from './cannot-begin.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import type { Terminal } from './terminal.ts';

/** `rebond report`: sends what the spool still holds. Nothing is lost when it cannot. */
export async function reportCommand(
  options: { home: string; server?: string; pin?: string; json?: boolean },
  terminal: Terminal,
): Promise<ExitCode> {
  const home = await durableFolder(options.home);
  const letGo = await holdFolder(home.path);
  if (!letGo) throw new CannotBegin('already-running');
  const stick = await readStick(home);
  const address = options.server ?? stick?.server;
  if (!address) throw new CannotBegin('no-server-no-stick');
  const server = serverAt(address, options.pin ?? stick?.pin ?? null);
  try {
    const sent = await sendSpool(await openSpool(options.home), server);
    if (options.json) terminal.result(JSON.stringify({ sent }));
    else for (const each of sent) terminal.result(sentLine(each, terminal.lang));
    if (sent.length === 0 && !options.json) {
      terminal.result(terminal.lang === 'fr' ? 'Rien à envoyer.' : 'Nothing to send.');
    }
    if (sent.some(({ kind }) => kind === 'refused' || kind === 'damaged')) return EXIT.failed;
    return sent.some(({ kind }) => kind === 'kept') ? EXIT.unsent : EXIT.ok;
  } finally {
    await server.close();
    await letGo();
  }
}
