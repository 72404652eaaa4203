import { describe, expect, it } from 'vitest';
import { builtAt, packagesIndex, parseControl, publicFacts, toDeb } from './deb.ts';

const FILE = { path: '/debs/libkmod2.deb', sizeBytes: 12, sha256: 'ab'.repeat(32), builtAt: 1_735_000_000 };
// `dpkg-deb --field`, shortened.
const CONTROL = `Package: libkmod2
Source: kmod (34.2-2)
Version: 34.2-2+b1
Architecture: amd64
Description: libkmod shared library
 This library provides an API
 .
 Section: not a field
`;

describe('a .deb', () => {
  it('names its source, and the version of it where that differs', () => {
    expect(toDeb(FILE, CONTROL)).toMatchObject({
      ...{ name: 'libkmod2', version: '34.2-2+b1', architecture: 'amd64' },
      ...{ source: 'kmod', sourceVersion: '34.2-2' },
    });
  });

  it('without a source is its own', () => {
    const deb = toDeb(FILE, 'Package: dash\nVersion: 0.5.12-12\nArchitecture: amd64\n');
    expect(deb).toMatchObject({ source: 'dash', sourceVersion: '0.5.12-12' });
  });

  it('without a version is refused', () => {
    expect(() => toDeb(FILE, 'Package: dash\nArchitecture: amd64\n')).toThrow(
      expect.objectContaining({ code: 'bad-debs' }),
    );
  });

  it('keeps lines of a description with it', () => {
    expect(parseControl(CONTROL).get('Section')).toBeUndefined();
  });

  it('tells when it was built', () => {
    const head = '!<arch>\ndebian-binary   1735000000  0     0     100644  4         `\n';
    expect(builtAt(Buffer.from(head))).toBe(1_735_000_000);
    expect(() => builtAt(Buffer.from('PK\x03\x04'))).toThrow(expect.objectContaining({ code: 'bad-debs' }));
  });

  it('is found by apt under its digest', () => {
    const index = packagesIndex([toDeb(FILE, CONTROL)]);
    expect(index).toContain(`\nFilename: pool/${FILE.sha256}.deb\nSize: 12\nSHA256: ${FILE.sha256}\n`);
    expect(index.startsWith('Package: libkmod2\n')).toBe(true);
  });

  it('is listed by name, without the folder it was in', () => {
    const [first, second] = ['zstd', 'kmod'].map((name) =>
      toDeb(FILE, `Package: ${name}\nVersion: 1\nArchitecture: amd64\n`),
    );
    const facts = publicFacts([first!, second!]);
    expect(facts.map(({ name }) => name)).toEqual(['kmod', 'zstd']);
    expect(JSON.stringify(facts)).not.toContain('/debs');
  });
});
