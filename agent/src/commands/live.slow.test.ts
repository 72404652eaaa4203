// The real agent on a real terminal of its own, as the live image's console has it; here it refuses every drive.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { scratch } from '../../../test-fixtures/scratch.ts';
import { startServer } from '../../../test-fixtures/server.ts';
import { smallTerminal } from '../../../test-fixtures/small-terminal.ts';

const MAIN = join(import.meta.dirname, '../main.ts');

/** Starts `rebond live` on a pseudo-terminal; what it writes is seen, and what is typed arrives as from a keyboard. */
function startLive(folder: string) {
  const options = `--run ${folder}/run --cmdline ${folder}/cmdline --consoles ${folder}/consoles`;
  const command = `stty cols 100 rows 30; echo $$ > ${folder}/pid; exec ${process.execPath} ${MAIN} live ${options}`;
  const child = spawn('script', ['-qfec', command, '/dev/null'], { stdio: ['pipe', 'pipe', 'inherit'] });
  const terminal = smallTerminal(100, 30);
  let [rest, plain] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    plain += text;
    if (!plain.includes('\u001b')) return; // it ended before there was a screen
    // A sequence may come in two pieces.
    const whole = /^([^]*?)(\u001b(?:\[[?0-9;]*)?)?$/.exec(rest + text);
    rest = whole?.[2] ?? '';
    terminal.write(whole?.[1] ?? '');
  });
  const shows = async (text: string): Promise<void> => {
    for (let tries = 0; !terminal.lines().join('\n').includes(text); tries += 1) {
      if (tries > 400) throw new Error(`never showed ${text}:\n${terminal.lines().join('\n')}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  };
  return { child, shows, plain: () => plain, type: (text: string) => void child.stdin.write(text) };
}

describe('rebond live on a terminal', () => {
  it('pairs the stick, opens a session, sends its record, and ends when it is asked to', async () => {
    using folder = scratch('live');
    const home = join(folder.path, 'home');
    for (const name of ['run', 'home']) mkdirSync(join(folder.path, name));
    const server = await startServer(join(folder.path, 'data'));
    try {
      const write = (name: string, value: object | string): void =>
        writeFileSync(join(folder.path, name), typeof value === 'string' ? value : JSON.stringify(value));
      write('home/config.json', {
        ...{ schema: 'rebond.config/1', bench: 'Banc 3', servers: [{ url: server.url }] },
        enrolment: { code: await server.stickCode() },
      });
      write('run/medium.json', { kind: 'net', partition: null, disk: null, diskseq: null, home });
      write('run/ram.json', { state: 'loaded' });
      write('run/last-exit', 'signal killed KILL\n');
      write('cmdline', 'boot=live');
      write('consoles', 'tty0                 -WU (EC p  )    4:7\n');
      const live = startLive(folder.path);
      await live.shows('Tapez le code affiché par la page de l’atelier, ou Entrée seule');
      expect(readdirSync(home)).toContain('stick.json');
      live.type(`${await server.benchCode('Banc 3')}\r`);
      for (const asked of ['Carte SD', 'Carte SIM', 'lecteur optique', 'Étiquettes']) {
        await live.shows(asked);
        live.type('n\r');
      }
      await live.shows('Fiche : reçue par l’atelier');
      await live.shows('Vous pouvez retirer la clé.');
      live.type('\u0003E\r');
      await live.shows('Le système n’obéit pas');
      const pid = readFileSync(join(folder.path, 'pid'), 'utf8');
      const other = startLive(folder.path);
      expect(await once(other.child, 'close')).toEqual([6, null]);
      expect(other.plain()).toContain('déjà');
      process.kill(Number(pid), 'SIGTERM');
      expect(await once(live.child, 'close')).toEqual([0, null]);
    } finally {
      await server.stop();
    }
  });
});
