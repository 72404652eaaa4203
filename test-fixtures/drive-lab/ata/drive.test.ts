import { describe, expect, it } from 'vitest';
import { manualClock, MINUTE } from '../clock.ts';
import { type AtaDescription, describeAta } from '../describe.ts';
import type { Accident } from '../erase.ts';
import type { Misbehaviour } from '../misbehaviour.ts';
import { type AtaDrive, makeAtaDrive } from './drive.ts';
import { type AtaResult, COMMAND, type CommandName, ERROR, STATUS } from './registers.ts';

const SIZE = 2 ** 31;
const NOTHING = { bytes: 0, first: null };
const BLOCK = 0x426b4572;

type Task = { lba?: number; count?: number; features?: number; data?: Buffer };

function make(asked: Partial<AtaDescription> = {}) {
  const clock = manualClock();
  const accidents: Accident[] = [];
  const drive = makeAtaDrive(describeAta({ size: SIZE, serial: 'UNIT', ...asked }), {
    ...{ clock, had: new Set<Accident>() },
    accident: (which) => accidents.push(which),
  });
  const ask = (name: CommandName, { lba = 0, count = 0, features = 0, data }: Task = {}) =>
    drive.execute({ command: COMMAND[name], lba, count, features, device: 0 }, data ?? null);
  return { drive, clock, accidents, ask, left: () => drive.medium.store.ownerLeft() };
}

const bad = (...misbehaviours: Misbehaviour[]) => make({ misbehaviours });

function password(text: string, enhanced = false): Buffer {
  const block = Buffer.alloc(512);
  block[0] = enhanced ? 2 : 0;
  block.write(text, 2, 'latin1');
  return block;
}

type Made = ReturnType<typeof make>;

/** All the steps of a security erase; the answer to the last, or null when it has not come. */
async function securityErase({ ask, clock }: Made, enhanced = true): Promise<AtaResult | null> {
  await ask('securitySetPassword', { data: password('pw') });
  await ask('securityErasePrepare');
  let answer: AtaResult | null = null;
  void ask('securityEraseUnit', { data: password('pw', enhanced) }).then((given) => (answer = given));
  clock.advance(20 * MINUTE);
  await new Promise(setImmediate);
  return answer;
}

async function sanitize({ ask, clock }: Made): Promise<AtaResult> {
  await ask('sanitize', { features: 0x12, lba: BLOCK });
  clock.advance(10 * MINUTE);
  return ask('sanitize');
}

const word = (drive: AtaDrive, at: number): number => drive.identify().readUInt16LE(at * 2);
const fine = { status: STATUS.ready };
const abort = { error: ERROR.abort };

