import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { installedPackages } from './deb.ts';
import { agentPackages, bootParts, makeSbom, parseLicences } from './sbom.ts';

const lock = JSON.parse(readFileSync(join(import.meta.dirname, '..', 'package-lock.json'), 'utf8'));

describe('the parts list', () => {
  it('has the npm packages of the agent’s file, and no others', () => {
    const names = agentPackages(lock).map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['commander', 'execa', 'undici', 'zod', 'canonicalize']));
    for (const other of ['fastify', 'vitest', 'kysely', '@rebond/protocol'])
      expect(names).not.toContain(other);
    expect(agentPackages(lock).every(({ license }) => license !== null)).toBe(true);
  });

  it('prefers the package that is nested in the one that asks for it', () => {
    const packages = {
      agent: { dependencies: { a: '1', b: '1' } },
      'node_modules/a': { version: '1.0.0', dependencies: { b: '2' } },
      'node_modules/a/node_modules/b': { version: '2.0.0' },
      'node_modules/b': { version: '1.0.0', license: 'MIT' },
    };
    expect(agentPackages({ packages }).map(({ name, version }) => `${name} ${version}`)).toEqual([
      'a 1.0.0',
      'b 2.0.0',
      'b 1.0.0',
    ]);
  });

  it('names Debian packages so that their sources can be found', () => {
    const deb = {
      ...{ name: 'g++-14', version: '1:14.2.0-19', architecture: 'amd64', sha256: 'cd'.repeat(32) },
      ...{ source: 'gcc-14', sourceVersion: '14.2.0-19' },
    };
    const sbom = makeSbom({
      ...{
        version: '0.1.0',
        serial: 1_763_884_800,
        imageSha256: 'ab'.repeat(32),
        agentSha256: 'ef'.repeat(32),
      },
      ...{
        nodeVersion: '26.0.0',
        debs: [deb],
        boot: [],
        npm: [{ name: '@x/y', version: '1.0.0', license: 'MIT' }],
      },
      licences: parseLicences('g++-14\tGPL-3+\ng++-14\tArtistic\n\nzlib\n'),
    });
    expect(sbom).toMatchObject({ bomFormat: 'CycloneDX', specVersion: '1.6' });
    expect(sbom.components.at(-1)).toEqual({
      type: 'library',
      'bom-ref': 'pkg:deb/debian/g%2B%2B-14@1%3A14.2.0-19?arch=amd64&distro=trixie',
      name: 'g++-14',
      version: '1:14.2.0-19',
      purl: 'pkg:deb/debian/g%2B%2B-14@1%3A14.2.0-19?arch=amd64&distro=trixie',
      hashes: [{ alg: 'SHA-256', content: 'cd'.repeat(32) }],
      licenses: [{ license: { name: 'GPL-3+' } }, { license: { name: 'Artistic' } }],
      properties: [
        { name: 'debian:source', value: 'gcc-14' },
        { name: 'debian:source-version', value: '14.2.0-19' },
      ],
    });
    expect(sbom.components.map((each) => each['bom-ref'])).toContain('pkg:npm/%40x/y@1.0.0');
  });

  it('names what the boot loaders are made of, each package once, with its files', () => {
    const deb = (name: string, source = name) => ({
      ...{
        name,
        version: '1.0',
        architecture: 'amd64',
        sha256: 'ab'.repeat(32),
        source,
        sourceVersion: '1.0',
      },
    });
    const workbench = [deb('shim-signed'), deb('shim-unsigned', 'shim'), deb('dosfstools'), deb('tar')];
    const lines = [
      `shim-signed,shim-unsigned\tEFI/BOOT/BOOTX64.EFI\t${'01'.repeat(32)}`,
      `shim-signed,shim-unsigned\tnetboot/shimx64.efi\t${'01'.repeat(32)}`,
      `dosfstools\trebond.img:FAT\t${'02'.repeat(32)}\n`,
    ];
    const sbom = makeSbom({
      ...{
        version: '0.1.0',
        serial: 1_763_884_800,
        imageSha256: 'ab'.repeat(32),
        agentSha256: 'ef'.repeat(32),
      },
      ...{ nodeVersion: '26.0.0', debs: [deb('dosfstools')], npm: [], licences: new Map() },
      boot: bootParts(lines.join('\n'), workbench),
    });
    const files = sbom.components.map((each) => [
      each.name,
      'components' in each ? each.components?.map(({ name }) => name) : undefined,
    ]);
    expect(files.slice(2)).toEqual([
      ['dosfstools', ['rebond.img:FAT']],
      ['shim-signed', ['EFI/BOOT/BOOTX64.EFI', 'netboot/shimx64.efi']],
      ['shim-unsigned', undefined],
    ]);
    expect(() => bootParts(`grub\tx\t${'0'.repeat(64)}\n`, workbench)).toThrow('grub');
  });

  it('leaves out what was installed to make the system and is gone from it', () => {
    const status = `Package: bash\nStatus: install ok installed\nDescription: shell\n more\n\nPackage: apt\nStatus: deinstall ok config-files\n\n\nPackage: sqv\nStatus: install ok unpacked\n`;
    expect([...installedPackages(status)]).toEqual(['bash']);
  });
});
