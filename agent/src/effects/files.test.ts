import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { files } from './files.ts';

const folder = mkdtempSync(join(tmpdir(), 'rebond-files-'));
const at = (name: string): string => join(folder, name);
writeFileSync(at('b'), Uint8Array.of(0xff, 0x41));
writeFileSync(at('a'), 'text\n');
symlinkSync('b', at('link'));
execFileSync('mkfifo', [at('pipe')]);
afterAll(() => rmSync(folder, { recursive: true }));

describe('files', () => {
  it('reads bytes and text, and replaces what is not UTF-8', async () => {
    expect(await files.bytes(at('b'))).toEqual({ kind: 'read', value: Uint8Array.of(0xff, 0x41) });
    expect(await files.text(at('a'))).toEqual({ kind: 'read', value: 'text\n' });
    expect(await files.text(at('b'))).toEqual({ kind: 'read', value: '\ufffdA' });
  });

  it('reads files of /proc, whose size is said to be 0', async () => {
    const version = await files.text('/proc/version');
    expect(version.kind === 'read' && version.value).toMatch(/^Linux version/);
  });

  it('refuses more than the limit and reads exactly as much', async () => {
    expect(await files.bytes(at('a'), 4)).toEqual({ kind: 'refused', detail: 'Error: longer than 4 bytes' });
    expect((await files.bytes(at('a'), 5)).kind).toBe('read');
  });

  it('tells absent from refused, and never opens a device, a folder or a pipe', async () => {
    expect(await files.bytes(at('none'))).toEqual({ kind: 'absent' });
    expect(await files.bytes(at('a/below'))).toEqual({ kind: 'absent' });
    for (const path of ['/dev/zero', folder, at('pipe')]) {
      expect(await files.bytes(path)).toMatchObject({ kind: 'refused' });
    }
  });

  it('lists names in order and follows links', async () => {
    expect(await files.list(folder)).toEqual({ kind: 'read', value: ['a', 'b', 'link', 'pipe'] });
    expect(await files.list(at('none'))).toEqual({ kind: 'absent' });
    expect(await files.real(at('link'))).toMatchObject({
      kind: 'read',
      value: expect.stringMatching(/\/b$/),
    });
    expect(await files.real(at('none'))).toEqual({ kind: 'absent' });
  });
});
