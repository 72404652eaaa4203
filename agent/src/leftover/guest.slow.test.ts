// A real UEFI firmware with a real (emulated) TPM and Linux's own efivarfs and physical presence interface: what is asked
// for in one start is there in the next. Needs an image (`npm run live-image`), whose kernel the small guest boots.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, globSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Leftovers } from '@rebond/protocol';
import { describe, expect, it } from 'vitest';
import { guestDriver } from '../../../test-fixtures/guest-driver.ts';
import { scratch } from '../../../test-fixtures/scratch.ts';
import { drive } from '../../../test-fixtures/virtual-laptop/drive.ts';
import { newestImage, systemOf } from '../../../test-fixtures/virtual-laptop/image.ts';
import type { Laptop } from '../../../test-fixtures/virtual-laptop/laptop.ts';
import { makeSmallGuest, MODULES } from '../../../test-fixtures/virtual-laptop/small-guest.ts';

const builds = join(import.meta.dirname, '../../../build/live-image');
const built = existsSync(builds) && globSync('*/manifest.json', { cwd: builds }).length > 0;
const PATIENCE = { timeout: 180_000 };

/** A TPM 2.0 whose memory lasts over power cycles. It ends with the laptop that it is plugged into. */
async function plugTpm(folder: string): Promise<() => Promise<void>> {
  const [state, socket] = [join(folder, 'tpm'), join(folder, 'tpm.sock')];
  mkdirSync(state, { recursive: true });
  const args = [
    '--tpm2',
    '--tpmstate',
    `dir=${state}`,
    '--ctrl',
    `type=unixio,path=${socket}`,
    '--terminate',
  ];
  const child = spawn('swtpm', ['socket', ...args], { stdio: 'ignore' });
  for (let tries = 0; !existsSync(socket) && tries < 100; tries += 1) await wait(50);
  return async () => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill();
      await once(child, 'exit');
    }
  };
}

type Seen = { leftovers: Leftovers; order: string; left: boolean; kept: boolean };

/** What the session of one start saw. A line that has ended: before, it is only a part of one. */
async function seen(guest: Laptop): Promise<Seen> {
  const [, line = ''] = await guest.serial.waitFor(/(\{"leftovers".*\})\n/, PATIENCE);
  return JSON.parse(line) as Seen;
}

function tpmOf({ leftovers: { tpm } }: Seen) {
  if (tpm.outcome !== 'read') throw new Error(`no TPM: ${JSON.stringify(tpm)}`);
  return tpm.value;
}

describe.skipIf(!built)('under a UEFI firmware with a TPM', () => {
  it.each([
    ['f12', 0, 'cleared'],
    ['esc', 0xffff_fff0, 'refused'],
  ])(
    'an entry of a wiped drive goes, and %s at the next start decides on the TPM: %i',
    async (key, code, meaning) => {
      using folder = scratch('leftover');
      const files = await guestDriver(folder.path, 'leftover-driver.ts');
      const socket = join(folder.path, 'tpm.sock');
      await using guest = makeSmallGuest({
        ...{ folder: folder.path, ram: '1G', firmware: 'uefi', files },
        tree: systemOf(newestImage(builds), join(folder.path, 'system')),
        modules: [...MODULES.nvme, 'efivarfs'],
        drives: [drive.nvme({ size: '16M' })],
        extra: [
          ...['-chardev', `socket,id=tpm,path=${socket}`, '-tpmdev', 'emulator,id=tpm0,chardev=tpm'],
          ...['-device', 'tpm-crb,tpmdev=tpm0'],
        ],
        script: `mount -t efivarfs efivars /sys/firmware/efi/efivars
which=next; [ -e ${FIRST} ] || which=first
/node /driver.mjs $which </dev/ttyS0
[ $which = next ] || reboot -f`,
      });
      const unplugTpm = await plugTpm(folder.path);
      await guest.powerOn();
      const first = await seen(guest);
      guest.serial.mark();
      const entries = first.leftovers.bootEntries.outcome === 'read' ? first.leftovers.bootEntries.value : [];
      const of = (name: string) => entries.find((each) => each.name === name);
      expect(of('Boot0A01')).toMatchObject({
        place: { kind: 'sanitized-drive' },
        deed: { state: 'removed' },
      });
      expect(of('Boot0A02')).toMatchObject({ place: { kind: 'no-drive' }, deed: { state: 'kept' } });
      expect([first.left, first.kept, first.order.startsWith('020a')]).toEqual([false, true, true]);
      expect(tpmOf(first)).toMatchObject({ family: '2.0', clear: { state: 'requested', operation: 5 } });

      // QEMU's firmware keeps a request over a restart, not over a power cycle as a laptop's does.
      await Promise.any([guest.screen.waitFor(/F12/, PATIENCE), guest.serial.waitFor(/F12/, PATIENCE)]);
      await guest.keyboard.press(key);
      const second = await seen(guest);
      await guest.waitOff(PATIENCE);
      await unplugTpm();
      expect(tpmOf(second).last).toMatchObject({
        state: 'answered',
        operation: 5,
        code,
        meaning,
      });
      expect([second.left, second.kept]).toEqual([false, true]);
      expect(tpmOf(second).clear).toEqual({ state: 'declined' });
    },
    600_000,
  );
});

/** The firmware keeps it over power cycles: the first start has set it. */
const FIRST = '/sys/firmware/efi/efivars/Boot0A02-8be4df61-93ca-11d2-aa0d-00e098032b8c';
