import { Line, Sha256 } from '@rebond/protocol';
import { z } from 'zod';

/** Small files by which the live image's units tell the agent of themselves. Nonsense is null, never a default. */

const Diskseq = z
  .string()
  .regex(/^\d{1,20}$/)
  .nullable();
const Node = z
  .string()
  .regex(/^\/dev\/[A-Za-z0-9/_-]{1,64}$/)
  .nullable();

const Folder = z
  .string()
  .regex(/^\/[^\u0000]{1,200}$/) // oxlint-disable-line no-control-regex -- a path holds no zero byte
  .nullable();

/** `/run/rebond/medium.json`: what the system was booted from, what may be read, and where things may be kept. */
const MediumState = z
  .object({
    kind: z.enum(['stick', 'iso', 'net']),
    partition: Node,
    disk: Node,
    diskseq: Diskseq,
    /** Takes durable writes. */
    home: Folder,
    /** Holds the workshop's config.json and what was kept before; it may take no write. The same as `home` if left out. */
    config: Folder.optional(),
    /** `twin`: another stick bears the boot stick's number; `several`: none of several sticks was chosen. */
    doubt: z.enum(['twin', 'several']).nullable().default(null),
  })
  .transform(({ config, ...rest }) => ({ ...rest, config: config === undefined ? rest.home : config }));
export type MediumState = z.infer<typeof MediumState>;

/** `/run/rebond/ram.json`: whether the running system still needs its medium. */
const RamState = z.discriminatedUnion('state', [
  z.object({ state: z.literal('loading'), percent: z.number().min(0).max(100) }),
  z.object({ state: z.literal('loaded') }),
  z.object({ state: z.literal('medium'), reason: z.enum(['memory', 'damaged', 'error']) }),
]);
export type RamState = z.infer<typeof RamState>;

/** `/usr/lib/rebond/image.json`: what the image says of itself. */
const ImageFacts = z.object({ version: Line, serial: z.int().positive(), agentSha256: Sha256 });
export type ImageFacts = z.infer<typeof ImageFacts>;

export const parseMediumState = (text: string): MediumState | null => read(text, MediumState);
export const parseRamState = (text: string): RamState | null => read(text, RamState);
export const parseImageFacts = (text: string): ImageFacts | null => read(text, ImageFacts);

function read<T>(text: string, shape: z.ZodType<T>): T | null {
  try {
    return shape.parse(JSON.parse(text));
  } catch {
    return null; // half written or not ours: the caller treats it as not known
  }
}

/** How the agent ended before this start (`SERVICE_RESULT EXIT_CODE EXIT_STATUS`), and the end of its stderr. */
export type LastExit = { result: string; code: string; status: string; tail: string[] };

export function parseLastExit(text: string): LastExit | null {
  const [head = '', ...tail] = text.split('\n').filter((line) => line.trim() !== '');
  const [result, code = '', status = ''] = head.trim().split(/\s+/);
  return result ? { result, code, status, tail: tail.slice(-20) } : null;
}
