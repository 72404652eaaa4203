import { describe, expect, it } from 'vitest';
import { rig, SANITIZE } from './rig.ts';

const MINUTE = 60_000;
const COMPLETED = 'event 810106';

describe('Sanitize', () => {
  it.each([
    ['block', SANITIZE.block, 60],
    ['crypto', SANITIZE.crypto, 4],
    ['overwrite', SANITIZE.overwrite, 600],
  ])('%s reaches every cell, tells its progress, and says so at the end', async (_, cdw10, seconds) => {
    const { admin, clock, sanitizeLog, left, happened } = rig({ size: '2T', namespaces: [{ size: '1T' }] });
    expect(await sanitizeLog()).toMatchObject({ status: 0, progress: 0xffff });
    expect((await admin('sanitize', { cdw10 })).status).toBe('success');
    clock.advance(seconds * 500);
    expect(await sanitizeLog()).toMatchObject({ status: 2, progress: 0x8000 });
    clock.advance(seconds * 500);
    const { status, progress, page } = await sanitizeLog();
    expect([status, progress, page.readUInt16LE(2) & 0x100, page.readUInt32LE(4)]).toEqual([
      1,
      0xffff,
      0x100,
      cdw10,
    ]);
    expect([left(), happened]).toEqual([0, [COMPLETED]]);
  });

  it('refuses I/O and most commands meanwhile', async () => {
    const { admin, read, clock } = rig();
    await admin('sanitize', { cdw10: SANITIZE.block });
    expect(read(0).status).toBe('sanitize-in-progress');
    for (const name of ['format', 'selfTest', 'manageNamespace', 'sanitize'] as const)
      expect((await admin(name, { nsid: 1, cdw10: 2 })).status).toBe('sanitize-in-progress');
    expect((await admin('identify', { cdw10: 1 })).status).toBe('success');
    expect((await admin('getLog', { cdw10: 3 })).status).toBe('sanitize-in-progress');
    clock.advance(MINUTE);
    expect(read(0).status).toBe('success');
  });

  it('goes on after a power cycle where it was', async () => {
    const { admin, clock, drive, sanitizeLog, left, total } = rig();
    await admin('sanitize', { cdw10: SANITIZE.block });
    clock.advance(MINUTE / 4);
    drive.powerOff();
    clock.advance(MINUTE * 60);
    expect(left()).toBe(total * 0.75);
    drive.powerOn();
    expect((await sanitizeLog()).progress).toBe(0x4000);
    clock.advance(MINUTE * 0.75);
    expect([(await sanitizeLog()).status, left()]).toEqual([1, 0]);
  });

  it('leaves the overwrite’s pattern or a changed key to read without deallocation, and zeros with it', async () => {
    const { admin, clock, read, owned } = rig();
    const run = async (cdw10: number, cdw11 = 0): Promise<Buffer> => {
      await admin('sanitize', { cdw10, cdw11 });
      clock.advance(MINUTE * 20);
      return read(3).data!;
    };
    expect((await run(SANITIZE.overwrite | SANITIZE.noDeallocate, 0x01020304)).subarray(0, 8)).toEqual(
      Buffer.of(4, 3, 2, 1, 4, 3, 2, 1),
    );
    const inverted = 3 | (2 << 4) | 0x100 | SANITIZE.noDeallocate;
    expect((await run(inverted, 0)).subarray(0, 2)).toEqual(Buffer.of(255, 255));
    const scrambled = await run(SANITIZE.crypto | SANITIZE.noDeallocate);
    expect(scrambled.equals(owned(3)) || scrambled.equals(Buffer.alloc(512))).toBe(false);
    expect(await run(SANITIZE.block | SANITIZE.noDeallocate)).toEqual(Buffer.alloc(512, 255));
    expect(await run(SANITIZE.block)).toEqual(Buffer.alloc(512));
  });

  it('counts the passes of an overwrite, 0 being 16', async () => {
    const { admin, clock, sanitizeLog } = rig();
    await admin('sanitize', { cdw10: 3 });
    clock.advance(10 * MINUTE * 5);
    expect((await sanitizeLog()).page.readUInt16LE(2) >> 3).toBe(5);
    clock.advance(10 * MINUTE * 11);
    expect(((await sanitizeLog()).page.readUInt16LE(2) >> 3) & 31).toBe(16);
  });

  it('checks what it can, since neither kernel nor nvme-cli does', async () => {
    const bare = rig({ sanitize: ['block'] });
    expect((await bare.admin('sanitize', { cdw10: SANITIZE.crypto })).status).toBe('invalid-field');
    expect((await bare.admin('sanitize', { cdw10: 0 })).status).toBe('invalid-field');
    const none = rig({ sanitize: [] });
    expect((await none.admin('sanitize', { cdw10: SANITIZE.block })).status).toBe('invalid-field');
    expect((await none.admin('getLog', { cdw10: 0x81 })).status).toBe('invalid-log-page');
  });

  it('inhibits no-deallocate by an error, or a warning where the host set NODRM', async () => {
    const { admin, clock, sanitizeLog, state } = rig({ noDeallocateInhibited: true });
    const cdw10 = SANITIZE.block | SANITIZE.noDeallocate;
    expect((await admin('sanitize', { cdw10 })).status).toBe('invalid-field');
    state.warnsOfDeallocation = true;
    expect((await admin('sanitize', { cdw10 })).status).toBe('success');
    clock.advance(MINUTE);
    expect((await sanitizeLog()).status).toBe(4);
  });
});

describe('a Sanitize that failed', () => {
  const failed = async (more: number) => {
    const machine = rig({ misbehaviours: [{ kind: 'sanitize-failed-state' }] });
    await machine.admin('sanitize', { cdw10: SANITIZE.block | more });
    machine.clock.advance(MINUTE);
    return machine;
  };

  it('says so, has erased the first half, and refuses I/O, also after a power cycle', async () => {
    const { sanitizeLog, read, drive, left, total } = await failed(0);
    drive.powerOff();
    drive.powerOn();
    expect((await sanitizeLog()).status).toBe(3);
    expect(read(0).status).toBe('sanitize-failed');
    expect(left()).toBe(total / 2);
  });

  it('in restricted mode is not left by exit failure, nor by an unrestricted sanitize', async () => {
    const { admin } = await failed(0);
    expect((await admin('sanitize', { cdw10: SANITIZE.exitFailure })).status).toBe('sanitize-failed');
    expect((await admin('sanitize', { cdw10: SANITIZE.block | SANITIZE.ause })).status).toBe(
      'sanitize-failed',
    );
    expect((await admin('sanitize', { cdw10: SANITIZE.crypto })).status).toBe('success');
  });

  it('in unrestricted mode is left by exit failure, with the data that is left', async () => {
    const { admin, read, owned, addressable } = await failed(SANITIZE.ause);
    expect((await admin('sanitize', { cdw10: SANITIZE.exitFailure })).status).toBe('success');
    const last = addressable / 512 - 1;
    expect(read(last).data).toEqual(owned(last));
  });
});
