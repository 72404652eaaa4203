// Runs in a small guest, bundled: puts record after record into a spool until power goes, and says which are kept.
import { readdirSync, readFileSync } from 'node:fs';
import { Envelope, sha256Hex } from '@rebond/protocol';
import { durableFolder } from '../agent/src/effects/durable.ts';
import { openSpools } from '../agent/src/report/spools.ts';

const [home = '', records = ''] = process.argv.slice(2);
const spools = await openSpools({ stick: home, ram: null });
const journal = await durableFolder(`${home}/journal`);
const known = new Set(
  (await spools.waiting()).flatMap((each) => (each.kind === 'sound' ? [each.digest] : [])),
);

console.log(`KNOWN ${known.size}`);
for (const name of readdirSync(records).sort()) {
  const bytes = readFileSync(`${records}/${name}`);
  if (known.has(await sha256Hex(new Uint8Array(bytes)))) continue;
  // As a session does: its journal goes on beside the records that are kept.
  const log = await journal.appendTo(`${name}l`);
  await log.line('a line of the journal');
  const { digest } = await spools.keep(Envelope.parse(JSON.parse(bytes.toString())));
  console.log(`KEPT ${digest}`);
  await log.close();
  await journal.remove(`${name}l`);
}
console.log('ALL KEPT');
