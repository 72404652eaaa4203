// The same code verifies in a browser: the protocol's sources, their types stripped, run in real Chromium.
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { stripTypeScriptTypes } from 'node:module';
import type { AddressInfo } from 'node:net';
import { join, normalize } from 'node:path';
import { chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');
const IMPORTS = {
  zod: '/node_modules/zod/index.js',
  canonicalize: '/node_modules/canonicalize/lib/canonicalize.js',
};
const PAGE = `<!doctype html><script type="importmap">${JSON.stringify({ imports: IMPORTS })}</script>`;
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--no-first-run',
  '--disable-sync',
];

/** Text, not a function: the test runner rewrites the imports of functions. */
const IN_THE_PAGE = `(async () => {
  const { verifyDocument } = await import('/agent/protocol/index.ts');
  const load = async (name) => new Uint8Array(await (await fetch('/agent/protocol/vectors/' + name)).arrayBuffer());
  const trust = JSON.parse(new TextDecoder().decode(await load('trust.json')));
  const said = [];
  for (const name of ['record-rehearsal.json', 'certificate-rehearsal.json', 'certificate-failed.json']) {
    const bytes = await load(name);
    said.push((await verifyDocument(bytes, trust)).trusted ? 'valid' : 'unknown');
    bytes[200] ^= 1;
    said.push(await verifyDocument(bytes, trust).then(() => 'valid', (error) => error.name));
  }
  return said;
})()`;

const server = createServer((request, response) => {
  const path = normalize(new URL(request.url ?? '/', 'http://localhost').pathname);
  if (path === '/') return void response.setHeader('content-type', 'text/html').end(PAGE);
  readFile(join(root, path))
    .then((bytes) => {
      const script = /\.(ts|js)$/.test(path);
      response.setHeader('content-type', script ? 'text/javascript' : 'application/octet-stream');
      return response.end(path.endsWith('.ts') ? stripTypeScriptTypes(bytes.toString()) : bytes);
    })
    .catch(() => response.writeHead(404).end());
});

beforeAll(() => new Promise<void>((done) => void server.listen(0, '127.0.0.1', done)));
afterAll(() => new Promise<void>((done) => void server.close(() => done())));

describe('in a browser', () => {
  it('the vectors verify, and an altered byte is noticed', async () => {
    const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: FLAGS });
    try {
      const page = await browser.newPage();
      await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
      const results = await page.evaluate(IN_THE_PAGE);
      expect(results).toEqual(['valid', 'ProtocolError', 'valid', 'ProtocolError', 'valid', 'ProtocolError']);
    } finally {
      await browser.close();
    }
  });
});