describe('an honest ATA drive', () => {
  it('erases all that there is by enhanced security erase, and what is addressable by the normal one', async () => {
    const enhanced = make({ hpa: { visible: SIZE / 2 } });
    expect(await securityErase(enhanced)).toMatchObject(fine);
    expect([enhanced.left(), enhanced.drive.security!.state()]).toEqual([NOTHING, 'SEC1']);
    const normal = make({ hpa: { visible: SIZE / 2 } });
    expect(await securityErase(normal, false)).toMatchObject(fine);
    expect(normal.left().first).toBe(SIZE / 2);
    expect(normal.drive.medium.store.ownerLeft('spare').bytes).toBe(2 ** 20);
  });

  it('answers a security erase at its end, not before', async () => {
    const { ask, clock } = make();
    await ask('securitySetPassword', { data: password('pw') });
    await ask('securityErasePrepare');
    let answered = false;
    void ask('securityEraseUnit', { data: password('pw') }).then(() => (answered = true));
    clock.advance(19 * MINUTE);
    await new Promise(setImmediate);
    expect(answered).toBe(false);
    clock.advance(MINUTE);
    await new Promise(setImmediate);
    expect(answered).toBe(true);
  });

  it('sanitizes everything, through a power cycle, and refuses its medium meanwhile', async () => {
    const { drive, ask, clock, left } = make({ hpa: { visible: SIZE / 2 }, dco: { visible: SIZE * 0.75 } });
    await ask('sanitize', { features: 0x12, lba: BLOCK });
    clock.advance(4 * MINUTE);
    expect(await ask('read', { count: 1 })).toMatchObject(abort);
    expect(await ask('identify')).toMatchObject(fine);
    drive.powerOff();
    clock.advance(60 * MINUTE);
    expect(left().bytes).toBeGreaterThan(SIZE / 2);
    drive.powerOn();
    expect((await ask('sanitize')).count).toBe(0x4000);
    clock.advance(6 * MINUTE);
    expect((await ask('sanitize')).count).toBe(0x8000);
    expect(left()).toEqual(NOTHING);
  });

  it('keeps its medium to itself while locked', async () => {
    const { drive, ask } = make();
    await ask('securitySetPassword', { data: password('pw') });
    drive.powerOff();
    drive.powerOn();
    const refused = [ask('read', { count: 1 }), ask('deviceConfiguration', { features: 0xc2 })];
    expect(await Promise.all(refused)).toMatchObject([abort, abort]);
    expect(await ask('sanitize', { features: 0x12, lba: BLOCK })).toMatchObject(abort);
    await ask('securityUnlock', { data: password('pw') });
    expect(await ask('read', { count: 1 })).toMatchObject(fine);
  });

  it('reads what was written, within its capacity', async () => {
    const { ask } = make({ hpa: { visible: 2 ** 20 } });
    const data = Buffer.alloc(1024, 3);
    expect(await ask('writeExt', { lba: 2046, count: 2, data })).toMatchObject(fine);
    expect((await ask('readDmaExt', { lba: 2046, count: 2 })).data!.equals(data)).toBe(true);
    expect(await ask('readDmaExt', { lba: 2047, count: 2 })).toMatchObject({ error: ERROR.idNotFound });
    expect(await ask('writeExt', { lba: 0, count: 2, data: data.subarray(0, 512) })).toMatchObject(abort);
    const range = Buffer.alloc(512);
    range.writeUIntLE(2046, 0, 6);
    range.writeUInt16LE(1, 6);
    expect(await ask('dataSetManagement', { features: 1, count: 1, data: range })).toMatchObject(fine);
    expect((await ask('readExt', { lba: 2046, count: 1 })).data![0]).toBe(0);
  });

  it('says what it is and can, in words whose sum is zero', () => {
    const { drive } = make({ rotation: 7200, sanitize: { crypto: false } });
    const sum = drive.identify().reduce((total, byte) => total + byte, 0) % 256;
    expect([sum, word(drive, 217), word(drive, 59) & 0xf000]).toEqual([0, 7200, 0xd000]);
    expect([word(drive, 89), word(drive, 128)]).toEqual([10, 0x21]);
    expect(word(make({ security: false }).drive, 82) & 2).toBe(0);
  });
});

