import { describe, expect, it } from 'vitest';
import { manualClock, MINUTE } from '../clock.ts';
import { describeScsi, type ScsiDescription } from '../describe.ts';
import type { Accident } from '../erase.ts';
import type { ScsiAnswer } from './command.ts';
import { makeScsiDisk } from './disk.ts';

const SIZE = 2 ** 30;
const NOTHING = { bytes: 0, first: null };
const SPARE = 2 ** 20 + 4096;

function make(asked: Partial<ScsiDescription> = {}) {
  const clock = manualClock();
  const accidents: Accident[] = [];
  const disk = makeScsiDisk(describeScsi({ size: SIZE, serial: 'DISK', ...asked }), {
    ...{ clock, had: new Set<Accident>() },
    accident: (which) => accidents.push(which),
  });
  const ask = async (cdb: number[], data = Buffer.alloc(0)): Promise<ScsiAnswer> =>
    disk.execute({ cdb: Buffer.from([...cdb, ...Array<number>(16 - cdb.length).fill(0)]), data, expected: 0 })
      .answer;
  return { disk, clock, accidents, ask, left: () => disk.medium.store.ownerLeft() };
}

const BLOCK = [0x48, 0x82];
const READY = [0x00];
const READ = [0x28, 0, 0, 0, 0, 0, 0, 0, 1];
const senseOf = (answer: ScsiAnswer) =>
  answer.status === 'check' ? [answer.sense.asc, answer.sense.ascq] : null;

describe('a SCSI disk', () => {
  it.each([
    ['block', BLOCK, undefined],
    ['crypto', [0x48, 0x83], undefined],
    ['overwrite', [0x48, 0x81], Buffer.of(1, 0, 0, 4, 1, 2, 3, 4)],
  ])('sanitizes all that there is, and tells how far it is: %s', async (_, cdb, data) => {
    const { disk, clock, ask, left } = make();
    expect(await ask(cdb, data)).toMatchObject({ status: 'good' });
    clock.advance(5 * MINUTE);
    const busy = await ask(READY);
    expect([senseOf(busy), busy.status === 'check' && busy.sense.progress]).toEqual([[0x04, 0x1b], 32_767]);
    expect(senseOf(await ask(READ))).toEqual([0x04, 0x1b]);
    expect((await ask([0x03, 1, 0, 0, 32])).status).toBe('good');
    clock.advance(5 * MINUTE);
    expect([await ask(READY), left(), disk.state()]).toEqual([{ status: 'good' }, NOTHING, 'ready']);
  });

  it('answers at the end when it was not asked to be immediate', async () => {
    const { clock, ask } = make();
    let answer: ScsiAnswer | null = null;
    void ask([0x48, 0x02]).then((given) => (answer = given));
    clock.advance(9 * MINUTE);
    await new Promise(setImmediate);
    expect(answer).toBeNull();
    clock.advance(MINUTE);
    await new Promise(setImmediate);
    expect(answer).toEqual({ status: 'good' });
  });

  it('formats what is addressable, and nothing else', async () => {
    const { clock, ask, left } = make();
    await ask([0x04, 0x10], Buffer.of(0, 2, 0, 0));
    expect(senseOf(await ask(READY))).toEqual([0x04, 0x04]);
    clock.advance(10 * MINUTE);
    expect(left()).toEqual({ bytes: SPARE, first: SIZE });
  });

  it('says which operations it supports', async () => {
    const supports = async (made: ReturnType<typeof make>, action: number) => {
      const answer = await made.ask([0xa3, 0x0c, 2, 0x48, 0, action, 0, 0, 1, 0]);
      return answer.status === 'good' && (answer.data![1]! & 7) === 3;
    };
    expect(await supports(make(), 2)).toBe(true);
    const less = make({ sanitize: { block: false } });
    expect([await supports(less, 2), senseOf(await less.ask(BLOCK))]).toEqual([false, [0x24, 0]]);
    expect(senseOf(await make({ sanitize: false }).ask(BLOCK))).toEqual([0x20, 0]);
  });

  it('refuses an overwrite without a pattern', async () => {
    expect(senseOf(await make().ask([0x48, 0x81], Buffer.of(1, 0, 0, 0)))).toEqual([0x24, 0]);
    expect(senseOf(await make().ask([0x48, 0x81], Buffer.of(0, 0, 0, 4, 0, 0, 0, 0)))).toEqual([0x24, 0]);
  });
});

describe('a SCSI disk that misbehaves', () => {
  it('stays in the failed state until a sanitize succeeds, or was allowed to be left', async () => {
    const made = make({ misbehaviours: [{ kind: 'sanitize-failed-state' }] });
    await made.ask(BLOCK);
    made.clock.advance(10 * MINUTE);
    expect([senseOf(await made.ask(READY)), senseOf(await made.ask(READ))]).toEqual([
      [0x31, 3],
      [0x31, 3],
    ]);
    expect(senseOf(await made.ask([0x48, 0x1f]))).toEqual([0x31, 3]);
    await made.ask([0x48, 0xa2]);
    made.clock.advance(10 * MINUTE);
    expect(await made.ask([0x48, 0x1f])).toEqual({ status: 'good' });
    expect(await made.ask(READY)).toEqual({ status: 'good' });
  });

  it('says done, and the medium tells another story', async () => {
    for (const [kind, bytes] of [
      ['lies-done-erased-nothing', SIZE + SPARE],
      ['zeros-without-erasing', SIZE + SPARE],
      ['erased-half', SIZE / 2 + SPARE],
      ['hpa-left', SPARE],
    ] as const) {
      const { clock, ask, left } = make({ misbehaviours: [{ kind }] });
      await ask(BLOCK);
      clock.advance(10 * MINUTE);
      expect([(await ask(READY)).status, left().bytes]).toEqual(['good', bytes]);
    }
  });

  it('is stuck, goes on after a power loss, or aborts what it advertises', async () => {
    const stuck = make({ misbehaviours: [{ kind: 'stuck-at', percent: 40 }] });
    await stuck.ask(BLOCK);
    stuck.clock.advance(1e9);
    expect(senseOf(await stuck.ask(READY))).toEqual([0x04, 0x1b]);
    const lost = make({ misbehaviours: [{ kind: 'power-lost-at', percent: 40 }] });
    await lost.ask(BLOCK);
    lost.clock.advance(4 * MINUTE);
    lost.disk.powerOff();
    lost.disk.powerOn();
    lost.clock.advance(6 * MINUTE);
    expect([lost.accidents, lost.left()]).toEqual([['power-lost'], NOTHING]);
    const broken = make({ misbehaviours: [{ kind: 'enhanced-advertised-but-unsupported' }] });
    expect(senseOf(await broken.ask(BLOCK))).toEqual([0x24, 0]);
  });

  it('comes back as another disk, or was formatted in part when power went', async () => {
    const changed = make({
      misbehaviours: [{ kind: 'serial-changed-after' }, { kind: 'capacity-changed-after' }],
    });
    await changed.ask(BLOCK);
    changed.clock.advance(10 * MINUTE);
    const capacity = await changed.ask([0x25]);
    expect(changed.disk.serial()).toBe('DISKNEW');
    expect(capacity.status === 'good' && capacity.data!.readUInt32BE(0)).toBe(SIZE / 512 - 2049);
    const cut = make();
    await cut.ask([0x04, 0x10], Buffer.of(0, 2, 0, 0));
    cut.clock.advance(5 * MINUTE);
    cut.disk.powerOff();
    cut.disk.powerOn();
    expect([cut.disk.state(), senseOf(await cut.ask(READ))]).toEqual(['format-failed', [0x31, 1]]);
  });
});
