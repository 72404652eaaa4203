import { execFileSync } from 'node:child_process';
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { POLICIES } from '@rebond/protocol';
import { scratch } from '../scratch.ts';
import { newestImage, systemOf } from '../virtual-laptop/image.ts';
import { startLabGuest } from './guest.ts';
import { openLab } from './lab.ts';

const folder = scratch('try');
const outfile = join(folder.path, 'driver.mjs');
await build({
  entryPoints: [join(import.meta.dirname, 'matrix-driver.ts')],
  outfile,
  bundle: true,
  platform: 'node',
  format: 'esm',
  logLevel: 'error',
  banner: { js: "import { createRequire } from 'node:module'; const require = createRequire('/');" },
});
const node = join(folder.path, 'node');
copyFileSync(process.execPath, node);
execFileSync('strip', [node]);
const tree = systemOf(
  newestImage(join(import.meta.dirname, '../../build/live-image')),
  join(folder.path, 'system'),
);
const lab = await openLab({ speed: 1200 });
const guest = await startLabGuest({
  folder: join(folder.path, 'guest'),
  tree,
  lab,
  ram: '1G',
  extra: ['-global', 'ICH9-LPC.disable_s3=0'],
  files: { 'driver.mjs': { from: outfile }, node: { from: node } },
});
lab.followSuspends(guest.laptop);
const policy = { ...POLICIES.find((each) => each.id === (process.argv[2] ?? 'best')), stallMinutes: 0.2 };
try {
  for (const technique of (process.argv[3] ?? '').split(',')) {
    const disk = technique.startsWith('scsi')
      ? lab.scsi({ size: '16M', rotation: 1 })
      : lab.ata({ size: '16M', rotation: technique === 'ata-sanitize-overwrite' ? 7200 : 1 });
    const path = await guest.plug(disk);
    const began = performance.now();
    if (process.argv[4]) console.log((await guest.run(process.argv[4].replaceAll('DEV', path))).text);
    const order = JSON.stringify({ path, technique, policy });
    const { text, status } = await guest.run(`/node /driver.mjs '${order}'`, { timeout: 120_000 });
    const told = JSON.parse(/TOLD (.*)/.exec(text)?.[1] ?? '{}');
    console.log(
      technique,
      status,
      ((performance.now() - began) / 1000).toFixed(1),
      told.evidence
        ? JSON.stringify([
            told.evidence.outcome,
            told.evidence.levelAchieved,
            told.evidence.reasons.map((r: { code: string }) => r.code),
            told.evidence.observations,
          ])
        : text.slice(0, 1500),
      JSON.stringify(disk.store.ownerLeft()),
    );
    if (process.argv[5])
      console.log(
        JSON.stringify(told.evidence?.commands ?? null),
        disk.log
          .map((l) => l.words)
          .slice(-40)
          .join('\n'),
      );
    await guest.unplug(disk);
  }
} finally {
  await guest[Symbol.asyncDispose]();
  await lab[Symbol.asyncDispose]();
  folder.remove();
}
