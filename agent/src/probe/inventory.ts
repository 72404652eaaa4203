import { clip, PARAGRAPH_MAX, type Inventory } from '@rebond/protocol';
import type { ClockDoor, Files, Run } from '../effects/types.ts';
import { probeBatteries } from './batteries.ts';
import { probeCpu } from './cpu.ts';
import { probeDisplays } from './displays.ts';
import { readDmi } from './dmi.ts';
import { probeDrives } from './drives.ts';
import { probeMemory } from './memory.ts';
import { probeMacs } from './network.ts';
import { probeSecureBoot } from './secure-boot.ts';
import { probeSystem } from './system.ts';

const REMARKS_MAX = 64;

/**
 * Reads everything about the machine at once and changes nothing. A part that could not be read says why in its
 * place; the rest is complete. `macs` are the permanent addresses by which a machine without DMI is recognized.
 */
export async function probe(doors: {
  run: Run;
  files: Files;
  clock: ClockDoor;
}): Promise<{ inventory: Inventory; macs: string[] }> {
  const { run, files, clock } = doors;
  const takenAt = clock.now();
  const dmi = readDmi(run);
  const [system, cpu, memory, { drives, ...ofDrives }, { batteries, ...ofBatteries }, displays, macs, boot] =
    await Promise.all([
      dmi.then((table) => probeSystem(files, table)),
      probeCpu(run, files),
      dmi.then((table) => probeMemory(files, table)),
      probeDrives(run, files),
      probeBatteries(files),
      probeDisplays(files),
      probeMacs(files),
      probeSecureBoot(files),
    ]);
  const remarks = [...ofDrives.remarks, ...ofBatteries.remarks, ...displays.remarks, ...boot.remarks];
  const inventory: Inventory = {
    schema: 'rebond.inventory/1',
    takenAt,
    system,
    cpu,
    memory,
    drives,
    batteries,
    displays: displays.displays,
    remarks: remarks.slice(0, REMARKS_MAX).map((remark) => clip(remark, PARAGRAPH_MAX)),
  };
  return { inventory, macs };
}
