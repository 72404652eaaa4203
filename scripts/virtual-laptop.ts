// `npm run virtual-laptop`: a laptop in a window of text, that boots the live image.
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { perform, PROMPT_HELP } from '../test-fixtures/virtual-laptop/bench.ts';
import { LaptopError } from '../test-fixtures/virtual-laptop/describe.ts';
import { DELL_LATITUDE } from '../test-fixtures/virtual-laptop/dmi.ts';
import { liveImage, newestImage } from '../test-fixtures/virtual-laptop/image.ts';
import { type Laptop, makeLaptop } from '../test-fixtures/virtual-laptop/laptop.ts';
import { netbootOf } from '../test-fixtures/virtual-laptop/netboot.ts';
import { bootFrom, type Options, parseOptions, USAGE } from '../test-fixtures/virtual-laptop/options.ts';
import { BOOT_CFG, configFor, configFrom } from '../test-fixtures/virtual-laptop/settings.ts';
import { makeStick, type Stick } from '../test-fixtures/virtual-laptop/stick.ts';
import { scratch } from '../test-fixtures/scratch.ts';

const root = join(import.meta.dirname, '..');
const say = (text: string): void => void process.stdout.write(`${text}\n`);

try {
  const options = parseOptions(process.argv.slice(2));
  if (options.help) say(USAGE);
  else await show(options);
} catch (problem) {
  if (!(problem instanceof LaptopError)) throw problem;
  process.stderr.write(`${problem.message}\n`);
  if (problem.code === 'bad-description') process.stderr.write(`${USAGE}\n`);
  process.exitCode = 1;
}

async function show(options: Options): Promise<void> {
  using folder = scratch('virtual-laptop');
  await using laptop = await describe(options, folder.path);
  await laptop.powerOn();
  say(`
  Un portable virtuel démarre. / A virtual laptop boots.
    port série / serial port:  ${laptop.serial.path}
    photos / pictures:         ${folder.path}/*.png${options.vnc ? `\n    VNC (unix):                ${resolve(options.vnc)}` : ''}
${PROMPT_HELP}
  Ctrl-C l’éteint et enlève tout. / Ctrl-C ends it and leaves nothing.
`);
  await attend(laptop, folder.path);
}

async function describe(options: Options, folder: string): Promise<Laptop> {
  const { battery, cpu, rtc, vnc, firmware, drives, ram, cores, network } = options;
  const image = options.image
    ? liveImage(resolve(options.image))
    : newestImage(join(root, 'build/live-image'));
  const netboot =
    options.netboot === null ? null : await netbootOf(firmware, options.netboot, join(folder, 'tftp'));
  const stick = options.boot === 'stick' ? stickFor(options, image.stick, folder) : image.stick;
  const boot = bootFrom(options, { stick, iso: image.iso }, netboot);
  return makeLaptop({
    ...{ folder, firmware, drives, ram, cores, network, boot, font: image.font },
    ...{ dmi: DELL_LATITUDE },
    ...(battery && { battery }),
    ...(cpu && { cpu }),
    ...(rtc && { rtc }),
    ...(vnc && { vnc: resolve(vnc) }),
  });
}

/** A copy of the stick whose serial port speaks, with the settings that were asked for. */
function stickFor({ server, config }: Options, image: string, folder: string): Stick {
  const settings =
    server !== null
      ? configFor(server.url, server.pin)
      : config === null
        ? null
        : configFrom(readFileSync(resolve(config), 'utf8'));
  const stick = makeStick(image, folder);
  stick.files.write('rebond/boot.cfg', BOOT_CFG);
  if (settings !== null) stick.files.write('rebond/config.json', settings);
  return stick;
}

/** Until Ctrl-C, `quit`, or, where nobody types, until the laptop is off. */
async function attend(laptop: Laptop, folder: string): Promise<void> {
  const prompt = createInterface({ input: process.stdin, output: process.stdout, prompt: '» ' });
  // One line after the other, as they were typed or piped in.
  let before = Promise.resolve();
  const inTurn = async (earlier: Promise<void>, line: string, quit: () => void): Promise<void> => {
    await earlier;
    if (line.trim() === 'quit') return quit();
    say(await perform(laptop, line, folder));
    prompt.prompt();
  };
  const stopped = new Promise<void>((done) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => done());
    prompt.once('SIGINT', () => done());
    prompt.on('close', () => {
      if (process.stdin.isTTY) done();
    });
    prompt.on('line', (line) => {
      before = inTurn(before, line, done);
    });
    if (!process.stdin.isTTY) void laptop.waitOff({ timeout: 2 ** 31 - 1 }).finally(done);
  });
  prompt.prompt();
  await stopped;
  prompt.close();
}
