import type { Frame } from './frame.ts';
import { html, type Html } from './html.ts';

/** A command of the agent that asks for a one-time code, as it works from a clone; the code stays off the command line. */
export function codeCommand({ say, pin }: Frame, command: 'session' | 'pair', server: string): Html {
  return html`<p>
    ${say('Dans le dossier de Rebond, cette commande demande le code :', 'In the folder of Rebond, this command asks for the code:')}
    <code>npm run -s rebond -- ${command} --server ${server}${pin ? ` --pin ${pin}` : ''}</code>
  </p>`;
}
