// A power cut in the middle of an overwrite, and the next session goes on: the real session, killed at random moments, on
// loop devices of its own that stand for a laptop's drives.
import { execFileSync, spawn } from 'node:child_process';
import { createCipheriv } from 'node:crypto';
import {
  closeSync,
  openSync,
  readdirSync,
  readFileSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { type EvidenceV2, type MachineRecord, verifyDocument } from '@rebond/protocol';
import { describe, expect, it } from 'vitest';
import { scratch } from '../../test-fixtures/scratch.ts';
import type { SessionOrder, Standing } from '../../test-fixtures/session-driver.ts';
import { makeWorkshop, pairedStick, type TestWorkshop } from '../../test-fixtures/workshop.ts';
import { claim } from './effects/claim.ts';
import { type JournalEvent, soundLines } from './parse/journal.ts';

const MIB = 1024 * 1024;
const SIZE = 320 * MIB;
/** Requests are of this length, and a pass is taken up at the beginning of one. */
const CHUNK = 4 * MIB;
const DRIVER = join(import.meta.dirname, '../../test-fixtures/session-driver.ts');
const NOWHERE = 'http://127.0.0.1:9';
const CUTS = 10;

type Told = Partial<{
  path: string;
  phase: string;
  doneBytes: number;
  begun: string;
  judged: string;
  asked: string;
  reasons: string[];
}>;

/** When to pull the plug: so long after a drive began, or once its journals say so many times that a drive flushed. */
type Cut = { afterMs: number } | { flushes: number };

/** Runs a session; kills it with SIGKILL at the cut unless it ended before. */
async function session(order: SessionOrder, cut?: Cut): Promise<{ status: number | null; told: Told[] }> {
  await free(order);
  const child = spawn(process.execPath, [DRIVER, JSON.stringify(order)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const told: Told[] = [];
  let rest = '';
  let timer: NodeJS.Timeout | undefined;
  const pull = (): void => void child.kill('SIGKILL');
  const isDue = ({ flushes }: { flushes: number }): boolean =>
    (journalText(order.home).match(/"event":"flushed"/g)?.length ?? 0) >= flushes;
  child.stdout.on('data', (bytes: Buffer) => {
    const lines = (rest + bytes.toString()).split('\n');
    rest = lines.pop() ?? '';
    told.push(...lines.map((line) => JSON.parse(line) as Told));
    if (!cut || timer || !told.some(({ begun }) => begun !== undefined)) return;
    timer = 'afterMs' in cut ? setTimeout(pull, cut.afterMs) : setInterval(() => isDue(cut) && pull(), 2);
  });
  return await new Promise((resolve) => {
    child.once('close', (status) => {
      clearTimeout(timer);
      resolve({ status, told });
    });
  });
}

/** A power cut takes all processes at once; here the one that overwrote may still wait for its last request. */
async function free({ drives }: SessionOrder): Promise<void> {
  for (const { path } of drives) {
    for (let tries = 0; (await claim(path)) !== 'free'; tries += 1) {
      if (tries > 2000) throw new Error(`${path} is still held`);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }
}

function journalText(home: string): string {
  try {
    const folder = join(home, 'journal');
    return readdirSync(folder)
      .map((name) => readFileSync(join(folder, name), 'utf8'))
      .join('');
  } catch {
    return '';
  }
}

/** Loop devices over files full of somebody's data, and the folder of a paired stick. */
async function bench(count = 1) {
  const folder = scratch('resume');
  const home = join(folder.path, 'stick');
  const made = await makeWorkshop();
  await pairedStick(home, made, NOWHERE);
  const drives = Array.from({ length: count }, (_, index) => {
    const file = join(folder.path, `drive-${index}.img`);
    writeFileSync(file, Buffer.alloc(SIZE, 0x5a));
    const path = execFileSync('losetup', ['--find', '--show', '--direct-io=on', file]).toString().trim();
    const standing: Standing = { path, sizeBytes: SIZE, serial: `SN-000${index}`, wwid: `naa.500${index}` };
    return { file, standing };
  });
  const order = (change: Partial<Standing> = {}, policy = 'overwrite'): SessionOrder => ({
    ...{ home, policy },
    drives: drives.map(({ standing }) => ({ ...standing, ...change })),
  });
  return {
    ...{ home, made, drives, order },
    [Symbol.dispose]: () => {
      for (const { standing } of drives) execFileSync('losetup', ['--detach', standing.path]);
      folder[Symbol.dispose]();
    },
  };
}

/** The sound lines of the journals that lie there. */
function journalsIn(home: string): JournalEvent[][] {
  const folder = join(home, 'journal');
  return readdirSync(folder)
    .filter((name) => name.endsWith('.jsonl'))
    .map((name) => soundLines(readFileSync(join(folder, name))).events);
}

/** What the journal of a cut-off session knows of a drive, looked up by the test itself: key, and bytes flushed. */
function knownOf(home: string, serial: string): { keyHex: string; bytes: number } | null {
  const events = journalsIn(home).flat();
  const plan = events.findLast(
    (each) => each.event === 'planned' && each.plan.target.identity.serial === serial,
  );
  if (plan?.event !== 'planned' || plan.plan.schema !== 'rebond.plan/2') {
    const left = events.findLast(
      (each) => each.event === 'left' && each.resumable.identity.serial === serial,
    );
    return left?.event === 'left' ? { keyHex: left.resumable.keyHex, bytes: left.resumable.bytes } : null;
  }
  const { planId, steps } = plan.plan;
  if (
    events.some(
      (each) =>
        each.event === 'judged' &&
        each.evidence.plan.schema === 'rebond.plan/2' &&
        each.evidence.plan.planId === planId,
    )
  )
    return null;
  const last = events.findLast((each) => each.event === 'flushed' && each.planId === planId);
  const [first] = steps;
  const from = first?.kind === 'overwrite' ? (first.resume?.fromBytes ?? 0) : 0;
  const bytes = last?.event === 'flushed' ? last.bytes : from;
  return bytes > 0 ? { keyHex: plan.keyHex, bytes } : null;
}

async function recordsIn(home: string, { trust }: TestWorkshop): Promise<MachineRecord[]> {
  const folder = join(home, 'spool');
  const names = readdirSync(folder).filter((name) => name.endsWith('.json'));
  return await Promise.all(
    names.map(async (name) => {
      const verdict = await verifyDocument(readFileSync(join(folder, name)), trust);
      if (verdict.kind !== 'record') throw new Error(`${name} is no record`);
      return verdict.record;
    }),
  );
}

/** The evidence of a session's own record, newest first. */
async function lastEvidence(home: string, made: TestWorkshop, serial: string): Promise<EvidenceV2[]> {
  const own = (await recordsIn(home, made)).filter(({ accountOf }) => accountOf === null);
  const newest = own.toSorted((a, b) => b.closedAt.wall.localeCompare(a.closedAt.wall))[0];
  return (newest?.sanitizations ?? []).filter(
    (each): each is EvidenceV2 =>
      each.schema === 'rebond.evidence/2' && each.plan.target.identity.serial === serial,
  );
}

function passOf({ observations }: EvidenceV2) {
  const [written, readBack] = [
    observations.steps.find((step) => step.kind === 'overwrite'),
    observations.steps.find((step) => step.kind === 'read-back'),
  ];
  return { written, readBack };
}

/** Every byte of the medium is that of the stream whose key is in the evidence. */
function expectStream(file: string, evidence: EvidenceV2): void {
  const key = Buffer.from(evidence.stream!.keyHex, 'hex');
  const stream = createCipheriv('aes-256-ctr', key, Buffer.alloc(16)).update(Buffer.alloc(SIZE));
  expect(Buffer.compare(readFileSync(file).subarray(0, SIZE), stream)).toBe(0);
}

describe.skipIf(process.getuid?.() !== 0)('an overwrite that a power cut broke off', () => {
  it(`goes on at ${CUTS} random points, and at two cuts in a row, and all of it is read back`, async () => {
    const moments: string[] = [];
    const wiping = await measured();
    for (let index = 0; index < CUTS; index += 1) {
      using own = await bench();
      const { home, made, drives, order } = own;
      const [{ file, standing }] = drives as [(typeof drives)[number]];
      let known: ReturnType<typeof knownOf> = null;
      const rounds = index % 2 === 0 ? 1 : 2;
      for (let round = 0; round < rounds; round += 1) {
        // Also at moments of which nobody thought: the ask, the first byte, the read-back, the last word.
        const atRandom = { afterMs: Math.random() * wiping };
        const cut = await session(
          order(),
          index % 3 === 0 ? atRandom : { flushes: 1 + round + Math.floor(Math.random() * 2) },
        );
        if (cut.status !== null) {
          // It ended before the cut: nothing is left of it.
          known = null;
          break;
        }
        const asked = cut.told.find((each) => each.asked !== undefined);
        // The operator was asked again, and told what will be done.
        if (known) expect(asked?.reasons).toContain('resumes');
        else expect(asked?.reasons).not.toContain('resumes');
        known = knownOf(home, standing.serial!);
      }
      const asIs = known;
      const again = await session(order());
      expect(again.status).toBe(0);
      const [evidence, ...more] = await lastEvidence(home, made, standing.serial!);
      expect(more).toEqual([]);
      expect(evidence).toMatchObject({ outcome: 'done', levelAchieved: 'clear' });
      const { written, readBack } = passOf(evidence!);
      const from = asIs ? asIs.bytes - (asIs.bytes % CHUNK) : null;
      expect(written?.resumedFrom).toBe(from);
      if (asIs) expect(evidence!.stream!.keyHex).toBe(asIs.keyHex);
      expect(readBack).toMatchObject({ dueBytes: SIZE, matchedBytes: SIZE, direct: true });
      // What was written before was not written again: the first bytes on screen are those after it.
      const first = again.told.find(({ phase }) => phase === 'write');
      expect(first?.doneBytes).toBeGreaterThanOrEqual(from ?? 0);
      expectStream(file, evidence!);
      expect(journalsIn(home)).toEqual([]);
      moments.push(`${rounds} cut(s), taken up at ${from === null ? 'the beginning' : `${from / MIB} MiB`}`);
    }
    console.log(moments.join('\n'));
    expect(moments.filter((moment) => moment.endsWith('MiB')).length).toBeGreaterThan(CUTS / 3);
  });

  /** How long the wipe of a whole session takes here and now. */
  async function measured(): Promise<number> {
    using own = await bench();
    const began = { at: 0 };
    const child = session(own.order());
    const poll = setInterval(() => {
      if (began.at === 0 && journalText(own.home).includes('"event":"planned"')) began.at = performance.now();
    }, 2);
    await child;
    clearInterval(poll);
    return performance.now() - began.at;
  }

  /** A session that was cut after it had flushed something. */
  async function cutOff(own: Awaited<ReturnType<typeof bench>>): Promise<{ keyHex: string; bytes: number }> {
    for (let tries = 0; tries < 10; tries += 1) {
      await session(own.order(), { flushes: 2 });
      const known = knownOf(own.home, own.drives[0]!.standing.serial!);
      if (known) return known;
    }
    throw new Error('no session could be cut between its first flush and its end');
  }

  it.each<[string, Partial<Standing>]>([
    ['another drive with the same serial number', { wwid: 'naa.999' }],
    ['the drive with another size', { sizeBytes: SIZE - CHUNK }],
  ])('is not taken up where %s stands there: it begins at 0 with a key of its own', async (_, change) => {
    using own = await bench();
    const known = await cutOff(own);
    if (change.sizeBytes !== undefined) {
      truncateSync(own.drives[0]!.file, change.sizeBytes);
      execFileSync('losetup', ['--set-capacity', own.drives[0]!.standing.path]);
    }
    const again = await session(own.order(change));
    expect(again.told.find(({ asked }) => asked !== undefined)?.reasons?.[0]).toBe('not-resumed');
    const [evidence] = await lastEvidence(own.home, own.made, own.drives[0]!.standing.serial!);
    expect(evidence?.outcome).toBe('done');
    expect(passOf(evidence!).written?.resumedFrom).toBeNull();
    expect(evidence!.stream!.keyHex).not.toBe(known.keyHex);
  });

  it('begins anew where the journal lost the key, the checkpoint, or itself', async () => {
    const damages: ((text: string) => string)[] = [
      (text) =>
        text.replace(
          /("keyHex":")(.)/,
          (_, before: string, digit: string) => `${before}${digit === '0' ? '1' : '0'}`,
        ),
      (text) => text.replace(/("event":"flushed".*?"bytes":)(\d)/, '$19$2'),
      () => '',
    ];
    for (const damage of damages) {
      using own = await bench();
      await cutOff(own);
      const [name] = readdirSync(join(own.home, 'journal'));
      const path = join(own.home, 'journal', name!);
      writeFileSync(path, damage(readFileSync(path, 'utf8')));
      await session(own.order());
      const [evidence] = await lastEvidence(own.home, own.made, own.drives[0]!.standing.serial!);
      expect(evidence?.outcome).toBe('done');
      expect(passOf(evidence!).written?.resumedFrom).toBeNull();
      expectStream(own.drives[0]!.file, evidence!);
    }
  });

  it('is FAILED where the drive lost what it had flushed, and is begun anew in the same session', async () => {
    using own = await bench();
    await cutOff(own);
    const fd = openSync(own.drives[0]!.file, 'r+');
    writeSync(fd, Buffer.alloc(512), 0, 512, 4096);
    closeSync(fd);
    // A policy that knows what may follow.
    await session(own.order({}, 'best'));
    const [resumed, anew] = await lastEvidence(own.home, own.made, own.drives[0]!.standing.serial!);
    expect(resumed).toMatchObject({
      outcome: 'failed',
      levelAchieved: 'none',
      reasons: [{ code: 'read-back-differs' }],
    });
    expect(passOf(resumed!).readBack?.mismatches).toEqual([4096]);
    expect(anew).toMatchObject({ outcome: 'done' });
    expect(passOf(anew!).written?.resumedFrom).toBeNull();
    expect(anew!.stream!.keyHex).not.toBe(resumed!.stream!.keyHex);
    expectStream(own.drives[0]!.file, anew!);
  });

  it('of two drives at once goes on with each where it was, and the account tells of both', async () => {
    using own = await bench(2);
    const serials = own.drives.map(({ standing }) => standing.serial!);
    let cut: { keyHex: string; bytes: number }[] = [];
    for (let tries = 0; tries < 10 && cut.length < 2; tries += 1) {
      const { told } = await session(own.order(), { flushes: 4 });
      if (told.some(({ judged }) => judged)) continue;
      cut = serials.flatMap((serial) => knownOf(own.home, serial) ?? []);
    }
    expect(cut).toHaveLength(2);
    await session(own.order());
    for (const [index, serial] of serials.entries()) {
      const [evidence] = await lastEvidence(own.home, own.made, serial);
      expect(evidence?.outcome).toBe('done');
      expect(evidence!.stream!.keyHex).toBe(cut[index]!.keyHex);
      expect(passOf(evidence!).written?.resumedFrom).toBe(cut[index]!.bytes - (cut[index]!.bytes % CHUNK));
      expectStream(own.drives[index]!.file, evidence!);
    }
    const accounts = (await recordsIn(own.home, own.made)).filter(({ accountOf }) => accountOf !== null);
    const last = accounts.at(-1)!;
    expect(
      accounts.every(({ sanitizations }) => sanitizations.every(({ outcome }) => outcome === 'unknown')),
    ).toBe(true);
    expect(last.sanitizations.length).toBe(2);
    // Each tells how far it was, and that this is no success.
    const told = accounts.flatMap(({ sanitizations }) => sanitizations.map(({ reasons }) => reasons[0]!.en));
    for (const { bytes } of cut)
      expect(told.some((reason) => reason.includes(`The first ${bytes} bytes`))).toBe(true);
  });
});
