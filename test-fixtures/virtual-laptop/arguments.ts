// From the description of a laptop to QEMU's command line. Files are named here, none is made.
import { comma } from './dmi.ts';
import type { Boot, LaptopDescription } from './describe.ts';
import { bytes } from './describe.ts';
import type { Slot } from './slots.ts';
import { QMP_FD, SERIAL_FD } from './qemu.ts';

/**
 * Several cores take turns on one thread of the host. Each on its own, before QEMU 8.1 they can run the kernel's code
 * while another patches it: about one boot in thirty ended in "Oops: int3" (fixed by "accel/tcg: Always lock pages before
 * translation"). One core is the fastest that is sound.
 *
 * Without la57: nested paging of five levels costs time in every page walk of an emulated guest. */
// Without the string instructions that real processors do fast: the emulator does them byte by byte, and the kernel, which
// clears every page with them, takes a quarter longer to be up.
const CPU = 'max,la57=off,erms=off,fsrm=off';
const PANEL = { width: 1280, height: 800 };

export type Parts = {
  laptop: LaptopDescription;
  firmware: readonly string[];
  dmi: readonly string[];
  batteryTable: string | null;
  slots: readonly Slot[];
};

export function qemuArguments({ laptop, firmware, dmi, batteryTable, slots }: Parts): string[] {
  const { cpu = CPU, cores = 1, ram = '2G', rtc, panel = PANEL, extra = [] } = laptop;
  return [
    ...['-nodefaults', '-no-user-config', '-S', '-display', 'none'],
    ...['-sandbox', 'on,obsolete=deny,elevateprivileges=deny,spawn=deny,resourcecontrol=deny'],
    ...firmware,
    ...['-accel', `tcg,thread=${cores === 1 ? 'multi' : 'single'}`, '-cpu', cpu, '-smp', String(cores)],
    ...['-m', `${bytes(ram) / 2 ** 20}M`],
    ...['-chardev', `socket,id=qmp,fd=${QMP_FD}`, '-mon', 'chardev=qmp,mode=control'],
    ...['-chardev', `socket,id=serial,fd=${SERIAL_FD}`, '-serial', 'chardev:serial'],
    ...['-device', `VGA,edid=on,xres=${panel.width},yres=${panel.height}`],
    ...['-device', 'qemu-xhci,id=xhci'],
    ...(rtc ? ['-rtc', `base=${rtc.includes('T') ? rtc : `${rtc}T08:00:00`},clock=vm`] : []),
    ...(batteryTable ? ['-acpitable', `file=${comma(batteryTable)}`] : []),
    ...dmi,
    ...networkArguments(laptop),
    ...slots.flatMap((slot) => slot.coldArguments),
    ...kernelArguments(laptop.boot),
    ...(laptop.vnc ? ['-vnc', `unix:${comma(laptop.vnc)}`] : []),
    ...extra,
  ];
}

function networkArguments({
  network = 'on',
  card = 'virtio-net-pci',
  boot,
  firmware,
}: LaptopDescription): string[] {
  if (network === 'none') return [];
  const byNetwork = boot !== 'none' && 'netboot' in boot;
  const served = byNetwork ? `,tftp=${comma(boot.netboot.folder)},bootfile=${comma(boot.netboot.file)}` : '';
  // A laptop's own network firmware: iPXE in BIOS, the stack of UEFI elsewhere (and no ROM at all when it boots from a disk).
  const rom = byNetwork && (firmware ?? 'bios') === 'bios' ? '' : ',romfile=';
  const first = byNetwork ? ',bootindex=0' : '';
  return [
    ...['-netdev', `user,id=network,ipv6=off${served}`],
    ...['-device', `${card},id=nic,netdev=network,mac=52:54:00:52:42:01${rom}${first}`],
  ];
}

function kernelArguments(boot: Boot): string[] {
  if (boot === 'none' || !('kernel' in boot)) return [];
  return ['-kernel', boot.kernel, '-initrd', boot.initrd, '-append', boot.append];
}
