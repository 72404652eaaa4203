#!/usr/bin/env node
// Composition root of the agent: the only place where real effects are made and handed on.
import { hostname } from 'node:os';
import { Command, InvalidArgumentError, Option } from 'commander';
import { clip, type Drive, type DriveCapabilities, type Part, type Phrase, POLICIES } from '@rebond/protocol';
import { CannotBegin } from './commands/cannot-begin.ts';
import { EXIT, type ExitCode } from './commands/exit-codes.ts';
import { liveCommand, type LiveOptions } from './commands/live.ts';
import { OVERWRITE_CHILD, overwriteChildCommand } from './commands/overwrite-child.ts';
import { pairCommand } from './commands/pair.ts';
import { probeCommand } from './commands/probe.ts';
import { reportCommand } from './commands/report.ts';
import { sessionCommand, type SessionOptions, type SessionWorld } from './commands/session.ts';
import { storageFailed } from './commands/storage-failed.ts';
import { sayBoth, terminal, type Terminal } from './commands/terminal.ts';
import { UsageError } from './commands/usage-error.ts';
import { verifyCommand } from './commands/verify.ts';
import type { Lang } from './console/progress-line.ts';
import type { Topology } from './decide/eligibility.ts';
import { machineRef } from './decide/machine-ref.ts';
import { claim } from './effects/claim.ts';
import { writeSystemFile } from './effects/system-files.ts';
import { bootMedium, readLiveFacts } from './live/facts.ts';
import { systemClock } from './effects/clock.ts';
import { openNamespace, sizeAgain, suspend, waitMs } from './effects/drive-again.ts';
import { files } from './effects/files.ts';
import { firmwareRequests } from './effects/firmware-requests.ts';
import { overwriteSpawner } from './effects/overwrite-process.ts';
import { ownProgram } from './effects/own-program.ts';
import { ServerAddressError } from './effects/network.ts';
import { run } from './effects/run.ts';
import { probeCapabilities } from './probe/capabilities.ts';
import { probeDriveAgain } from './probe/drives.ts';
import { probe } from './probe/inventory.ts';
import { thermometerOf } from './probe/temperature.ts';
import { probeTopology } from './probe/topology.ts';
import { StickDamaged } from './report/credentials.ts';
import type { StepEffects } from './sanitize/steps/index.ts';
import packageJson from '../package.json' with { type: 'json' };

const { version } = packageJson;
// A drive that answers nothing keeps a thread for each request that waits for it: with libuv's four, one such drive would
// stop the journal and all other drives. It is read when the first thread is needed, which is later than this line.
if (process.argv[2] !== OVERWRITE_CHILD) process.env.UV_THREADPOOL_SIZE ??= '32';
const clock = systemClock();
/** What carrying out a plan may do, beyond the open drive. */
const effects: StepEffects = {
  ...{ run, wait: waitMs, suspend, sizeAgain, openNamespace },
  spawn: overwriteSpawner([...ownProgram(), OVERWRITE_CHILD]),
  thermometer: (target) => thermometerOf(run, files, target),
};
/** Where the live image's units tell of it; elsewhere there is no such folder. */
const RUN = '/run/rebond';
const CMDLINE = '/proc/cmdline';

// A terminal that goes away (a closed window, a pipe that is read no more) must not end the work.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});

const program = new Command('rebond')
  .description('Rebond : lire, effacer, noter, prouver. / Probe, sanitize, grade, prove.')
  .version(version)
  .addOption(new Option('--lang <lang>', 'langue / language').choices(['fr', 'en']))
  .configureOutput({ writeErr: (text) => process.stderr.write(text) })
  .exitOverride((error) => process.exit(error.exitCode === 0 ? EXIT.ok : EXIT.usage))
  .addHelpText(
    'after',
    `
Codes de sortie / Exit status:
  0  fait / done                            4  disque refusé, intact / drive refused, untouched
  1  échec ou inconnu / failed or unknown   5  fiche gardée, non envoyée / record kept, unsent
  2  arguments / usage                      6  session impossible / cannot begin
  3  intact, émetteur inconnu / intact, issuer unknown`,
  );

