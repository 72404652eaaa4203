import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { RECEIPT_TYPE, seal, sha256Hex } from '@rebond/protocol';
import { describe, expect, it } from 'vitest';
import { sampleRecord } from '../../../test-fixtures/sample-record.ts';
import { scratch } from '../../../test-fixtures/scratch.ts';
import { json, standIn } from '../../../test-fixtures/stand-in-server.ts';
import { makeWorkshop } from '../../../test-fixtures/workshop.ts';
import { serverAt } from '../effects/network.ts';
import { openSpools } from './spools.ts';

const made = await makeWorkshop();
const newRecord = async () => await sampleRecord(made);
const records = (folder: string): string[] =>
  readdirSync(folder).filter((name) => /^[0-9a-f]{64}\.json$/.test(name));

/** A bench server that acknowledges every record, and says how many it was sent. */
async function acknowledging() {
  const seen = { posts: 0 };
  const http = await standIn(async (request, response, body) => {
    if (request.url === '/api/workshop') return json(response, 200, { workshop: made.workshop });
    seen.posts += 1;
    const receipt = await seal(
      RECEIPT_TYPE,
      {
        schema: 'rebond.receipt/1',
        recordSha256: await sha256Hex(new Uint8Array(body)),
        audience: made.workshop.id,
        receivedAt: { wall: '2026-11-23T08:40:00.000Z', timeSource: 'server' },
        confirmed: true,
      },
      made.server.key,
    );
    json(response, 201, { receipt, chain: made.server.chain });
  });
  const server = serverAt(http.origin, null, 2000);
  const end = async (): Promise<void> => {
    await server.close();
    await http.close();
  };
  return { server, seen, end };
}

describe('records on the stick and in memory', () => {
  it('go to the stick while it takes them', async () => {
    using folder = scratch('spools');
    const [stick, ram] = [join(folder.path, 'stick'), join(folder.path, 'ram')];
    const spools = await openSpools({ stick, ram });
    const { digest, at } = await spools.keep((await newRecord()).envelope);
    expect([at, records(join(stick, 'spool')), records(join(ram, 'spool'))]).toEqual([
      'stick',
      [`${digest}.json`],
      [],
    ]);
    expect(await spools.unsent()).toEqual({ onStick: 1, inRam: 0 });
  });

  it('go to memory when the stick is pulled, and to the next stick as well', async () => {
    using folder = scratch('spools');
    const [stick, ram, next] = ['stick', 'ram', 'next'].map((name) => join(folder.path, name)) as [
      string,
      string,
      string,
    ];
    const spools = await openSpools({ stick, ram });
    await spools.keep((await newRecord()).envelope);
    rmSync(stick, { recursive: true });
    const second = await spools.keep((await newRecord()).envelope);
    expect(second.at).toBe('ram');
    expect(existsSync(stick)).toBe(false);
    expect(await spools.unsent()).toEqual({ onStick: 0, inRam: 1 });
    expect(await spools.useStick(next)).toBe(true);
    expect(records(join(next, 'spool'))).toEqual([`${second.digest}.json`]);
    expect(records(join(ram, 'spool'))).toEqual([`${second.digest}.json`]);
    expect(await spools.unsent()).toEqual({ onStick: 1, inRam: 0 });
    rmSync(next, { recursive: true });
    expect(await spools.unsent()).toEqual({ onStick: 0, inRam: 1 });
  });

  it('are sent once though both places hold them, and leave both', async () => {
    using folder = scratch('spools');
    const [stick, ram] = [join(folder.path, 'stick'), join(folder.path, 'ram')];
    const spools = await openSpools({ stick: null, ram });
    const { record, envelope } = await newRecord();
    const { digest } = await spools.keep(envelope);
    await spools.useStick(stick);
    const bench = await acknowledging();
    expect(await spools.waiting()).toHaveLength(1);
    expect(await spools.send(bench.server)).toEqual([{ kind: 'acknowledged', digest, confirmed: true }]);
    await bench.end();
    expect(bench.seen.posts).toBe(1);
    expect(await spools.unsent()).toEqual({ onStick: 0, inRam: 0 });
    expect(records(join(stick, 'spool', 'sent'))).toEqual([`${digest}.json`]);
    expect(await spools.recordOf(record.sessionId)).toBe(digest);
    expect(await spools.recordOf(crypto.randomUUID())).toBe(null);
  });

  it('stay unsent in memory as long as no server has them', async () => {
    using folder = scratch('spools');
    const spools = await openSpools({ stick: null, ram: folder.path });
    await spools.keep((await newRecord()).envelope);
    const nobody = serverAt('http://127.0.0.1:9', null, 300);
    expect(await spools.send(nobody)).toMatchObject([{ kind: 'kept' }]);
    await nobody.close();
    expect(await spools.unsent()).toEqual({ onStick: 0, inRam: 1 });
  });

  it('without memory to fall back on, a folder that takes nothing is an error', async () => {
    using folder = scratch('spools');
    writeFileSync(join(folder.path, 'file'), '');
    await expect(openSpools({ stick: join(folder.path, 'file'), ram: null })).rejects.toThrow('ENOTDIR');
    const home = join(folder.path, 'home');
    const spools = await openSpools({ stick: home, ram: null });
    rmSync(home, { recursive: true });
    await expect(spools.keep((await newRecord()).envelope)).rejects.toThrow('ENOENT');
    await expect(spools.waiting()).rejects.toThrow('ENOENT');
  });

  it('a name that a power cut left without a byte is no record; a damaged one is kept and named', async () => {
    using folder = scratch('spools');
    const waiting = join(folder.path, 'spool');
    await openSpools({ stick: folder.path, ram: null });
    writeFileSync(join(waiting, `${'0'.repeat(64)}.json`), '');
    writeFileSync(join(waiting, `${'1'.repeat(64)}.json`), '{"half":');
    const spools = await openSpools({ stick: folder.path, ram: null });
    expect(await spools.waiting()).toEqual([{ kind: 'damaged', name: `${'1'.repeat(64)}.json` }]);
    expect(records(waiting)).toEqual([`${'1'.repeat(64)}.json`]);
  });
});
