import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { Misbehaviour } from '../misbehaviour.ts';
import { FORMAT, rig } from './rig.ts';

const MINUTE = 60_000;
const TWO = { namespaces: [{ size: '16M' }, { size: '16M' }] };

describe('Format NVM', () => {
  it.each([
    ['user data', FORMAT.userData],
    ['crypto', FORMAT.crypto],
  ])(
    'with secure erase of %s erases its namespace, and neither others nor what no address reaches',
    async (_, cdw10) => {
      const { admin, clock, leftInNamespace, left, total, identify } = rig(TWO);
      const done = admin('format', { nsid: 1, cdw10 });
      await Promise.resolve();
      expect((await identify(0, 1)).readUInt8(32)).toBe(0x80 | 100);
      clock.advance(MINUTE);
      expect((await done).status).toBe('success');
      expect([leftInNamespace(1), leftInNamespace(2)]).toEqual([0, 16 * 2 ** 20]);
      expect(left()).toBe(total - 16 * 2 ** 20);
    },
  );

  it('without secure erase shows zeros and leaves all data on the medium', async () => {
    const { admin, clock, left, total, read } = rig();
    const done = admin('format', { nsid: 1, cdw10: FORMAT.none });
    clock.advance(1000);
    expect((await done).status).toBe('success');
    expect(read(9).data).toEqual(Buffer.alloc(512));
    expect(left()).toBe(total);
  });

  it('refuses I/O to its namespace meanwhile, and only to it', async () => {
    const { admin, read } = rig(TWO);
    void admin('format', { nsid: 1, cdw10: FORMAT.userData });
    expect([read(0, 1, 1).status, read(0, 1, 2).status]).toEqual(['format-in-progress', 'success']);
    expect((await admin('sanitize', { cdw10: 2 })).status).toBe('format-in-progress');
  });

  it('changes the LBA format, by which the same bytes are fewer blocks', async () => {
    const { admin, clock, identify } = rig();
    const blocks = async (): Promise<bigint> => (await identify(0, 1)).readBigUInt64LE(0);
    const before = await blocks();
    void admin('format', { nsid: 1, cdw10: FORMAT.userData | 1 });
    clock.advance(MINUTE);
    expect([await blocks(), (await identify(0, 1)).readUInt8(26)]).toEqual([before / 8n, 1]);
  });

  it('follows FNA: all at once, or all when it erases', async () => {
    const everything = async (description: object, cdw10: number) => {
      const { admin, clock, leftInNamespace } = rig({ ...TWO, ...description });
      void admin('format', { nsid: 1, cdw10 });
      clock.advance(MINUTE);
      return leftInNamespace(2);
    };
    expect(await everything({ formatsAll: true }, FORMAT.userData)).toBe(0);
    expect(await everything({ erasesAll: true }, FORMAT.crypto)).toBe(0);
    expect(await everything({}, FORMAT.userData)).toBe(16 * 2 ** 20);
  });

  it('reaches all active namespaces when asked for FFFFFFFFh', async () => {
    const hidden = { size: '8M', attached: false };
    const { admin, clock, leftInNamespace } = rig({ namespaces: [...TWO.namespaces, hidden] });
    void admin('format', { nsid: 0xffff_ffff, cdw10: FORMAT.userData });
    clock.advance(MINUTE);
    expect([1, 2, 3].map(leftInNamespace)).toEqual([0, 0, 8 * 2 ** 20]);
  });

  it('is over when power is lost, and half done', async () => {
    const { admin, clock, drive, leftInNamespace, read } = rig(TWO);
    void admin('format', { nsid: 1, cdw10: FORMAT.userData });
    clock.advance(MINUTE / 2);
    drive.powerOff();
    drive.powerOn();
    clock.advance(MINUTE * 10);
    expect(leftInNamespace(1)).toBe(8 * 2 ** 20);
    expect(read(0).status).toBe('success');
  });

  it('lies, stops and is stuck as a sanitize does', async () => {
    const after = async (misbehaviour: Misbehaviour) => {
      const machine = rig({ ...TWO, misbehaviours: [misbehaviour] });
      let status = 'none';
      void machine
        .admin('format', { nsid: 1, cdw10: FORMAT.userData })
        .then((done) => (status = done.status));
      machine.clock.advance(10 * MINUTE);
      await setImmediate();
      return { status, left: machine.leftInNamespace(1) / 2 ** 20, happened: machine.happened };
    };
    expect(await after({ kind: 'lies-done-erased-nothing' })).toMatchObject({ status: 'success', left: 16 });
    expect(await after({ kind: 'zeros-without-erasing' })).toMatchObject({ status: 'success', left: 16 });
    expect(await after({ kind: 'erased-half' })).toMatchObject({ status: 'success', left: 8 });
    expect(await after({ kind: 'stuck-at', percent: 25 })).toMatchObject({ status: 'none', left: 12 });
    expect(await after({ kind: 'power-lost-at', percent: 50 })).toEqual({
      ...{ status: 'none', left: 8, happened: ['power-lost'] },
    });
  });

  it('checks OACS, FNA, the namespace and the format', async () => {
    const status = async (description: object, words: object) =>
      (await rig(description).admin('format', { nsid: 1, ...words })).status;
    expect(await status({ format: false }, {})).toBe('invalid-opcode');
    expect(await status({ cryptoFormat: false }, { cdw10: FORMAT.crypto })).toBe('invalid-field');
    expect(await status({}, { cdw10: 3 << 9 })).toBe('invalid-field');
    expect(await status({}, { cdw10: 5 })).toBe('invalid-format');
    expect(await status({}, { nsid: 2 })).toBe('invalid-namespace');
    expect(await status({}, { cdw10: 0x20 })).toBe('invalid-field');
  });
});
