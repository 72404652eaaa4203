import type { MemoryFacts, Part } from '@rebond/protocol';
import type { Files } from '../effects/types.ts';
import { memoryOfDmi } from '../parse/dmi-memory.ts';
import { DMIDECODE, type DmiStructure } from '../parse/dmi.ts';
import { MEMINFO, parseMeminfo } from '../parse/meminfo.ts';
import type { Parsed } from '../parse/parsed.ts';
import { failedPart, unread } from './answers.ts';

/** What the kernel can use, and the modules that the firmware names; without dmidecode only the first is known. */
export async function probeMemory(files: Files, dmi: Parsed<DmiStructure[]>): Promise<Part<MemoryFacts>> {
  const text = await files.text(MEMINFO);
  if (text.kind !== 'read') return failedPart(unread(text, MEMINFO));
  const usable = parseMeminfo(text.value);
  if (usable.kind === 'failed') return failedPart(usable.failure);
  return {
    outcome: 'read',
    sources: [MEMINFO],
    value: { usableBytes: usable.value, modules: modulesOf(dmi) },
  };
}

function modulesOf(dmi: Parsed<DmiStructure[]>): MemoryFacts['modules'] {
  const modules = dmi.kind === 'parsed' ? memoryOfDmi(dmi.value) : dmi;
  if (modules.kind === 'failed') return failedPart(modules.failure);
  return { outcome: 'read', sources: [DMIDECODE], value: modules.value };
}
