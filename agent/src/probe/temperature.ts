import type { Medium } from '@rebond/protocol';
import { heatLimits, type HeatLimits, type OwnLimits } from '../decide/heat.ts';
import type { Files, Run } from '../effects/types.ts';
import { hwmonCelsius, nvmeLimits, smartctlHeat } from '../parse/temperature.ts';
import { SMARTCTL } from '../parse/smartctl.ts';
import { attribute, said } from './answers.ts';

/** How warm one drive is. */
export type Thermometer = {
  limits: HeatLimits;
  /** Milliseconds between two readings: each costs the drive a command, or the machine a program. */
  everyMs: number;
  /** Degrees Celsius; null where it does not answer in time. Never rejects. */
  read: () => Promise<number | null>;
};

/** The kernel's own sensor costs one command; a program costs more. */
const EVERY_MS = { hwmon: 10_000, smartctl: 60_000 };
/** A drive that is busy may keep a reading waiting; a reading must keep nothing waiting. */
const ANSWERS_WITHIN_MS = 10_000;

/** The kernel's sensor (NVMe; SATA with drivetemp), else smartctl; null where neither tells anything. */
export async function thermometerOf(
  run: Run,
  files: Files,
  { path, medium }: { path: string; medium: Medium },
): Promise<Thermometer | null> {
  return (await fromKernel(files, path, medium)) ?? (await fromSmartctl(run, path, medium));
}

async function fromKernel(files: Files, path: string, medium: Medium): Promise<Thermometer | null> {
  for (const folder of await sensorsOf(files, path.replace(/^\/dev\//, ''))) {
    const degrees = async (name: string): Promise<number | null> =>
      hwmonCelsius(await inTime(attribute(files, `${folder}/${name}`)));
    if ((await degrees('temp1_input')) === null) continue;
    const own = { recommended: await degrees('temp1_max'), critical: await degrees('temp1_crit') };
    const limits = heatLimits(medium, own);
    return { limits, everyMs: EVERY_MS.hwmon, read: () => degrees('temp1_input') };
  }
  return null;
}

/** An NVMe controller has its sensor directly below it, a SCSI device in a folder of sensors. */
async function sensorsOf(files: Files, name: string): Promise<string[]> {
  const device = `/sys/block/${name}/device`;
  const inside = async (folder: string, pattern: RegExp): Promise<string[]> => {
    const listed = await files.list(folder);
    const names = listed.kind === 'read' ? listed.value.filter((each) => pattern.test(each)) : [];
    return names.map((each) => `${folder}/${each}`);
  };
  // With several paths the controllers hang below the subsystem.
  const controllers = [device, ...(await inside(device, /^nvme\d+$/))];
  const found = await Promise.all(
    controllers.flatMap((each) => [inside(each, /^hwmon\d+$/), inside(`${each}/hwmon`, /^hwmon\d+$/)]),
  );
  return found.flat();
}

async function fromSmartctl(run: Run, path: string, medium: Medium): Promise<Thermometer | null> {
  const ata = medium === 'ata-hdd' || medium === 'ata-ssd' || medium === 'behind-bridge';
  const ask = async (...words: string[]): Promise<string | null> => {
    const asked = run([SMARTCTL, '--json=c', '-A', ...words, path], { timeoutMs: ANSWERS_WITHIN_MS });
    const answer = said(await asked, SMARTCTL);
    return answer.kind === 'said' ? answer.stdout : null;
  };
  const first = await ask(...(ata ? ['-l', 'scttempsts'] : []));
  if (first === null) return null;
  const { celsius, own } = smartctlHeat(first);
  if (celsius === null) return null;
  const limits = heatLimits(medium, medium === 'nvme' ? await askNvme(run, path) : own);
  const read = async (): Promise<number | null> => {
    const text = await ask();
    return text === null ? null : smartctlHeat(text).celsius;
  };
  return { limits, everyMs: EVERY_MS.smartctl, read };
}

async function askNvme(run: Run, path: string): Promise<OwnLimits> {
  const answer = said(await run(['nvme', 'id-ctrl', path, '-o', 'json']), 'nvme id-ctrl');
  return answer.kind === 'said' ? nvmeLimits(answer.stdout) : { recommended: null, critical: null };
}

async function inTime<T>(reading: Promise<T>): Promise<T | null> {
  const { promise, resolve } = Promise.withResolvers<null>();
  const timer = setTimeout(() => resolve(null), ANSWERS_WITHIN_MS);
  return await Promise.race([reading, promise]).finally(() => clearTimeout(timer));
}
