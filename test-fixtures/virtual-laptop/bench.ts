// What somebody at the prompt of `npm run virtual-laptop` can do to the laptop.
import { join } from 'node:path';
import { LaptopError } from './describe.ts';
import { frame } from './screen.ts';
import type { Laptop, Pluggable } from './laptop.ts';
import type { Layout } from './layouts.ts';
import { tail } from './serial.ts';

export const PROMPT_HELP = `
    screen                 ce qui s’affiche / what it shows     (or Enter)
    picture                une photo / a picture
    serial                 la fin du port série / the end of the serial port
    type fr BCDF-GHJK      au clavier français / on a French keyboard   (fr, us)
    press ret              une touche / a key   (esc, down, f2, ctrl-alt-delete)
    unplug network         débrancher / unplug   (network, stick, drive0…); plug
    pull, on, power        couper le courant, rallumer, bouton / cut the power, put it on, the button
    quit`;

let pictures = 0;

/** @returns what to show; a mistake is an answer too */
export async function perform(laptop: Laptop, line: string, folder: string): Promise<string> {
  const [word = '', ...rest] = line.trim().split(' ');
  try {
    return await act(laptop, word, rest, folder);
  } catch (problem) {
    if (problem instanceof LaptopError) return problem.message;
    throw problem;
  }
}

async function act(laptop: Laptop, word: string, rest: readonly string[], folder: string): Promise<string> {
  const [first = ''] = rest;
  switch (word) {
    case '':
    case 'screen':
      return frame(await laptop.screen.text());
    case 'picture': {
      pictures += 1;
      const path = join(folder, `picture-${pictures}.png`);
      await laptop.screen.picture(path);
      return path;
    }
    case 'serial':
      return tail(laptop.serial.text(), 20);
    case 'type':
      await laptop.keyboard.type(rest.slice(1).join(' '), first as Layout);
      return '';
    case 'press':
      await laptop.keyboard.press(first);
      return '';
    case 'unplug':
      await named(laptop, first).unplug();
      return '';
    case 'plug':
      await named(laptop, first).plug();
      return '';
    case 'pull':
      await laptop.pullPower();
      return '';
    case 'on':
      await laptop.powerOn();
      return '';
    case 'power':
      await laptop.pressPower();
      return '';
    default:
      return PROMPT_HELP;
  }
}

function named(laptop: Laptop, name: string): Pluggable {
  if (name === 'network') return laptop.network;
  if (name === 'stick' && laptop.stick) return laptop.stick;
  const [, index] = /^drive(\d)$/.exec(name) ?? [];
  const drive = index === undefined ? undefined : laptop.drives[Number(index)];
  if (drive) return drive;
  throw new LaptopError('bad-description', `there is no ${name} to plug or unplug`);
}
