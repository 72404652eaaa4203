// A power cut is not a certificate: the real agent, killed at random moments of a rehearsal and started again.
import { spawn } from 'node:child_process';
import {
  closeSync,
  existsSync,
  openSync,
  readdirSync,
  readFileSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { type Evidence, type MachineRecord, verifyDocument } from '@rebond/protocol';
import { describe, expect, it } from 'vitest';
import { scratch } from '../../test-fixtures/scratch.ts';
import { makeWorkshop, pairedStick, type TestWorkshop } from '../../test-fixtures/workshop.ts';

const MAIN = join(import.meta.dirname, 'main.ts');
const CUTS = 20;
/** Nobody listens there: the stick vouches, and the records stay in the spool. */
const NOWHERE = 'http://127.0.0.1:9';

type Run = {
  status: number | null;
  said: string;
  milliseconds: number;
  wipe: { began: number; ended: number };
};

/** When to pull the plug: so long after the start, or after the line that announces the wipe. */
type Cut = { after: 'start' | 'wipe'; milliseconds: number };

/** Runs a session; kills it with SIGKILL at the cut unless it ended before. @param media worked on at the same time */
function session(home: string, loop: 'auto' | 'no', cut?: Cut, media = 1): Promise<Run> {
  const began = performance.now();
  const child = spawn(
    process.execPath,
    [
      ...[MAIN, '--lang', 'en', 'session', '--home', home, '--size', '192', '--loop', loop],
      ...['--media', String(media)],
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  const wipe = { began: 0, ended: 0 };
  let said = '';
  let timer: NodeJS.Timeout | undefined;
  const arm = (): void => void (timer ??= setTimeout(() => child.kill('SIGKILL'), cut?.milliseconds));
  if (cut?.after === 'start') arm();
  child.stderr.on('data', (text: Buffer) => {
    said += text.toString();
    if (wipe.began === 0 && said.includes('Sanitizing and reading back')) {
      wipe.began = performance.now() - began;
      if (cut?.after === 'wipe') arm();
    }
    if (wipe.ended === 0 && said.includes('Signed record')) wipe.ended = performance.now() - began;
  });
  return new Promise((resolve) => {
    child.once('close', (status) => {
      clearTimeout(timer);
      resolve({ status, said, milliseconds: performance.now() - began, wipe });
    });
  });
}

async function recordsIn(home: string, { trust }: TestWorkshop): Promise<MachineRecord[]> {
  const folder = join(home, 'spool');
  const names = readdirSync(folder).filter((name) => name.endsWith('.json'));
  return await Promise.all(
    names.map(async (name) => {
      const verdict = await verifyDocument(readFileSync(join(folder, name)), trust);
      if (verdict.kind !== 'record') throw new Error(`${name} is no record`);
      expect(verdict.trusted).toBe(true);
      return verdict.record;
    }),
  );
}

const left = (home: string, folder: string): string[] =>
  existsSync(join(home, folder)) ? readdirSync(join(home, folder)) : [];
const journalsIn = (home: string): string[] =>
  left(home, 'journal').map((name) => name.replace('.jsonl', ''));
const loopDevices = (): string[] =>
  readdirSync('/sys/block').filter((name) => existsSync(`/sys/block/${name}/loop/backing_file`));

/** What the journal of a cut-off session shows that it had begun, read by the test itself. */
function begunIn(home: string, sessionId: string): string {
  return readFileSync(join(home, 'journal', `${sessionId}.jsonl`), 'utf8');
}

/** The accounts that the records give of a session: its own record, or the next session's account of it. */
const accountsOf = (records: MachineRecord[], id: string): MachineRecord[] =>
  records.filter(({ accountOf, sessionId }) => accountOf === id || (accountOf === null && sessionId === id));

/** The media of which a session said that they were read back to the end, as its lines name them. */
function readBackIn(said: string): string[] {
  const lines = said
    .split('\n')
    .flatMap((line) => /^ *(\S+) +2\/2 reading back.* 100 %/.exec(line)?.[1] ?? []);
  return lines.map((name) => name.replace('…', ''));
}

async function cutAndRestart(home: string, made: TestWorkshop, loop: 'auto' | 'no', at: Cut, media = 1) {
  const before = (await recordsIn(home, made).catch(() => [])).length;
  const cut = await session(home, loop, at, media);
  const open = journalsIn(home);
  const begun = open.map((id) => begunIn(home, id).match(/"event":"planned"/g)?.length ?? 0);
  const readBack = readBackIn(cut.said);
  const again = await session(home, loop, undefined, media);
  expect(again.said.match(/✓ DONE/g)).toHaveLength(media);
  const records = await recordsIn(home, made);
  expect(records.length).toBeGreaterThan(before);
  expect(journalsIn(home)).toEqual([]);
  expect(left(home, 'rehearsal')).toEqual([]);
  for (const [index, id] of open.entries()) {
    const [account, ...more] = accountsOf(records, id);
    expect(more).toEqual([]);
    if (account) checkTruth(account, begun[index] ?? 0, readBack);
    else expect(begun[index]).toBe(0);
  }
  return { open, planned: begun.filter((count) => count > 0).length, begun, readBack, status: cut.status };
}

/** Never a success that was not seen to the end of its read-back; and nothing that was begun goes unsaid. */
function checkTruth(account: MachineRecord, begun: number, readBack: string[]): void {
  expect(account.notice?.en).toContain('REHEARSAL');
  const paths = new Set(account.sanitizations.map(({ plan }) => plan.target.path));
  expect(account.sanitizations).toHaveLength(begun);
  expect(paths.size).toBe(begun);
  for (const evidence of account.sanitizations) {
    const { outcome, plan } = evidence;
    if (outcome === 'done') {
      expect(readBack.some((name) => plan.target.path.endsWith(name))).toBe(true);
      expect(readBackOf(evidence)?.matchedBytes).toBe(plan.target.sizeBytes);
    } else {
      expect(outcome).toBe('unknown');
    }
  }
}

function readBackOf(evidence: Evidence | undefined) {
  if (evidence?.schema !== 'rebond.evidence/2') throw new Error('not of version 2');
  return evidence.observations.steps.find((step) => step.kind === 'read-back');
}

async function cuts(loop: 'auto' | 'no', count: number, media = 1): Promise<string[]> {
  using folder = scratch('cuts');
  const home = join(folder.path, 'stick');
  const made = await makeWorkshop();
  await pairedStick(home, made, NOWHERE);
  await session(home, loop, undefined, media);
  const whole = await session(home, loop, undefined, media);
  expect(whole.said).toContain('✓ DONE');
  const moments: string[] = [];
  const wiping = whole.wipe.ended - whole.wipe.began;
  for (let index = 0; index < count; index += 1) {
    // Random moments: one in each of the equal parts of a session, and as many of the wipe alone.
    const part = (Math.floor(index / 2) + Math.random()) / Math.ceil(count / 2);
    const at: Cut =
      index % 2 === 0
        ? { after: 'start', milliseconds: part * whole.milliseconds }
        : { after: 'wipe', milliseconds: part * wiping };
    const { open, planned, begun, readBack, status } = await cutAndRestart(home, made, loop, at, media);
    const end = status === null ? 'killed' : 'ended';
    moments.push(
      `${Math.round(at.milliseconds)} ms after the ${at.after}: ${end}, ${planned}/${open.length} begun, drives ${begun.join()}, read back ${readBack.length}`,
    );
  }
  return moments;
}

async function until(done: () => boolean): Promise<void> {
  while (!done()) await new Promise((resolve) => setTimeout(resolve, 5));
}

function zeroLastSector(folder: string, size: number): void {
  const [image] = readdirSync(folder);
  const fd = openSync(join(folder, image ?? ''), 'r+');
  writeSync(fd, Buffer.alloc(512), 0, 512, size - 512);
  closeSync(fd);
}

describe('kill -9 of the agent', () => {
  it(`at ${CUTS} random points of a rehearsal never leaves a success without a full read-back`, async () => {
    const moments = await cuts('no', CUTS);
    console.log(moments.join('\n'));
    // The test is worth something only if it cut sessions in the middle of a wipe.
    expect(
      moments.filter((moment) => /killed, 1\/1 begun, drives 1, read back 0/.test(moment)).length,
    ).toBeGreaterThan(3);
  });

  it(`at ${CUTS} random points of a rehearsal on two media at once tells the truth of each`, async () => {
    const moments = await cuts('no', CUTS, 2);
    console.log(moments.join('\n'));
    // Both under way, and neither read back to its end.
    expect(
      moments.filter((moment) => /killed, .* drives 2, read back 0/.test(moment)).length,
    ).toBeGreaterThan(3);
  });

  it.skipIf(process.getuid?.() !== 0)('leaves no loop device attached after the next start', async () => {
    const before = loopDevices();
    await cuts('auto', 4);
    expect(loopDevices()).toEqual(before);
  });

  it('several times in a row leaves one account for each session that had begun', async () => {
    using folder = scratch('cuts');
    const home = join(folder.path, 'stick');
    const made = await makeWorkshop();
    await pairedStick(home, made, NOWHERE);
    const whole = await session(home, 'no');
    const begun = new Set<string>();
    for (let index = 0; index < 6; index += 1) {
      const milliseconds = Math.random() * 1.2 * (whole.wipe.ended - whole.wipe.began);
      await session(home, 'no', { after: 'wipe', milliseconds });
      for (const id of journalsIn(home)) if (begunIn(home, id).includes('"event":"planned"')) begun.add(id);
    }
    await session(home, 'no');
    const records = await recordsIn(home, made);
    for (const id of begun) expect(accountsOf(records, id)).toHaveLength(1);
    expect(journalsIn(home)).toEqual([]);
  });

  it('an ordinary stop ends all wipes, leaves a signed record that says unknown of each, and cleans up', async () => {
    using folder = scratch('stop');
    const home = join(folder.path, 'stick');
    const made = await makeWorkshop();
    await pairedStick(home, made, NOWHERE);
    const child = spawn(
      process.execPath,
      [MAIN, '--lang', 'en', 'session', '--home', home, '--size', '4096', '--loop', 'no', '--media', '2'],
      {
        stdio: ['ignore', 'ignore', 'pipe'],
      },
    );
    const status = await new Promise((resolve) => {
      child.stderr.on('data', (text: Buffer) => {
        if (/writing/.test(text.toString())) child.kill('SIGTERM');
      });
      child.once('close', resolve);
    });
    expect(status).toBe(1);
    const [record] = await recordsIn(home, made);
    expect(record?.sanitizations.map(({ outcome, reasons }) => [outcome, reasons[0]?.code])).toEqual([
      ['unknown', 'stopped-by-operator'],
      ['unknown', 'stopped-by-operator'],
    ]);
    expect([...journalsIn(home), ...left(home, 'rehearsal')]).toEqual([]);
  });

  it('a second session with the same folder does not begin, and disturbs nothing', async () => {
    using folder = scratch('lock');
    const home = join(folder.path, 'stick');
    await pairedStick(home, await makeWorkshop(), NOWHERE);
    const first = spawn(
      process.execPath,
      [MAIN, '--lang', 'en', 'session', '--home', home, '--size', '512'],
      {
        stdio: ['ignore', 'ignore', 'pipe'],
      },
    );
    let said = '';
    await new Promise<void>((resolve) => {
      first.stderr.on('data', (text: Buffer) => {
        said += text.toString();
        if (said.includes('Reading the machine')) resolve();
      });
    });
    const ended = new Promise((resolve) => first.once('close', resolve));
    const second = await session(home, 'no');
    expect(second.status).toBe(6);
    expect(second.said).toContain('already running');
    await ended;
    expect(said).toContain('✓ DONE');
  });

  it('a sector changed on the medium between writing and reading back is FAILED with its offset', async () => {
    using folder = scratch('corrupt');
    const home = join(folder.path, 'stick');
    const made = await makeWorkshop();
    await pairedStick(home, made, NOWHERE);
    const size = 1024 * 1024 * 1024;
    const order = ['session', '--home', home, '--size', '1024', '--loop', 'no'];
    // The last sector must change before it is read: a machine that was too busy to stop the agent in time tries again.
    for (let tries = 0; tries < 8; tries += 1) {
      const child = spawn(process.execPath, [MAIN, '--lang', 'en', ...order], {
        stdio: ['ignore', 'ignore', 'pipe'],
      });
      let said = '';
      child.stderr.on('data', (text: Buffer) => {
        said += text.toString();
        if (/reading back +[█░]/.test(said) && !child.killed) child.kill('SIGSTOP');
      });
      const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
      await Promise.race([ended, until(() => child.killed)]);
      await new Promise((resolve) => setTimeout(resolve, 200));
      const inTime = !/reading back.* (9\d|100) %/.test(said);
      if (inTime) zeroLastSector(join(home, 'rehearsal'), size);
      child.kill('SIGCONT');
      const status = await ended;
      if (!inTime) continue;
      expect(status).toBe(1);
      const failed = (await recordsIn(home, made)).flatMap((record) => record.sanitizations);
      const evidence = failed.find(({ outcome }) => outcome === 'failed');
      expect(evidence?.levelAchieved).toBe('none');
      expect(readBackOf(evidence)?.mismatches).toEqual([size - 512]);
      expect(evidence?.reasons[0]?.en).toContain(`byte ${size - 512}`);
      return;
    }
    expect.unreachable('the agent could never be stopped before the end of its read-back');
  });

  it('a torn journal is still accounted for up to its last sound line', async () => {
    using folder = scratch('torn');
    const home = join(folder.path, 'stick');
    const made = await makeWorkshop();
    await pairedStick(home, made, NOWHERE);
    const whole = await session(home, 'no');
    let id: string | undefined;
    for (let tries = 0; !id && tries < 10; tries += 1) {
      const milliseconds = (0.1 + tries / 20) * (whole.wipe.ended - whole.wipe.began);
      await session(home, 'no', { after: 'wipe', milliseconds });
      id = journalsIn(home).find((each) => begunIn(home, each).includes('"event":"planned"'));
    }
    const path = join(home, 'journal', `${id}.jsonl`);
    writeFileSync(path, readFileSync(path, 'utf8') + '0123456789abcdef {"event":"jud');
    await session(home, 'no');
    const [account] = accountsOf(await recordsIn(home, made), id ?? '');
    expect(account?.sanitizations[0]?.outcome).toBe('unknown');
  });
});
