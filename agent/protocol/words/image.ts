import { z } from 'zod';
import { Bytes, Clock, Id, Line, Sha256 } from './text.ts';

/** What a live image is recognized by in a record. `sha256` is that of its `filesystem.squashfs`. */
export const ImageRef = z.strictObject({
  version: Line,
  /** Seconds since 1970; a greater one is newer, and no stick goes back. */
  serial: z.int().positive(),
  sha256: Sha256,
});
export type ImageRef = z.infer<typeof ImageRef>;

export const IMAGE_FILES = ['vmlinuz', 'initrd.img', 'filesystem.squashfs'] as const;

/** The three files of which a slot of the stick is made. */
export const ImageManifest = z.strictObject({
  schema: z.literal('rebond.image/1'),
  version: Line,
  serial: z.int().positive(),
  architecture: z.literal('amd64'),
  files: z
    .array(z.strictObject({ name: z.enum(IMAGE_FILES), sizeBytes: Bytes, sha256: Sha256 }))
    .length(IMAGE_FILES.length),
  agentSha256: Sha256,
});
export type ImageManifest = z.infer<typeof ImageManifest>;

/** A workshop's server offers an image to its sticks; they take only what is newer than what they run. */
export const ImageOffer = z.strictObject({
  schema: z.literal('rebond.image-offer/1'),
  audience: Id,
  manifest: ImageManifest,
  offeredAt: Clock,
});
export type ImageOffer = z.infer<typeof ImageOffer>;
