// The real hdparm, smartctl and sg3-utils of the live image against lab drives, in a small guest. Needs an image
// (`npm run live-image`). What the tools print is asked of them, and what happened is asked of the medium.
import { existsSync, globSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { scratch } from '../scratch.ts';
import { newestImage, systemOf } from '../virtual-laptop/image.ts';
import { type LabGuest, startLabGuest } from './guest.ts';
import { type Lab, type LabDrive, openLab } from './lab.ts';
import type { Misbehaviour } from './misbehaviour.ts';

const builds = join(import.meta.dirname, '../../build/live-image');
const built = existsSync(builds) && globSync('*/manifest.json', { cwd: builds }).length > 0;

const PASSWORD = 'hdparm --user-master u --security-set-pass pw';
const ENHANCED = 'hdparm --user-master u --security-erase-enhanced pw';
const NORMAL = 'hdparm --user-master u --security-erase pw';
const REALLY = 'hdparm --yes-i-know-what-i-am-doing';
const ENDS_WITHIN_MS = 30_000;
const NOTHING = { bytes: 0, first: null };

describe.skipIf(!built)('the tools of the live image, against lab drives', () => {
  const folder = scratch('drive-lab');
  let lab: Lab;
  let guest: LabGuest;
  beforeAll(async () => {
    lab = await openLab({ speed: 1200 });
    const tree = systemOf(newestImage(builds), join(folder.path, 'system'));
    const extra = ['-global', 'ICH9-LPC.disable_s3=0'];
    guest = await startLabGuest({ folder: join(folder.path, 'guest'), tree, lab, extra });
    lab.followSuspends(guest.laptop);
  });
  afterAll(async () => {
    await guest[Symbol.asyncDispose]();
    await lab[Symbol.asyncDispose]();
    folder.remove();
  });

  /** Plugs a drive in; `say` runs a line with the drive at its end, or at `DEV`, and gives text and status as one. */
  async function plugged(drive: LabDrive) {
    const device = await guest.plug(drive);
    const say = async (line: string): Promise<string> => {
      const whole = line.includes('DEV') ? line.replaceAll('DEV', device) : `${line} ${device}`;
      const { text, status } = await guest.run(whole);
      return `${text}\n→ ${status}`;
    };
    const until = async (line: string, wanted: RegExp): Promise<string> => {
      // By the clock of the drives, which do not work faster where the guest asks faster.
      for (const began = performance.now(); performance.now() - began < ENDS_WITHIN_MS; await wait(20)) {
        const said = await say(line);
        if (wanted.test(said)) return said;
      }
      throw new Error(`${line} never said ${String(wanted)}: ${await say(line)}`);
    };
    return { say, until, [Symbol.asyncDispose]: () => guest.unplug(drive) };
  }
  const ssd = (...misbehaviours: Misbehaviour[]) => lab.ata({ size: '2T', misbehaviours });

  it('identify a drive of 2 TB, and its health', async () => {
    const disk = lab.ata({ size: '2T', serial: 'IDENTIFY01', smart: { reallocated: 17, failing: true } });
    await using drive = await plugged(disk);
    const identity = await drive.say('hdparm -I');
    expect(identity).toMatch(/Serial Number: {6}IDENTIFY01/);
    expect(identity).toMatch(/LBA48 {2}user addressable sectors: {2}4294967296/);
    expect(identity).toMatch(/not\tlocked\n\tnot\tfrozen/);
    expect(identity).toContain('Checksum: correct');
    const health = await drive.say('smartctl -x');
    expect(health).toMatch(/Reallocated_Sector_Ct .* 17$/m);
    expect(health).toContain('test result: FAILED!');
    expect(health).not.toMatch(/checksum|invalid/i);
    expect(
      await drive.say(
        'cat /sys/block/$(basename DEV)/device/wwid /sys/block/$(basename DEV)/queue/rotational',
      ),
    ).toMatch(/naa\.5000c5\w{10}\n0/);
  });

  it('run a self-test', async () => {
    await using drive = await plugged(lab.ata({ size: '1G', smart: { selfTest: 'fails' } }));
    expect(await drive.say('smartctl -t short')).toContain('Testing has begun');
    expect(await drive.until('smartctl -l selftest', /Completed/)).toContain('Completed: read failure');
  });

  it('erase by SECURITY, hidden area and replaced sectors too when enhanced', async () => {
    const disk = lab.ata({ size: '2T', hpa: { visible: '1T' } });
    await using drive = await plugged(disk);
    expect(await drive.say(PASSWORD)).toContain('→ 0');
    expect(await drive.say('hdparm -I')).toMatch(/\t\tenabled/);
    expect(await drive.say(ENHANCED.replace('pw', 'wrong'))).toContain('→ 5');
    expect(disk.store.ownerLeft().bytes).toBe(disk.store.size);
    expect(await drive.say(NORMAL)).toContain('→ 0');
    expect(disk.store.ownerLeft('addressable')).toEqual({ bytes: 2 ** 40, first: 2 ** 40 });
    expect(await drive.say(PASSWORD)).toContain('→ 0');
    expect(await drive.say(ENHANCED)).toContain('→ 0');
    expect(await drive.say('hdparm -I')).toMatch(/not\tenabled/);
    expect(disk.store.ownerLeft()).toEqual(NOTHING);
  });

  it('meet a frozen drive, and thaw it by a real suspend', async () => {
    const disk = ssd({ kind: 'frozen' });
    await using drive = await plugged(disk);
    expect(await drive.say('hdparm -I')).toMatch(/\t\tfrozen/);
    expect(await drive.say(PASSWORD)).toContain('→ 5');
    await guest.run('rtcwake -m mem -s 2', { timeout: 90_000 });
    // The first one after a resume meets a reset of the controller.
    expect(await drive.until('hdparm -I', /Security/)).toMatch(/not\tfrozen/);
    expect(await drive.say(PASSWORD)).toContain('→ 0');
    expect(await drive.say(ENHANCED)).toContain('→ 0');
    expect(disk.store.ownerLeft()).toEqual(NOTHING);
  });

  it('open what HPA and DCO hide', async () => {
    const disk = lab.ata({ size: '2G', dco: { visible: '1G' }, hpa: { visible: '512M' } });
    await using drive = await plugged(disk);
    expect(await drive.say('hdparm -N')).toContain('1048576/2097152, HPA is enabled');
    expect(await drive.say('hdparm --dco-identify')).toContain('Real max sectors: 4194304');
    expect(await drive.say(`${REALLY} --dco-restore`)).toContain('→ 5');
    expect(await drive.say(`${REALLY} -N p2097152`)).toContain('2097152/2097152, HPA is disabled');
    expect(await drive.say(`${REALLY} --dco-restore`)).toContain('→ 0');
    expect(await drive.say('hdparm -N')).toContain('4194304/4194304, HPA is disabled');
  });

  it.each([
    ['--sanitize-block-erase', 0],
    ['--sanitize-crypto-scramble', null],
    ['--sanitize-overwrite-passes 1 --sanitize-overwrite hex:a5a5a5a5', 0xa5],
  ] as const)('sanitize: %s', async (option, residue) => {
    const disk = ssd();
    await using drive = await plugged(disk);
    expect(await drive.say('hdparm --sanitize-antifreeze-lock')).toContain('→ 0');
    expect(await drive.say('hdparm --sanitize-freeze-lock')).toContain('→ 5');
    expect(await drive.say(`${REALLY} ${option}`)).toContain('Operation started in background');
    expect(await drive.say('hdparm --sanitize-status')).toMatch(
      /SD2 .*In Process\n\s+Progress: 0x\w+ \(\d+%\)/,
    );
    await drive.until('hdparm --sanitize-status', /SD0 Sanitize Idle\n\s+Last .* Completed Without Error/);
    expect(disk.store.ownerLeft()).toEqual(NOTHING);
    const first = disk.store.read({ start: 0, end: 512 });
    expect(first.every((byte) => byte === first[0])).toBe(residue !== null);
    if (residue !== null) expect(first[0]).toBe(residue);
  });

  it('see what a drive says of a sanitize that failed or is stuck', async () => {
    await using failing = await plugged(ssd({ kind: 'sanitize-failed-state' }));
    await failing.say(`${REALLY} --sanitize-block-erase`);
    expect(await failing.until('hdparm --sanitize-status', /SD3/)).toContain('→ 5');
    expect(await failing.say('dd of=/dev/null count=1 if=DEV')).toContain('Input/output error');
    await using stuck = await plugged(ssd({ kind: 'stuck-at', percent: 40 }));
    await stuck.say(`${REALLY} --sanitize-block-erase`);
    await stuck.until('hdparm --sanitize-status', /\(40%\)/);
    expect(await stuck.until('hdparm --sanitize-status', /\(40%\)/)).toContain('SD2');
  });

  it('exit with 0 on a refusal behind a bad bridge, whose state tells', async () => {
    const disk = ssd({ kind: 'exit-0-with-error-sense' });
    await using drive = await plugged(disk);
    await drive.say(PASSWORD);
    const said = await drive.say(ENHANCED.replace('pw', 'wrong'));
    expect(said).toContain('bad/missing sense data');
    expect(said).toContain('→ 0');
    expect(await drive.say('hdparm -I')).toMatch(/\t\tenabled/);
    expect(disk.store.ownerLeft().bytes).toBe(disk.store.size);
  });

  it('find a drive locked whose power went during the erase, and unlock it', async () => {
    const disk = ssd({ kind: 'power-lost-at', percent: 40 });
    await using drive = await plugged(disk);
    await drive.say(PASSWORD);
    expect(await drive.say(NORMAL)).toContain('→ 5');
    expect(await drive.say('hdparm -I')).toMatch(/\t\tlocked/);
    expect(disk.store.ownerLeft().first).toBeGreaterThan(2 ** 38);
    expect(await drive.say('hdparm --user-master u --security-unlock pw')).toContain('→ 0');
    await drive.say('hdparm --user-master u --security-disable pw');
    expect(await drive.say('hdparm -I')).toMatch(/not\tenabled/);
  });

  it('are told of a failure when the erase was replayed, though it is done', async () => {
    const disk = ssd({ kind: 'disconnected-and-replayed', percent: 40 });
    await using drive = await plugged(disk);
    await drive.say(PASSWORD);
    expect(await drive.say(ENHANCED)).toContain('→ 5');
    expect(await drive.say('hdparm -I')).toMatch(/not\tenabled/);
    expect(disk.store.ownerLeft()).toEqual(NOTHING);
  });

  it('lose a drive that is pulled out in the middle', async () => {
    const disk = ssd({ kind: 'removed-in-the-middle', percent: 40 });
    await using drive = await plugged(disk);
    await drive.say(PASSWORD);
    // Its exit status may be 0 even now: the answer to the erase came without ATA registers.
    await drive.say(ENHANCED);
    await drive.until('test -e DEV', /→ 1/);
    expect(disk.store.ownerLeft().bytes).toBeGreaterThan(2 ** 40);
  });

  it('let go of a drive whose erase never ends, and of many after it', async () => {
    const stuck = ssd({ kind: 'stuck-at', percent: 40 });
    const drive = await plugged(stuck);
    await drive.say(PASSWORD);
    await drive.say(`(${NORMAL} DEV >/tmp/said 2>&1) &`);
    const asked = (): boolean => stuck.log.at(-1)?.words.startsWith('ata securityEraseUnit') ?? false;
    while (!asked()) await new Promise(setImmediate);
    await drive[Symbol.asyncDispose]();
    await guest.run('wait');
    for (let count = 0; count < 10; count += 1) {
      const disk = lab.ata({ size: '2T', serial: `MANY${count}` });
      await using next = await plugged(disk);
      expect(await next.say('hdparm -I')).toContain(`MANY${count}`);
    }
  });

  it('write and read, also in sectors of 4096, and meet bad ones', async () => {
    const disk = lab.ata({
      size: '64M',
      misbehaviours: [{ kind: '4Kn' }, { kind: 'bad-sectors', sectors: [512] }],
    });
    await using drive = await plugged(disk);
    expect(await drive.say('cat /sys/block/$(basename DEV)/queue/logical_block_size')).toContain('4096');
    await guest.run('dd if=/dev/urandom of=/tmp/noise bs=1M count=2');
    expect(await drive.say('dd if=/tmp/noise of=DEV bs=1M oflag=direct conv=fsync')).toContain('→ 0');
    expect(await drive.say('dd if=DEV bs=1M count=2 iflag=direct | cmp - /tmp/noise')).toContain('→ 0');
    expect(disk.store.ownerLeft().first).toBe(2 ** 21);
    expect(await drive.say('dd if=DEV bs=4096 skip=512 count=1 iflag=direct of=/dev/null')).toContain(
      'No data available',
    );
    expect(await drive.say('dd of=DEV bs=4096 seek=512 count=1 oflag=direct if=/dev/zero')).toContain(
      'Input/output',
    );
  });

  it('sanitize a SCSI disk, and read its progress', async () => {
    const disk = lab.scsi({ size: '300G' });
    await using drive = await plugged(disk);
    expect(await drive.say('sg_opcodes -o 0x48,2')).toContain('Command is supported');
    await drive.say('sg_sanitize --block --quick --early');
    expect(await drive.say('sg_requests -p')).toMatch(/Progress indication: \d+\.\d+% done/);
    await drive.until('sg_requests -p; sg_requests', /No Sense|No additional sense/);
    expect(disk.store.ownerLeft()).toEqual(NOTHING);
    expect(await drive.say('sg_sanitize --overwrite --zero --quick --wait')).toContain('→ 0');
    expect(await drive.say('sg_sanitize --crypto --quick --wait')).toContain('→ 0');
    expect(await drive.say('smartctl -H')).toContain('SMART Health Status: OK');
  });

  it('are told by a SCSI disk that its sanitize failed', async () => {
    await using drive = await plugged(
      lab.scsi({ size: '300G', misbehaviours: [{ kind: 'sanitize-failed-state' }] }),
    );
    await drive.say('sg_sanitize --block --quick --early');
    await drive.until('sg_requests', /Sanitize command failed/);
    expect(await drive.say('dd of=/dev/null count=1 if=DEV')).toContain('Input/output error');
  });

  it('format a SCSI disk, which leaves what no address reaches', async () => {
    const disk = lab.scsi({ size: '300G', spare: '1M', remapped: '8s' });
    await using drive = await plugged(disk);
    await drive.say('sg_format --format --quick --early');
    await drive.until('sg_requests', /No Sense|No additional sense/);
    const { spare } = disk.store.areas;
    expect(disk.store.ownerLeft()).toEqual({ bytes: 2 ** 20 + 8 * 512, first: spare!.start });
  });
});
