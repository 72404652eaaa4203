import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { inputFiles, inputsDigest } from './inputs.ts';

describe('the inputs of an image', () => {
  it('are this room’s files, without its tests and documents', async () => {
    const files = await inputFiles(import.meta.dirname);
    expect(files).toEqual(
      expect.arrayContaining(['boot/grub.cfg', 'hooks/system.sh', 'lists/system.packages']),
    );
    expect(files.filter((name) => /\.test\.ts$|\.md$/.test(name))).toEqual([]);
  });

  it('give another digest when a file, its name or a number changes', async () => {
    const room = mkdtempSync(join(tmpdir(), 'rebond-inputs-'));
    try {
      mkdirSync(join(room, 'lists'));
      writeFileSync(join(room, 'lists/a'), 'one');
      const first = await inputsDigest(room, { node: '26' });
      expect(await inputsDigest(room, { node: '26' })).toBe(first);
      expect(await inputsDigest(room, { node: '27' })).not.toBe(first);
      writeFileSync(join(room, 'lists/a'), 'two');
      expect(await inputsDigest(room, { node: '26' })).not.toBe(first);
    } finally {
      rmSync(room, { recursive: true });
    }
  });
});
