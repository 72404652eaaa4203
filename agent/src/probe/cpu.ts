import type { CpuFacts, Part } from '@rebond/protocol';
import type { Files, Run } from '../effects/types.ts';
import { CPUINFO, parseCpuinfo, topology, type CpuInfo } from '../parse/cpuinfo.ts';
import { integer } from '../parse/parsed.ts';
import { meaningful } from '../parse/placeholder.ts';
import { attribute, failedPart, said, unread } from './answers.ts';

const CPUS = '/sys/devices/system/cpu';

/** The processor: /proc/cpuinfo, and the topology and highest frequency of sysfs where the kernel has them. */
export async function probeCpu(run: Run, files: Files): Promise<Part<CpuFacts>> {
  const text = await files.text(CPUINFO, 4 * 1024 * 1024);
  if (text.kind !== 'read') return failedPart(unread(text, CPUINFO));
  const info = parseCpuinfo(text.value);
  if (info.kind === 'failed') return failedPart(info.failure);
  const { model, vendor, threads, virtualization } = info.value;
  const folders = await cpuFolders(files);
  const [kernel, maxMegahertz, architecture] = await Promise.all([
    places(files, folders, threads),
    fastest(files, folders),
    architectureOf(run, files, info.value),
  ]);
  const counted = kernel.cores === null ? info.value : kernel;
  return {
    outcome: 'read',
    sources: [CPUINFO, CPUS],
    value: {
      model,
      vendor,
      architecture,
      sockets: counted.sockets,
      cores: counted.cores,
      threads,
      maxMegahertz,
      virtualization,
    },
  };
}

async function cpuFolders(files: Files): Promise<string[]> {
  const names = await files.list(CPUS);
  return names.kind === 'read' ? names.value.filter((name) => /^cpu\d+$/.test(name)) : [];
}

/** Processors that are offline have no topology folder and do not count. */
async function places(files: Files, folders: readonly string[], threads: number) {
  const all = await Promise.all(
    folders.map(async (cpu) => ({
      socket: await attribute(files, `${CPUS}/${cpu}/topology/physical_package_id`),
      core: await attribute(files, `${CPUS}/${cpu}/topology/core_id`),
    })),
  );
  const online = all.filter(({ socket }) => socket !== null);
  return topology(online, threads);
}

/** The highest `cpuinfo_max_freq` (kHz) of all: on hybrid chips they differ. */
async function fastest(files: Files, folders: readonly string[]): Promise<number | null> {
  const kilohertz = await Promise.all(
    folders.map(async (cpu) => integer(await attribute(files, `${CPUS}/${cpu}/cpufreq/cpuinfo_max_freq`))),
  );
  const megahertz = Math.round(Math.max(0, ...kilohertz.filter((value) => value !== null)) / 1000);
  return megahertz > 0 ? megahertz : null;
}

/** Linux 6.1 has it in /proc; before, `uname`; without both, what the flags of an x86 processor tell. */
async function architectureOf(run: Run, files: Files, { longMode }: CpuInfo): Promise<string> {
  const kernel = meaningful(await attribute(files, '/proc/sys/kernel/arch'));
  if (kernel !== null) return kernel;
  const uname = said(await run(['uname', '-m']), 'uname');
  const machine = uname.kind === 'said' ? meaningful(uname.stdout) : null;
  return machine ?? (longMode === null ? 'unknown' : longMode ? 'x86_64' : 'i686');
}
