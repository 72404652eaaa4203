import { execFileSync } from 'node:child_process';
import { createHash, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { scratch } from '../../../test-fixtures/scratch.ts';
import { serverAt } from './network.ts';

/** A real HTTPS server with a certificate that ended long ago, as a dead CMOS clock makes every certificate look. */
async function withServer<T>(use: (origin: string, pin: string, seen: string[]) => Promise<T>): Promise<T> {
  using folder = scratch('tls');
  const [keyFile, certFile] = [join(folder.path, 'key.pem'), join(folder.path, 'cert.pem')];
  const named = ['-subj', '/CN=nobody', '-keyout', keyFile, '-out', certFile];
  execFileSync(
    'openssl',
    [
      'req',
      '-x509',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:P-256',
      '-nodes',
      '-days',
      '1',
      ...named,
    ],
    {
      stdio: 'ignore',
    },
  );
  const cert = readFileSync(certFile);
  const spki = new X509Certificate(cert).publicKey.export({ type: 'spki', format: 'der' });
  const seen: string[] = [];
  const server = createServer({ key: readFileSync(keyFile), cert }, (request, response) => {
    let body = '';
    request.on('data', (piece: Buffer) => (body += piece.toString()));
    request.on('end', () => {
      seen.push(`${request.method} ${request.url} ${body}`);
      response.end('{"ok":true}');
    });
  });
  await new Promise<void>((done) => void server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  try {
    return await use(
      `https://127.0.0.1:${port}`,
      `sha256/${createHash('sha256').update(spki).digest('base64')}`,
      seen,
    );
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

describe('a pinned server', () => {
  it('is believed by its key alone, whatever its certificate’s name and issuer', async () => {
    await withServer(async (origin, pin, seen) => {
      const server = serverAt(origin, pin, 3000);
      const answer = await server.post('/api/records', { secret: 'code' });
      await server.close();
      expect(answer).toMatchObject({ kind: 'answered', status: 200 });
      expect(seen).toEqual(['POST /api/records {"secret":"code"}']);
    });
  });

  it('with another key gets nothing: no request, no code, no record', async () => {
    await withServer(async (origin, _, seen) => {
      const server = serverAt(origin, `sha256/${'A'.repeat(43)}=`, 3000);
      const answer = await server.post('/api/sessions', { secret: 'code' });
      await server.close();
      expect(answer).toEqual({ kind: 'unreachable', detail: 'wrong-pin' });
      expect(seen).toEqual([]);
    });
  });
});
