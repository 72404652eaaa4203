// A set of .deb files served to apt on the loopback: the build then takes the same road whether the files were fetched a
// minute ago or kept for a year, and needs no permission on the folder they are in.
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type Server, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SUITE } from './archive.ts';
import { type Deb, packagesIndex } from './deb.ts';

export type Repository = { source: string; [Symbol.asyncDispose](): Promise<void> };

export async function serveRepository(debs: readonly Deb[]): Promise<Repository> {
  const packages = packagesIndex(debs);
  const texts = new Map([
    [`/dists/${SUITE}/Release`, release(packages)],
    [`/dists/${SUITE}/main/binary-amd64/Packages`, packages],
  ]);
  const files = new Map(debs.map(({ sha256, path }) => [`/pool/${sha256}.deb`, path]));
  const server = createServer(({ url = '' }, response) => {
    const [text, file] = [texts.get(url), files.get(url)];
    if (text !== undefined) response.end(text);
    else if (file !== undefined) createReadStream(file).pipe(response);
    else response.writeHead(404).end();
  });
  await new Promise<void>((done) => void server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  return {
    // Trusted: apt has verified the files' signatures when it fetched them, and debs.json has their digests.
    source: `deb [trusted=yes] http://127.0.0.1:${port}/ ${SUITE} main`,
    [Symbol.asyncDispose]: () => close(server),
  };
}

function close(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((done) => void server.close(() => done()));
}

function release(packages: string): string {
  const digest = createHash('sha256').update(packages).digest('hex');
  const index = `${digest} ${Buffer.byteLength(packages)} main/binary-amd64/Packages`;
  return `Origin: Debian\nSuite: ${SUITE}\nCodename: ${SUITE}\nArchitectures: amd64\nComponents: main\nSHA256:\n ${index}\n`;
}
