// Each misbehaviour that an NVMe drive can have, as a host and as the medium see it.
import { describe, expect, it } from 'vitest';
import { MISBEHAVIOURS, type Misbehaviour, type MisbehaviourKind } from '../misbehaviour.ts';
import { NOT_OF_NVME, type NvmeDescription } from './describe.ts';
import { FORMAT, rig, SANITIZE } from './rig.ts';

const MINUTE = 60_000;
const MB16 = 16 * 2 ** 20;
/** Two namespaces and 16 MiB that none has. */
const SHAPE: NvmeDescription = {
  size: '48M',
  overProvisioned: '4M',
  namespaces: [{ size: '16M' }, { size: '16M' }],
};

async function sanitized(misbehaviour: Misbehaviour, minutes = 1) {
  const machine = rig({ ...SHAPE, misbehaviours: [misbehaviour] });
  const started = (await machine.admin('sanitize', { cdw10: SANITIZE.block })).status;
  machine.clock.advance(minutes * MINUTE);
  return { ...machine, started, status: (await machine.sanitizeLog()).status };
}

/** What a test below shows, so that no kind is forgotten. */
const SHOWN = new Set<MisbehaviourKind>();
const shown = (kind: MisbehaviourKind): string => {
  SHOWN.add(kind);
  return kind;
};

