import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { scratch } from '../../../test-fixtures/scratch.ts';
import { durableFolder } from './durable.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('a durable folder', () => {
  it('puts a file under its own name, with no temporary one', async () => {
    using scratched = scratch('durable');
    const folder = await durableFolder(join(scratched.path, 'a', 'b'));
    await folder.put('record', bytes('whole'));
    expect(readdirSync(folder.path)).toEqual(['record']);
    expect(await folder.read('record', 100)).toEqual(Buffer.from('whole'));
  });

  it('does not touch what is there already whole: a cut then must not lose it', async () => {
    using scratched = scratch('durable');
    const folder = await durableFolder(scratched.path);
    await folder.put('record', bytes('whole'));
    const before = statSync(join(folder.path, 'record'), { bigint: true });
    await folder.put('record', bytes('whole'));
    const after = statSync(join(folder.path, 'record'), { bigint: true });
    expect([after.ino, after.mtimeNs]).toEqual([before.ino, before.mtimeNs]);
  });

  it('mends a torn file', async () => {
    using scratched = scratch('durable');
    const folder = await durableFolder(scratched.path);
    for (const torn of ['', 'who', 'whole and more', 'whale']) {
      writeFileSync(join(folder.path, 'record'), torn);
      await folder.put('record', bytes('whole'));
      expect(readFileSync(join(folder.path, 'record'), 'utf8')).toBe('whole');
    }
  });

  it('replaces a file, and forgets the temporary one of a cut', async () => {
    using scratched = scratch('durable');
    writeFileSync(join(scratched.path, 'stick.json.rebond-partial'), 'half');
    const folder = await durableFolder(scratched.path);
    await folder.write('stick.json', bytes('one'));
    await folder.write('stick.json', bytes('two'));
    expect(readdirSync(folder.path)).toEqual(['stick.json']);
    expect(await folder.read('stick.json', 100)).toEqual(Buffer.from('two'));
  });
});
