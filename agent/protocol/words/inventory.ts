import { z } from 'zod';
import { Drive, part } from './drive.ts';
import { Bytes, Clock, Line, Paragraph } from './text.ts';

/** Who made this laptop and which one it is. Placeholders such as "To Be Filled By O.E.M." are null. */
export const SystemFacts = z.strictObject({
  manufacturer: Line.nullable(),
  product: Line.nullable(),
  version: Line.nullable(),
  serial: Line.nullable(),
  uuid: Line.nullable(),
  boardSerial: Line.nullable(),
  chassis: Line.nullable(),
  firmwareVendor: Line.nullable(),
  firmwareVersion: Line.nullable(),
  firmwareDate: Line.nullable(),
});
export type SystemFacts = z.infer<typeof SystemFacts>;

export const CpuFacts = z.strictObject({
  model: Line,
  vendor: Line.nullable(),
  architecture: Line,
  sockets: z.int().positive().nullable(),
  cores: z.int().positive().nullable(),
  threads: z.int().positive(),
  maxMegahertz: z.int().positive().nullable(),
  virtualization: z.boolean().nullable(),
});
export type CpuFacts = z.infer<typeof CpuFacts>;

export const MemoryModule = z.strictObject({
  slot: Line,
  /** Null for a module whose size the firmware does not know; an empty slot is not listed. */
  sizeBytes: Bytes.nullable(),
  type: Line.nullable(),
  /** Megatransfers per second. */
  speed: z.int().positive().nullable(),
  manufacturer: Line.nullable(),
  partNumber: Line.nullable(),
  serial: Line.nullable(),
});
export type MemoryModule = z.infer<typeof MemoryModule>;

export const MemoryModules = z.strictObject({
  modules: z.array(MemoryModule).max(128),
  emptySlots: z.int().nonnegative(),
});

export const MemoryFacts = z.strictObject({
  /** What the kernel can use, always a little less than what is fitted. */
  usableBytes: Bytes,
  modules: part(MemoryModules),
});
export type MemoryFacts = z.infer<typeof MemoryFacts>;

export const Battery = z.strictObject({
  name: Line,
  manufacturer: Line.nullable(),
  model: Line.nullable(),
  serial: Line.nullable(),
  technology: Line.nullable(),
  unit: z.enum(['mWh', 'mAh']).nullable(),
  design: z.int().nullable(),
  full: z.int().nullable(),
  /** full / design; null where the numbers are impossible, and then `oddities` says which. */
  healthPercent: z.number().min(0).max(200).nullable(),
  cycles: z.int().nonnegative().nullable(),
  /** Nonsense that the firmware reported, named and not repaired. */
  oddities: z.array(Line).max(16),
});
export type Battery = z.infer<typeof Battery>;

export const Display = z.strictObject({
  connector: Line,
  internal: z.boolean(),
  /** Three-letter PNP id. */
  maker: Line.nullable(),
  model: Line.nullable(),
  serial: Line.nullable(),
  widthPixels: z.int().positive().nullable(),
  heightPixels: z.int().positive().nullable(),
  widthMillimetres: z.int().positive().nullable(),
  heightMillimetres: z.int().positive().nullable(),
  year: z.int().nullable(),
});
export type Display = z.infer<typeof Display>;

/** Read-only facts about one laptop. Every part says whether it was read, is absent, or is not known. */
export const Inventory = z.strictObject({
  schema: z.literal('rebond.inventory/1'),
  takenAt: Clock,
  system: part(SystemFacts),
  cpu: part(CpuFacts),
  memory: part(MemoryFacts),
  drives: part(z.array(Drive).max(256)),
  batteries: part(z.array(Battery).max(16)),
  displays: part(z.array(Display).max(32)),
  /** Places where the library used for cross-checks and our own reading disagree, and the like. */
  remarks: z.array(Paragraph).max(64),
});
export type Inventory = z.infer<typeof Inventory>;