describe('an ATA drive that misbehaves', () => {
  it('says done, and the medium tells another story', async () => {
    const cases: [Misbehaviour, number][] = [
      [{ kind: 'lies-done-erased-nothing' }, SIZE + 2 ** 20 + 4096],
      [{ kind: 'zeros-without-erasing' }, SIZE + 2 ** 20 + 4096],
      [{ kind: 'erased-half' }, SIZE / 2 + 2 ** 20 + 4096],
      [{ kind: 'hpa-left' }, 2 ** 20 + 4096],
      [{ kind: 'bad-sectors', sectors: [9] }, 512],
    ];
    for (const [misbehaviour, bytes] of cases) {
      const [secured, sanitized] = [bad(misbehaviour), bad(misbehaviour)];
      expect(await securityErase(secured)).toMatchObject(fine);
      expect((await sanitize(sanitized)).count).toBe(0x8000);
      expect([secured.left().bytes, sanitized.left().bytes]).toEqual([bytes, bytes]);
    }
  });

  it('comes up frozen, both feature sets if it is told to', async () => {
    const { drive, ask } = bad({ kind: 'frozen', sanitizeToo: true });
    expect([drive.security!.state(), drive.sanitize.state()]).toEqual(['SEC2', 'SD1']);
    expect(await ask('sanitize', { features: 0x12, lba: BLOCK })).toMatchObject(abort);
    drive.powerOff();
    drive.powerOn();
    expect([drive.security!.state(), drive.sanitize.state()]).toEqual(['SEC1', 'SD0']);
  });

  it('is locked when its power went in the middle of a security erase', async () => {
    const made = bad({ kind: 'power-lost-at', percent: 40 });
    await made.ask('securitySetPassword', { data: password('pw') });
    await made.ask('securityErasePrepare');
    void made.ask('securityEraseUnit', { data: password('pw', true) });
    made.clock.advance(8 * MINUTE);
    expect(made.accidents).toEqual(['power-lost']);
    made.drive.powerOff();
    made.drive.powerOn();
    made.clock.advance(60 * MINUTE);
    expect(made.drive.security!.state()).toBe('SEC4');
    expect(made.left().bytes).toBeGreaterThan(SIZE / 2);
    await made.ask('securityUnlock', { data: password('pw') });
    expect(await securityErase(made)).toMatchObject(fine);
    expect([made.left(), made.accidents.length]).toEqual([NOTHING, 1]);
  });

  it.each(['removed-in-the-middle', 'disconnected-and-replayed'] as const)(
    'tells its bench: %s',
    async (kind) => {
      const made = bad({ kind, percent: 10 });
      await sanitize(made);
      expect(made.accidents).toEqual([kind === 'removed-in-the-middle' ? 'removed' : 'disconnected']);
    },
  );

  it('never ends', async () => {
    const stuck = bad({ kind: 'stuck-at', percent: 40 });
    expect(await securityErase(stuck)).toBeNull();
    expect((await sanitize(bad({ kind: 'stuck-at', percent: 40 }))).lba).toBe(Math.floor(0.4 * 65_536));
    const endless = bad({ kind: 'endless-estimate' });
    expect([word(endless.drive, 89) & 0x8000, await securityErase(endless)]).toEqual([0x8000, null]);
  });

  it('aborts, or fails, and says so', async () => {
    const broken = bad({ kind: 'enhanced-advertised-but-unsupported' });
    expect(await securityErase(broken)).toMatchObject(abort);
    expect(await broken.ask('sanitize', { features: 0x12, lba: BLOCK })).toMatchObject({ ...abort, lba: 2 });
    expect([broken.left().bytes > SIZE, word(broken.drive, 128) & 32]).toEqual([true, 32]);
    const failing = bad({ kind: 'sanitize-failed-state' });
    expect(await securityErase(failing)).toMatchObject(abort);
    expect(failing.drive.security!.state()).toBe('SEC5');
    const failed = bad({ kind: 'sanitize-failed-state' });
    expect(await sanitize(failed)).toMatchObject({ ...abort, lba: 1 });
    expect([failed.drive.accessible(), failed.left().bytes > SIZE / 2]).toEqual([false, true]);
    for (const kind of ['locked-by-unknown-password', 'attempts-expired'] as const)
      expect(await securityErase(bad({ kind }))).toMatchObject(abort);
  });

  it('comes back as another drive', async () => {
    const serial = bad({ kind: 'serial-changed-after' });
    const capacity = bad({ kind: 'capacity-changed-after' });
    expect([await sanitize(serial), await securityErase(capacity)]).toMatchObject([{ count: 0x8000 }, fine]);
    expect([serial.drive.serial(), serial.left()]).toEqual(['UNITNEW', NOTHING]);
    expect(capacity.drive.capacity.current()).toBe(SIZE / 512 - 2048);
  });

  it('cannot be read, or reads what is not there', async () => {
    const unreadable = bad({ kind: 'unreadable-after-success' });
    await sanitize(unreadable);
    expect(await unreadable.ask('readExt', { count: 1 })).toMatchObject({ error: ERROR.uncorrectable });
    const stale = bad({ kind: 'stale-cache' });
    await sanitize(stale);
    const owned = stale.drive.medium.store.ownerData({ start: 0, end: 512 });
    expect((await stale.ask('readExt', { count: 1 })).data!.equals(owned)).toBe(true);
    expect(stale.left()).toEqual(NOTHING);
    const later = bad({ kind: 'read-errors-on-read-back-only', sectors: [5] });
    expect(await later.ask('readExt', { lba: 5, count: 1 })).toMatchObject(fine);
    await sanitize(later);
    expect(await later.ask('readExt', { lba: 0, count: 8 })).toMatchObject({
      error: ERROR.uncorrectable,
      lba: 5,
    });
  });

  it('has sectors of 4096 bytes', async () => {
    const { drive, ask } = bad({ kind: '4Kn' });
    expect([word(drive, 117), drive.capacity.current()]).toEqual([2048, SIZE / 4096]);
    expect((await ask('readExt', { count: 1 })).data!.length).toBe(4096);
  });
});