describe('a drive that misbehaves', () => {
  it(`${shown('lies-done-erased-nothing')}: reports success, and reads give the data from before`, async () => {
    const { status, left, total, read, owned } = await sanitized({ kind: 'lies-done-erased-nothing' });
    expect([status, left()]).toEqual([1, total]);
    expect(read(5).data).toEqual(owned(5));
  });

  it(`${shown('erased-half')}: leaves the second half of what a host sees, and all that none sees`, async () => {
    const { status, left, total, leftInNamespace } = await sanitized({ kind: 'erased-half' });
    expect([status, leftInNamespace(1), leftInNamespace(2), left()]).toEqual([1, 0, MB16, total - MB16]);
  });

  it(`${shown('erased-one-namespace')}: erases the first`, async () => {
    const { status, leftInNamespace } = await sanitized({ kind: 'erased-one-namespace' });
    expect([status, leftInNamespace(1), leftInNamespace(2)]).toEqual([1, 0, MB16]);
  });

  it(`${shown('hpa-left')}: leaves what no namespace has, which a new namespace does not show`, async () => {
    const { status, left, leftInNamespace } = await sanitized({ kind: 'hpa-left' });
    expect([status, leftInNamespace(1), leftInNamespace(2), left()]).toEqual([1, 0, 0, MB16 + 4 * 2 ** 20]);
  });

  it(`${shown('zeros-without-erasing')}: answers zeros, until a sector is written over`, async () => {
    const { status, left, total, read, write } = await sanitized({ kind: 'zeros-without-erasing' });
    expect([status, left()]).toEqual([1, total]);
    expect(read(7).data).toEqual(Buffer.alloc(512));
    write(7, Buffer.from(Array.from({ length: 512 }, (_, at) => at)));
    expect(left()).toBe(total - 512);
  });

  it(`${shown('stale-cache')}: answers from before in the first MiB, until power is cycled`, async () => {
    const { status, left, read, owned, drive } = await sanitized({ kind: 'stale-cache' });
    expect([status, left()]).toEqual([1, 0]);
    expect(read(2047).data).toEqual(owned(2047));
    expect(read(2048).data).toEqual(Buffer.alloc(512));
    drive.powerOff();
    drive.powerOn();
    expect(read(2047).data).toEqual(Buffer.alloc(512));
  });

  it(`${shown('hangs-at')}: stands still in the middle`, async () => {
    const { happened, left, total } = await sanitized({ kind: 'hangs-at', percent: 50 });
    expect([happened, left()]).toEqual([['hung'], total / 2]);
  });

  it('loses its power also while a host overwrites it, once', () => {
    const { happened, write } = rig({ ...SHAPE, misbehaviours: [{ kind: 'power-lost-at', percent: 50 }] });
    const block = Buffer.alloc(512, 1);
    const half = (24 * 2 ** 20) / 512 - MB16 / 512;
    write(half - 2, block, 2);
    expect(happened).toEqual([]);
    for (const lba of [half - 1, half]) write(lba, block, 2);
    expect(happened).toEqual(['power-lost']);
  });

  it(`${shown('power-lost-at')}: is off in the middle, and a sanitize goes on afterwards`, async () => {
    const { happened, left, total, drive, clock, sanitizeLog } = await sanitized({
      kind: 'power-lost-at',
      percent: 50,
    });
    expect([happened, left()]).toEqual([['power-lost'], total / 2]);
    drive.powerOn();
    clock.advance(MINUTE);
    expect([(await sanitizeLog()).status, left()]).toEqual([1, 0]);
    expect(happened.filter((each) => each === 'power-lost')).toHaveLength(1);
  });

  it(`${shown('removed-in-the-middle')}: is pulled out then`, async () => {
    const { happened, left, total } = await sanitized({ kind: 'removed-in-the-middle', percent: 25 });
    expect([happened, left()]).toEqual([['removed'], total * 0.75]);
  });

  it(`${shown('disconnected-and-replayed')}: drops its link and finishes all the same`, async () => {
    const { happened, left, status } = await sanitized({ kind: 'disconnected-and-replayed', percent: 25 });
    expect([happened[0], status, left()]).toEqual(['disconnected', 1, 0]);
  });

  it(`${shown('stuck-at')}: stays there for ever, still answering`, async () => {
    const { status, sanitizeLog } = await sanitized({ kind: 'stuck-at', percent: 1 }, 60 * 24 * 7);
    expect([status, (await sanitizeLog()).progress]).toEqual([2, 655]);
  });

  it(`${shown('endless-estimate')}: estimates 90 days, and means it`, async () => {
    const { sanitizeLog } = await sanitized({ kind: 'endless-estimate' }, 45 * 24 * 60);
    const { status, progress, page } = await sanitizeLog();
    expect([status, progress, page.readUInt32LE(12)]).toEqual([2, 0x8000, 90 * 86_400]);
  });

  it(`${shown('sanitize-failed-state')}: fails, and a format fails with an error`, async () => {
    expect((await sanitized({ kind: 'sanitize-failed-state' })).status).toBe(3);
    const { admin, clock, leftInNamespace } = rig({
      ...SHAPE,
      misbehaviours: [{ kind: 'sanitize-failed-state' }],
    });
    const done = admin('format', { nsid: 1, cdw10: FORMAT.userData });
    clock.advance(MINUTE);
    expect([(await done).status, leftInNamespace(1)]).toEqual(['internal-error', MB16 / 2]);
  });

  it(`${shown('unreadable-after-success')}: has erased, and every read is an error`, async () => {
    const { status, left, read, state } = await sanitized({ kind: 'unreadable-after-success' });
    expect([status, left(), read(0).status, read(9999).status]).toEqual([
      ...[1, 0, 'unrecovered-read-error', 'unrecovered-read-error'],
    ]);
    expect(state.counters.mediaErrors).toBe(2);
  });

  it(`${shown('capacity-changed-after')}: comes back smaller`, async () => {
    const { identify } = await sanitized({ kind: 'capacity-changed-after', bytes: 2 ** 20 });
    expect((await identify(0, 1)).readBigUInt64LE(0)).toBe(2048n);
  });

  it(`${shown('lba-format-changed-after')}: comes back with other blocks, also after a format that named its own`, async () => {
    const { identify } = await sanitized({ kind: 'lba-format-changed-after' });
    expect((await identify(0, 1)).readUInt8(26)).toBe(1);
    const other = rig({ ...SHAPE, misbehaviours: [{ kind: 'lba-format-changed-after' }] });
    void other.admin('format', { nsid: 1, cdw10: FORMAT.userData });
    other.clock.advance(MINUTE);
    expect((await other.identify(0, 1)).readUInt8(26)).toBe(1);
  });

  it(`${shown('serial-changed-after')}: says another serial`, async () => {
    const { identify } = await sanitized({ kind: 'serial-changed-after', serial: 'SOMEBODY ELSE' });
    expect((await identify(1)).toString('latin1', 4, 24).trim()).toBe('SOMEBODY ELSE');
  });

  it(`${shown('bad-sectors')}: cannot be read, written or erased there, and a self-test finds it`, async () => {
    const { read, write, left, admin, clock, state } = await sanitized({
      kind: 'bad-sectors',
      sectors: [100, 900],
    });
    expect(left()).toBe(1024);
    expect([read(96, 8).status, write(96, Buffer.alloc(4096)).status]).toEqual([
      ...['unrecovered-read-error', 'write-fault'],
    ]);
    await admin('selfTest', { cdw10: 1 });
    clock.advance(2 * MINUTE);
    expect(state.selfTests[0]?.result).toBe(7);
  });

  it(`${shown('read-errors-on-read-back-only')}: reads until it was erased`, async () => {
    const [fresh, after] = [
      rig({ ...SHAPE, misbehaviours: [{ kind: 'read-errors-on-read-back-only', sectors: [3] }] }),
      await sanitized({ kind: 'read-errors-on-read-back-only', sectors: [3] }),
    ];
    expect([fresh.read(3).status, after.read(3).status, after.write(3, Buffer.alloc(512)).status]).toEqual([
      ...['success', 'unrecovered-read-error', 'success'],
    ]);
  });

  it(`${shown('frozen')}: refuses to erase until its power was cycled`, async () => {
    const { started, admin, drive } = await sanitized({ kind: 'frozen' });
    expect(started).toBe('sequence-error');
    expect((await admin('format', { nsid: 1, cdw10: FORMAT.userData })).status).toBe('sequence-error');
    drive.powerOff();
    drive.powerOn();
    expect((await admin('sanitize', { cdw10: SANITIZE.block })).status).toBe('success');
  });

  it(`${shown('enhanced-advertised-but-unsupported')}: advertises, and aborts`, async () => {
    const { started, identify, admin } = await sanitized({ kind: 'enhanced-advertised-but-unsupported' });
    expect([started, (await identify(1)).readUInt32LE(328) & 7]).toEqual(['invalid-opcode', 7]);
    expect((await admin('format', { nsid: 1, cdw10: FORMAT.crypto })).status).toBe('invalid-field');
  });

  it(`${shown('4Kn')}: has blocks of 4096 bytes`, async () => {
    const { identify, io } = rig({ ...SHAPE, misbehaviours: [{ kind: '4Kn' }] });
    expect((await identify(0, 1)).readBigUInt64LE(0)).toBe(BigInt(MB16 / 4096));
    expect(io('read').data).toHaveLength(4096);
  });

  it('is refused, with the reason, where NVMe has no means to', () => {
    for (const kind of Object.keys(NOT_OF_NVME) as (keyof typeof NOT_OF_NVME)[])
      expect(() => rig({ misbehaviours: [{ kind } as Misbehaviour] })).toThrow(
        expect.objectContaining({ code: 'not-applicable' }),
      );
  });

  it('is shown here in every kind', () => {
    const elsewhere: MisbehaviourKind[] = ['two-drives-with-one-serial'];
    const all = Object.keys(MISBEHAVIOURS);
    expect([...SHOWN, ...elsewhere, ...Object.keys(NOT_OF_NVME)].sort()).toEqual(all.sort());
  });
});