const JSON_OPTION = new Option('--json', 'un objet JSON sur la sortie / one JSON object on stdout');
const HOME_OPTION = new Option(
  '--home <dir>',
  'dossier de la clé : journal, fiches / stick folder: journal, records',
)
  .env('REBOND_HOME')
  .default('./data/stick');
const serverOption = (): Option =>
  new Option('--server <url>', 'serveur de l’atelier / bench server').env('REBOND_SERVER');
const PIN_OPTION = new Option('--pin <sha256/…>', 'empreinte de la clé du serveur / server key pin').env(
  'REBOND_PIN',
);
const codeOption = (): Option =>
  new Option('--code <code>', 'code à usage unique / single-use code').env('REBOND_CODE');
const REHEARSAL_OPTION = new Option(
  '--rehearsal',
  'sur un fichier à nous, ou avec --drive sur un disque du réseau / on a file of our own, or with --drive on a drive of the network',
).conflicts('iAmNotARehearsal');

program
  .command('probe')
  .description('lit cette machine, sans rien changer / reads this machine, changes nothing')
  .addOption(JSON_OPTION)
  .action((options) => finish((console) => probeCommand(options, { terminal: console, read: readMachine })));

program
  .command('verify')
  .description('vérifie une fiche ou un certificat / verifies a record or a certificate')
  .argument('<file>', 'fichier JSON signé / signed JSON file')
  .option('--trust <file>', 'clés auxquelles vous faites confiance / keys that you trust')
  .addOption(JSON_OPTION)
  .action((file, options) => finish((console) => verifyCommand(file, options, { files, terminal: console })));

sessionOptions(program.command('session'))
  .description(
    'toute l’histoire d’une machine ; sans --drive, une répétition / the whole story; a rehearsal without --drive',
  )
  .addOption(driveOption())
  .addOption(REHEARSAL_OPTION)
  .action((options) => finish(async (console) => sessionCommand(options, await world(console))));

sessionOptions(program.command('wipe'))
  .description('efface un disque, ou répète / sanitizes one drive, or rehearses')
  .addOption(driveOption())
  .addOption(REHEARSAL_OPTION)
  .action((options: SessionOptions) =>
    finish(async (console) => {
      if (options.drive === undefined && !options.rehearsal) {
        throw new UsageError({
          fr: 'Il faut --drive ou --rehearsal.',
          en: '--drive or --rehearsal is needed.',
        });
      }
      return sessionCommand(options, await world(console));
    }),
  );

program
  .command('live')
  .description('la console de l’image Rebond / the console of the Rebond image')
  .option('--run <dir>', 'état de l’image / state of the image', RUN)
  .option('--cmdline <file>', 'ligne du noyau / kernel command line', CMDLINE)
  .option('--consoles <file>', 'consoles du noyau / kernel consoles', '/proc/consoles')
  .action(async (options: LiveOptions) => {
    const ending = stopSignal(['SIGTERM', 'SIGHUP']);
    // For the shell that a lead opened; the console itself has no use for it.
    process.on('SIGINT', () => {});
    const doors = {
      run,
      files,
      clock,
      version,
      probe: readMachine,
      readDrive,
      topology,
      means,
      effects,
      ending,
    };
    await finish(() => liveCommand(options, doors));
    // Whatever still waits for an answer of a server or a key waits in vain.
    process.exit();
  });

program
  .command('report')
  .description('envoie les fiches gardées / sends the records kept')
  .addOption(HOME_OPTION)
  .addOption(serverOption())
  .addOption(PIN_OPTION)
  .addOption(JSON_OPTION)
  .action((options) => finish((console) => reportCommand(options, console)));

program
  .command('pair')
  .description('appaire cette clé USB avec l’atelier / pairs this stick with the workshop')
  .addOption(HOME_OPTION)
  .addOption(serverOption().makeOptionMandatory())
  .addOption(PIN_OPTION)
  .addOption(codeOption())
  .addOption(JSON_OPTION)
  .action((options) => finish((console) => pairCommand(options, console)));

program.command(OVERWRITE_CHILD, { hidden: true }).action(overwriteChildCommand);

