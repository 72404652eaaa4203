import { generateKeptKey, keyIdOf, visible } from '@rebond/protocol';
import { durableFolder } from '../effects/durable.ts';
import { serverAt } from '../effects/network.ts';
import { pairStick, writeStick } from '../report/credentials.ts';
import { CannotBegin } from './cannot-begin.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { askCode } from './session.ts';
import type { Terminal } from './terminal.ts';

/** `rebond pair`: makes this folder a stick of the workshop, which may then vouch for sessions without a network. */
export async function pairCommand(
  options: { home: string; server: string; pin?: string; code?: string; json?: boolean },
  terminal: Terminal,
): Promise<ExitCode> {
  const pin = options.pin ?? null;
  const server = serverAt(options.server, pin);
  try {
    const code = options.code ?? (await askCode(terminal));
    if (!code) throw new CannotBegin('no-code');
    const answer = await pairStick(server, code, pin, await generateKeptKey());
    if (answer.kind === 'refused') throw new CannotBegin('refused', answer.reason);
    if (answer.kind === 'unreachable') throw new CannotBegin('unreachable', undefined, answer.detail);
    await writeStick(await durableFolder(options.home), answer.stick);
    const { workshop, anchor } = answer.stick;
    const key = await keyIdOf(anchor);
    if (options.json) terminal.result(JSON.stringify({ workshop, key }));
    else terminal.result(`✓ ${visible(workshop.name)} (${workshop.id})\n  ${key}`);
    return EXIT.ok;
  } finally {
    await server.close();
  }
}
