// NVMe drives of the lab under the live image's own kernel, nvme-cli and smartctl, in one small guest.
import { existsSync, globSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { scratch } from '../scratch.ts';
import { newestImage, systemOf } from '../virtual-laptop/image.ts';
import { startNvmeGuest, type NvmeGuest } from './nvme-guest.ts';
import { type LabNvme, type NvmeLab, openNvmeLab } from './nvme.ts';

const builds = join(import.meta.dirname, '../../build/live-image');
const built = existsSync(builds) && globSync('*/manifest.json', { cwd: builds }).length > 0;
const MiB = 2 ** 20;

describe.skipIf(!built)('NVMe drives of the lab, under Linux', () => {
  let lab: NvmeLab;
  let guest: NvmeGuest;
  beforeAll(async () => {
    const folder = scratch('nvme-lab');
    const tree = systemOf(newestImage(builds), join(folder.path, 'system'));
    lab = await openNvmeLab({ speed: 60 });
    guest = await startNvmeGuest({ folder: folder.path, tree });
    return async () => {
      await guest[Symbol.asyncDispose]();
      await lab[Symbol.asyncDispose]();
      folder.remove();
    };
  });

  // Of a test that failed nothing stays connected.
  afterEach(async () => void (await guest.run('nvme disconnect-all')));

  const json = async (line: string): Promise<Record<string, unknown>> =>
    JSON.parse((await guest.run(line)).text) as Record<string, unknown>;
  const sanitizeLog = async (
    controller: string,
  ): Promise<{ progress: number; status: string; state: string }> => {
    const [log] = Object.values(await json(`nvme sanitize-log ${controller} -o json`)) as [
      { sprog: number; sstat: { status: string }; sanitize_state_information: { sanitize_state: string } },
    ];
    const { sprog: progress, sstat, sanitize_state_information: information } = log;
    return { progress, status: sstat.status, state: information.sanitize_state };
  };
  const settled = async (controller: string): Promise<string> => {
    for (;;) {
      const { status } = await sanitizeLog(controller);
      if (!/^\(2\)/.test(status)) return status;
      await guest.run('usleep 300000');
    }
  };
  const words = (drive: LabNvme): string[] => drive.log.map((each) => each.words);

  it('are listed and identified, with what they hide', async () => {
    const drive = lab.nvme({
      ...{ size: '2T', serial: 'LAB-ONE', model: 'Lab of 2 TB', firmware: '7.1' },
      namespaces: [{ size: '1T' }, { size: '4G', attached: false }],
    });
    const { controller, block } = await guest.connect(drive);
    expect((await guest.run('nvme list')).text).toMatch(/LAB-ONE\s+Lab of 2 TB/);
    expect(await json(`nvme id-ctrl ${controller} -o json`)).toMatchObject({
      ...{ sn: 'LAB-ONE'.padEnd(20), fr: '7.1     ', oacs: 26, fna: 4, sanicap: 0x4000_0007 },
      unvmcap: 2 ** 40 - 4 * 2 ** 30,
      tnvmcap: 2 ** 41,
    });
    expect(await json(`nvme list-ns ${controller} -a -o json`)).toEqual({
      nsid_list: [{ nsid: 1 }, { nsid: 2 }],
    });
    expect(await json(`nvme list-ns ${controller} -o json`)).toEqual({ nsid_list: [{ nsid: 1 }] });
    expect((await guest.run(`cat /sys/block/${block.slice(5)}/size`)).text.trim()).toBe(String(2 ** 31));
    expect(await json(`nvme smart-log ${controller} -o json`)).toMatchObject({
      critical_warning: 0,
      temperature: 311,
    });
    const { text, status } = await guest.run(`smartctl -x ${controller}`);
    expect(status).toBe(0);
    for (const line of [/Serial Number: +LAB-ONE/, /PASSED/, /Self-test Log/]) expect(text).toMatch(line);
    await guest.run(`nvme attach-ns ${controller} -n 2 -c 1`);
    expect((await guest.run(`lab_wait 'ls ${block.replace(/1$/, '2')}'`)).status).toBe(0);
    await guest.disconnect(drive);
  });

  it('are like an ordinary laptop’s, with one namespace and no way to manage it, unless told otherwise', async () => {
    const drive = lab.nvme({ size: '512G' });
    const { controller } = await guest.connect(drive);
    expect(await json(`nvme id-ctrl ${controller} -o json`)).toMatchObject({ nn: 1, oacs: 18, unvmcap: 0 });
    expect((await guest.run(`nvme list-ns ${controller} -a`)).status).not.toBe(0);
    expect((await guest.run(`smartctl -i ${controller}`)).text).toMatch(
      /Namespace 1 Size.Capacity: +549,755,813,888/,
    );
    await guest.disconnect(drive);
  });

  it('read, write, flush and deallocate', async () => {
    const drive = lab.nvme({ size: '64M' });
    const { block } = await guest.connect(drive);
    const sum = async (): Promise<string> =>
      (await guest.run(`dd if=${block} bs=1M count=8 iflag=direct 2>/dev/null | md5sum`)).text;
    const before = await sum();
    await guest.run(`dd if=/dev/urandom of=/tmp/noise bs=1M count=8 2>/dev/null`);
    expect((await guest.run(`dd if=/tmp/noise of=${block} bs=1M oflag=direct conv=fsync`)).status).toBe(0);
    const written = await sum();
    expect(written).toBe((await guest.run('md5sum </tmp/noise')).text);
    expect(written).not.toBe(before);
    expect(words(drive)).toContain('flush');
    expect(drive.left().addressable.bytes).toBe(56 * MiB);
    expect((await guest.run(`blkdiscard ${block}`)).status).toBe(0);
    expect((await guest.run(`cmp -n ${64 * MiB} ${block} /dev/zero`)).status).toBe(0);
    // The data is still in the cells: that is why a discard proves nothing.
    expect(drive.left().addressable.bytes).toBe(56 * MiB);
    expect((await guest.run(`/usr/sbin/blkdiscard -z ${block}`)).status).toBe(0);
    expect(words(drive).some((each) => each.startsWith('writeZeroes'))).toBe(true);
    await guest.disconnect(drive);
  });

  it('are formatted with secure erase, into other blocks too', async () => {
    const drive = lab.nvme({ size: '64M', overProvisioned: '4M' });
    const { controller, block } = await guest.connect(drive);
    expect((await guest.run(`nvme format ${controller} -n 1 --force`)).status).toBe(0);
    expect(drive.left().namespaces[1]?.bytes).toBe(64 * MiB);
    expect((await guest.run(`nvme format ${controller} -n 1 -s 1 -l 1 --force`)).status).toBe(0);
    expect(drive.left()).toMatchObject({ addressable: { bytes: 0 }, overProvisioned: { bytes: 4 * MiB } });
    expect((await guest.run(`cat /sys/block/${block.slice(5)}/queue/logical_block_size`)).text.trim()).toBe(
      '4096',
    );
    expect((await guest.run(`nvme format ${controller} -n 1 -s 2 -l 1 --force`)).status).toBe(0);
    expect(words(drive).filter((each) => each.startsWith('format'))).toEqual([
      ...['format ses=0 lbaf=0', 'format ses=1 lbaf=1', 'format ses=2 lbaf=1'],
    ]);
    await guest.disconnect(drive);
  });

  it('refuse what they do not have, which nobody else checks', async () => {
    const drive = lab.nvme({ format: false, sanitize: ['crypto'] });
    const { controller } = await guest.connect(drive);
    expect((await guest.run(`nvme format ${controller} -n 1 -s 1 -l 0 --force`)).status).not.toBe(0);
    expect((await guest.run(`nvme sanitize ${controller} -a 2`)).status).not.toBe(0);
    expect(drive.left().total.bytes).toBe(drive.store.size);
    await guest.disconnect(drive);
  });

  it.each([
    ['block', '-a 2', { block: 240 }],
    ['overwrite', '-a 3 -n 1 -p 0xdeadbeef', { overwrite: 240 }],
    ['crypto', '-a 4', { crypto: 240 }],
  ])('sanitize by %s, with progress, and no I/O meanwhile', async (_, how, durations) => {
    const drive = lab.nvme({ size: '2T', namespaces: [{ size: '1T' }], durations });
    const { controller, block } = await guest.connect(drive);
    expect((await guest.run(`nvme sanitize ${controller} ${how} --ause`)).status).toBe(0);
    const { progress, status, state } = await sanitizeLog(controller);
    expect([status, state]).toEqual([expect.stringMatching(/^\(2\)/), expect.stringMatching(/^\(3\)/)]);
    expect(progress).toBeLessThan(65535);
    expect((await guest.run(`dd if=${block} of=/dev/null bs=4k count=1 iflag=direct`)).status).not.toBe(0);
    expect(await settled(controller)).toMatch(/^\(1\)/);
    expect(drive.left().total.bytes).toBe(0);
    expect((await guest.run(`dd if=${block} of=/dev/null bs=4k count=1 iflag=direct`)).status).toBe(0);
    await guest.disconnect(drive);
  });

  it('fail a sanitize, say so, and are usable again by the exit of the failure', async () => {
    const drive = lab.nvme({ misbehaviours: [{ kind: 'sanitize-failed-state' }] });
    const { controller, block } = await guest.connect(drive);
    const read = async (): Promise<number> =>
      (await guest.run(`dd if=${block} of=/dev/null bs=4k count=1 iflag=direct`)).status;
    await guest.run(`nvme sanitize ${controller} -a 2 --ause`);
    expect(await settled(controller)).toMatch(/^\(3\)/);
    expect(await read()).not.toBe(0);
    expect((await guest.run(`nvme sanitize ${controller} -a 1`)).status).toBe(0);
    expect(await read()).toBe(0);
    expect(drive.left().total.bytes).toBeGreaterThan(0);
    await guest.disconnect(drive);
  });

  it('go on with a sanitize after power was lost at 40 %, the host being connected again', async () => {
    const drive = lab.nvme({
      durations: { block: 1200 },
      misbehaviours: [{ kind: 'power-lost-at', percent: 40 }],
    });
    const { controller } = await guest.connect(drive);
    await guest.run(`nvme sanitize ${controller} -a 2`);
    const live = `grep -q live /sys/class/nvme/${controller.slice(5)}/state`;
    expect(
      (await guest.run(`for turn in $(seq 150); do ${live} || break; usleep 100000; done; ! ${live}`)).status,
    ).toBe(0);
    expect(
      (await guest.run(`for turn in $(seq 300); do ${live} && break; usleep 100000; done; ${live}`)).status,
    ).toBe(0);
    const { status, progress } = await sanitizeLog(controller);
    expect(status).toMatch(/^\(2\)/);
    expect(progress).toBeGreaterThan(0.4 * 65535 - 1);
    expect(await settled(controller)).toMatch(/^\(1\)/);
    expect(drive.left().total.bytes).toBe(0);
    expect(drive.log.filter((each) => each.words.startsWith('sanitize'))).toHaveLength(1);
    await guest.disconnect(drive);
  });

  it('are pulled out in the middle of a write, and the device is gone', async () => {
    const drive = lab.nvme({ size: '1G' });
    const { block } = await guest.connect(drive);
    const writing = guest.run(`dd if=/dev/urandom of=${block} bs=64k oflag=direct`);
    while (!words(drive).some((each) => each.startsWith('write')))
      await new Promise((next) => setTimeout(next, 20));
    await drive.remove();
    expect((await writing).status).not.toBe(0);
    expect((await guest.run(`lab_gone ${drive.nqn} && [ ! -e ${block} ]`)).status).toBe(0);
    drive.insert();
    await guest.connect(drive);
    await guest.disconnect(drive);
  });

  it('show bad sectors, blocks of 4096 bytes, and two of one serial', async () => {
    const first = lab.nvme({ serial: 'TWIN', misbehaviours: [{ kind: 'bad-sectors', sectors: [1000] }] });
    const second = lab.nvme({ misbehaviours: [{ kind: 'two-drives-with-one-serial' }, { kind: '4Kn' }] });
    const [one, other] = [await guest.connect(first), await guest.connect(second)];
    const size = `cat /sys/block/${other.block.slice(5)}/queue/logical_block_size`;
    expect((await guest.run('nvme list')).text.match(/TWIN/g)).toHaveLength(2);
    const read = (block: string, more: string) =>
      guest.run(`dd if=${block} of=/dev/null iflag=direct ${more}`);
    expect((await read(one.block, 'bs=512 skip=1000 count=1')).status).not.toBe(0);
    expect((await read(one.block, 'bs=512 skip=1001 count=1')).status).toBe(0);
    expect((await guest.run(size)).text.trim()).toBe('4096');
    await guest.disconnect(first);
    await guest.disconnect(second);
  });

  it('test themselves', async () => {
    const drive = lab.nvme({ durations: { shortTest: 60 } });
    const { controller } = await guest.connect(drive);
    expect((await guest.run(`nvme device-self-test ${controller} -n 1 -s 1`)).status).toBe(0);
    expect((await guest.run(`smartctl -l selftest ${controller}`)).text).toMatch(/in progress/);
    await guest.run('sleep 2');
    expect((await guest.run(`smartctl -l selftest ${controller}`)).text).toMatch(
      /Short\s+Completed without error/,
    );
    await guest.disconnect(drive);
  });

  it('come and go by the dozen in one guest', async () => {
    for (let count = 0; count < 36; count += 1) {
      const drive = lab.nvme({ size: '1T', durations: { cryptoFormat: 1 } });
      const { controller, block } = await guest.connect(drive);
      expect((await guest.run(`nvme format ${controller} -n 1 -s 2 -l 0 --force`)).status).toBe(0);
      expect((await guest.run(`dd if=${block} bs=1M count=1 | cmp -n ${MiB} - /dev/zero`)).status).toBe(0);
      expect(drive.left().addressable.bytes).toBe(0);
      await guest.disconnect(drive);
      await drive.discard();
    }
    expect((await guest.run('ls /sys/class/nvme')).text.trim()).toBe('');
  });
});
