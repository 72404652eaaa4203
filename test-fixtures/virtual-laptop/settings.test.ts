import { readFileSync, readdirSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { scratch } from '../scratch.ts';
import { netbootOf } from './netboot.ts';
import { configFor, configFrom } from './settings.ts';

const pin = `sha256/${'A'.repeat(43)}=`;

describe('the settings of a stick that is tried by hand', () => {
  it('name this machine as the laptop reaches it', () => {
    expect(JSON.parse(configFor('https://127.0.0.1:8080', pin))).toMatchObject({
      ...{ schema: 'rebond.config/1', servers: [{ url: 'https://10.0.2.2:8080', pin }] },
    });
    const own = {
      schema: 'rebond.config/1',
      servers: [{ url: 'https://localhost:1', pin }],
      bench: 'Banc 3',
    };
    expect(JSON.parse(configFrom(JSON.stringify(own)))).toEqual({
      ...own,
      servers: [{ url: 'https://10.0.2.2:1', pin }],
    });
  });

  it.each([
    ['http://127.0.0.1:8080', 'plain HTTP'],
    ['nowhere', 'not an address'],
  ])('refuse %s, and say what to do', (url, why) => {
    expect(() => configFor(url, pin)).toThrow(why);
    expect(() => configFrom(JSON.stringify({ servers: [{ url }] }))).toThrow(why);
  });

  it('refuse what is no JSON', () => {
    expect(() => configFrom('{')).toThrow('not JSON');
  });
});

describe('a network boot', () => {
  it.each([
    ['uefi-secure', 'shimx64.efi', ['grub', 'grubx64.efi', 'shimx64.efi']],
    ['uefi', 'shimx64.efi', ['grub', 'grubx64.efi', 'shimx64.efi']],
    ['uefi-ia32', 'ia32.efi', ['grub', 'ia32.efi']],
    ['bios', /^http:\/\/10\.0\.2\.2:\d+\/boot\.ipxe$/, ['grub']],
  ] as const)('of %s gets the loader of its own kind', async (firmware, file, names) => {
    using folder = scratch('net');
    const server = createServer(({ url, headers }, answer) => answer.end(`${url} of ${headers.host}`));
    await new Promise<void>((done) => void server.listen(0, '127.0.0.1', done));
    const { port } = server.address() as AddressInfo;
    try {
      const found = await netbootOf(firmware, `http://127.0.0.1:${port}`, folder.path);
      if (typeof file === 'string') expect(found.file).toBe(file);
      else expect(found.file).toMatch(file);
      expect(readdirSync(folder.path).toSorted()).toEqual(names);
      if (firmware !== 'bios')
        expect(readFileSync(join(folder.path, 'grub/grub.cfg'), 'utf8')).toBe(
          `/grub/tftp.cfg of 10.0.2.2:${port}`,
        );
    } finally {
      server.close();
    }
  });

  it('says so where nobody hands it out', async () => {
    using folder = scratch('net');
    await expect(netbootOf('uefi', 'http://127.0.0.1:9', folder.path)).rejects.toMatchObject({
      ...{ code: 'bad-file', message: expect.stringContaining('docs/netboot.md') },
    });
  });
});