await program.parseAsync();

function sessionOptions(command: Command): Command {
  return command
    .addOption(HOME_OPTION)
    .addOption(serverOption())
    .addOption(PIN_OPTION)
    .addOption(codeOption())
    .option('--bench <name>', 'poste de travail / bench', clip(hostname()))
    .option('--i-am-not-a-rehearsal', 'permet de toucher un vrai disque / allows touching a real drive')
    .option('--media <n>', 'répéter sur n supports à la fois / rehearse on n media at once', few, 1)
    .option('--size <MiB>', 'taille de la répétition / rehearsal size', mebibytes, 256)
    .addOption(
      new Option('--loop <when>', 'périphérique boucle / loop device')
        .choices(['auto', 'no'])
        .default('auto'),
    )
    .addOption(
      new Option('--policy <id>', 'règle d’effacement / sanitization policy')
        .choices(POLICIES.map(({ id }) => id))
        .default('best'),
    )
    .addOption(JSON_OPTION);
}

function driveOption(): Option {
  return new Option(
    '--drive <path>',
    'un vrai disque, et d’autres si répété / a real drive, and more if given again',
  ).argParser((path: string, before: string[] | undefined) => [...(before ?? []), path]);
}

function few(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > 8) throw new InvalidArgumentError('1…8');
  return value;
}

function mebibytes(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > 65_536) throw new InvalidArgumentError('1…65536 MiB');
  return value;
}

async function readMachine() {
  const { inventory, macs } = await probe({ run, files, clock });
  return { inventory, machine: await machineRef(inventory, macs, crypto.randomUUID()) };
}

async function world(console: Terminal): Promise<SessionWorld> {
  const facts = await readLiveFacts(files, { run: RUN, cmdline: CMDLINE });
  const doors = { files, run: RUN, readDrive, writeFile: writeSystemFile };
  return {
    ...{
      run,
      clock,
      terminal: console,
      signal: stopSignal(),
      probe: readMachine,
      readDrive,
      topology,
      means,
      effects,
      files,
      firmware: firmwareRequests,
    },
    made: { agent: { version, sha256: facts.agentSha256 }, image: facts.image },
    onLiveImage: facts.onLiveImage,
    boot: await bootMedium(facts, doors),
  };
}

function stopSignal(names: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP']): AbortSignal {
  const stop = new AbortController();
  // Again and again: a second Ctrl-C must not leave the medium and the journal behind.
  for (const name of names) process.on(name, () => stop.abort());
  return stop.signal;
}

function readDrive(path: string): Promise<Drive | null> {
  return probeDriveAgain(run, files, path);
}

function means(drive: Drive): Promise<Part<DriveCapabilities>> {
  return probeCapabilities(run, files, drive);
}

function topology(): Promise<Topology> {
  return probeTopology({ run, files, claim });
}

/** Runs a command; what it cannot begin is said in both languages, and the exit status says how it went. */
async function finish(command: (console: Terminal) => Promise<ExitCode>): Promise<void> {
  const console = terminal(process.env, program.opts<{ lang?: Lang }>().lang);
  delete process.env['REBOND_CODE'];
  try {
    process.exitCode = await command(console);
  } catch (error) {
    const { status, code, phrase } = refusalOf(error);
    sayBoth(console, phrase);
    if (process.argv.includes('--json')) console.result(JSON.stringify({ error: { code, ...phrase } }));
    process.exitCode = status;
  }
}

/** @throws the error itself when it is none that was foreseen */
function refusalOf(error: unknown): { status: ExitCode; code: string; phrase: Phrase } {
  const begun =
    error instanceof ServerAddressError
      ? new CannotBegin('address')
      : error instanceof StickDamaged
        ? new CannotBegin('stick-damaged')
        : error;
  if (begun instanceof CannotBegin)
    return { status: EXIT.cannotBegin, code: begun.code, phrase: begun.phrase };
  if (error instanceof UsageError) return { status: EXIT.usage, code: 'usage', phrase: error.phrase };
  const phrase = storageFailed(error);
  if (!phrase) throw error;
  return { status: EXIT.failed, code: 'storage-failed', phrase };
}
