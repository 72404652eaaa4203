import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { describe, expect, it } from 'vitest';
import { standIn } from '../../../test-fixtures/stand-in-server.ts';
import { DownloadError, serverAt, type Wanted } from './network.ts';

const file = randomBytes(300_000);
type Handler = (request: IncomingMessage, response: ServerResponse) => void;

async function download(handler: Handler, wanted: Partial<Wanted> = {}, idleMs = 300): Promise<Buffer> {
  await using http = await standIn(handler);
  const server = serverAt(http.origin, null, idleMs);
  const pieces: Uint8Array[] = [];
  const asked = { from: 0, maxBytes: file.length, signal: new AbortController().signal, ...wanted };
  try {
    for await (const piece of server.download('/file', asked)) pieces.push(piece);
  } finally {
    await server.close();
  }
  return Buffer.concat(pieces);
}

const codeOf = async (work: Promise<unknown>): Promise<string> =>
  await work.then(
    () => 'none',
    (error: unknown) => (error instanceof DownloadError ? error.code : String(error)),
  );

const ranged: Handler = (request, response) => {
  const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? 'bytes=0-')?.[1]);
  const head = { 'content-range': `bytes ${from}-${file.length - 1}/${file.length}` };
  response.writeHead(from > 0 ? 206 : 200, from > 0 ? head : {}).end(file.subarray(from));
};

describe('a download', () => {
  it('gives the bytes from where it is asked, also where the server knows no ranges', async () => {
    expect(file.equals(await download(ranged))).toBe(true);
    expect(file.subarray(70_001).equals(await download(ranged, { from: 70_001 }))).toBe(true);
    const whole: Handler = (_, response) => void response.writeHead(200).end(file);
    expect(file.subarray(70_001).equals(await download(whole, { from: 70_001 }))).toBe(true);
  });

  it('goes on as long as bytes come, and ends when none come', async () => {
    const slow: Handler = (_, response) => {
      let sent = 0;
      const timer = setInterval(() => {
        response.write(file.subarray(sent, (sent += 30_000)));
        if (sent >= file.length) response.end(() => clearInterval(timer));
        if (sent >= file.length) clearInterval(timer);
      }, 100);
    };
    expect(file.equals(await download(slow, {}, 600))).toBe(true);
    const stalls: Handler = (_, response) => void response.writeHead(200).write(file.subarray(0, 1000));
    expect(await codeOf(download(stalls))).toBe('unreachable');
    const breaks: Handler = (_, response) =>
      void response.writeHead(200, { 'content-length': file.length }).write(file.subarray(0, 1000), () => {
        response.destroy();
      });
    expect(await codeOf(download(breaks))).toBe('unreachable');
  });

  it('takes no byte more than it was told, and stops when told', async () => {
    expect(await codeOf(download(ranged, { maxBytes: 299_999 }))).toBe('too-long');
    const stop = new AbortController();
    const hangs: Handler = () => void setTimeout(() => stop.abort(), 50);
    expect(await codeOf(download(hangs, { signal: stop.signal }, 5000))).toBe('stopped');
  });

  it('tells a file that is not there from a server that is busy', async () => {
    const status =
      (code: number): Handler =>
      (_, response) =>
        void response.writeHead(code).end('{}');
    expect(await codeOf(download(status(404)))).toBe('status');
    expect(await codeOf(download(status(302)))).toBe('status');
    expect(await codeOf(download(status(503)))).toBe('unreachable');
    expect(await codeOf(download(status(206), { from: 5 }))).toBe('status');
  });
});
