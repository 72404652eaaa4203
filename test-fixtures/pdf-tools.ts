import { execFile } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { scratch } from './scratch.ts';

// What others read a PDF with: poppler's tools, qpdf and zbar, from Debian.

const run = promisify(execFile);
const LIMITS = { timeout: 60_000, maxBuffer: 64 * 1024 * 1024 };

/** Runs one tool on the PDF in a folder of its own. @throws when the tool's exit status is not 0 */
async function tool<T>(
  pdf: Uint8Array,
  program: string,
  args: (file: string) => readonly string[],
  take: (stdout: string, folder: string) => T | Promise<T>,
): Promise<T> {
  using folder = scratch('pdf');
  const file = join(folder.path, 'it.pdf');
  writeFileSync(file, pdf);
  const { stdout } = await run(program, args(file), { ...LIMITS, cwd: folder.path });
  return await take(stdout, folder.path);
}

/** The text of each page. */
export async function pageTexts(pdf: Uint8Array): Promise<string[]> {
  return await tool(
    pdf,
    'pdftotext',
    (file) => [file, '-'],
    (text) => text.split('\f').slice(0, -1),
  );
}

/** qpdf's own closing words; it exits with 2 or 3 on errors and warnings. */
export async function structureCheck(pdf: Uint8Array): Promise<string> {
  return await tool(
    pdf,
    'qpdf',
    (file) => ['--check', file],
    (text) => text,
  );
}

/** The files attached to the PDF. */
export async function attachments(pdf: Uint8Array): Promise<{ name: string; bytes: Buffer }[]> {
  return await tool(
    pdf,
    'pdfdetach',
    (file) => ['-saveall', file],
    (_, folder) =>
      readdirSync(folder)
        .filter((name) => name !== 'it.pdf')
        .map((name) => ({ name, bytes: readFileSync(join(folder, name)) })),
  );
}

/** Name and "is embedded" of each font. */
export async function fonts(pdf: Uint8Array): Promise<{ name: string; embedded: boolean }[]> {
  return await tool(
    pdf,
    'pdffonts',
    (file) => [file],
    (table) =>
      table
        .trim()
        .split('\n')
        .slice(2)
        .map((row) => ({
          name: row.split(' ')[0] ?? '',
          embedded: / yes (?:yes|no) +(?:yes|no) +\d+ +\d+$/.test(row),
        })),
  );
}

/** What a camera reads on the first page at 150 dots per inch. */
export async function qrText(pdf: Uint8Array): Promise<string> {
  return await tool(
    pdf,
    'pdftoppm',
    (file) => ['-r', '150', '-l', '1', '-png', file, 'page'],
    async (_, folder) => {
      const picture = readdirSync(folder).find((name) => name.endsWith('.png')) ?? 'page-1.png';
      const { stdout } = await run('zbarimg', ['-q', '--raw', picture], { ...LIMITS, cwd: folder });
      return stdout.trim();
    },
  );
}

/** Where a word stands on its page, in points from its top left corner. */
export type WordBox = {
  page: number;
  word: string;
  left: number;
  top: number;
  right: number;
  bottom: number;
};

export async function wordBoxes(pdf: Uint8Array): Promise<WordBox[]> {
  return await tool(
    pdf,
    'pdftotext',
    (file) => ['-bbox', file, '-'],
    (html) =>
      html.split('<page ').flatMap((part, page) =>
        [...part.matchAll(/<word xMin="(.+?)" yMin="(.+?)" xMax="(.+?)" yMax="(.+?)">(.*?)<\/word>/g)].map(
          ([, left, top, right, bottom, word]) => ({
            page,
            word: word ?? '',
            left: Number(left),
            top: Number(top),
            right: Number(right),
            bottom: Number(bottom),
          }),
        ),
      ),
  );
}
