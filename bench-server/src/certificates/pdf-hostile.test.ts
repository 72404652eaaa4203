import { beforeAll, describe, expect, it } from 'vitest';
import { type Change, doneReal, type SignedCertificate } from '../../../test-fixtures/certificates.ts';
import { everyFieldSays, everyStepSays } from '../../../test-fixtures/hostile-certificate.ts';
import { signedSteps } from '../../../test-fixtures/step-certificates.ts';
import { EXAMPLES, stepEvidence, stepPlan } from '../../../test-fixtures/step-plans.ts';
import {
  attachments,
  pageTexts,
  structureCheck,
  type WordBox,
  wordBoxes,
} from '../../../test-fixtures/pdf-tools.ts';
import { PAGE } from './pdf-layout.ts';
import { certificatePdf } from './pdf.ts';

const PAGES_AT_MOST = 8;
const STEP_PAGES_AT_MOST = 8;
const ACTING =
  // oxlint-disable-next-line no-control-regex, no-misleading-character-class -- naming them is the purpose
  /[\u0000-\u0009\u000b\u000d-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/u;

const MIXED =
  `<script>alert(1)</script> =cmd|' /C calc'!A0 \u001b[31mred\u001b[0m ../../etc/passwd \u202eabc\u2066 \u0000 \u009b2J ` +
  '硬盘 👩‍👩‍👧 a\u0301\u0301\u0301\u0301 ';
const FLOODS = {
  'everything at once': MIXED,
  'wide letters without a space': 'W',
  ideographs: '硬',
  'emoji that no font here has': '🫠',
  'overrides of the direction': '\u202e',
  NUL: '\u0000',
  'line breaks': '\n',
  spaces: ' ',
  'stacked marks': 'a\u0301\u0301\u0301\u0301\u0301\u0301\u0301',
};

const fill = (seed: string, units: number): string => seed.repeat(units).slice(0, units).toWellFormed();

async function flooded(seed: string): Promise<SignedCertificate & { pdf: Buffer }> {
  // Paragraphs of NUL take six bytes each in JSON: two thousand keep the envelope under its 2 MiB.
  const paragraph = fill(seed, seed === '\u0000' ? 2000 : 4096);
  const signed = await doneReal(everyFieldSays(fill(seed, 256), paragraph));
  return { ...signed, pdf: await certificatePdf(signed) };
}

describe.each(Object.entries(FLOODS))('every field full of %s', (_, seed) => {
  let flood: Awaited<ReturnType<typeof flooded>>;
  beforeAll(async () => {
    flood = await flooded(seed);
  });

  it('leaves a readable, bounded, well-formed PDF', async () => {
    expect(await structureCheck(flood.pdf)).toContain('No syntax or stream encoding errors found');
    const pages = await pageTexts(flood.pdf);
    expect(pages.length).toBeLessThanOrEqual(PAGES_AT_MOST);
    expect(pages.join('').match(ACTING)).toBeNull();
    expect(pages[0]).toContain('REJETÉ PAR LE RESPONSABLE');
    expect(pages.at(-1)).toContain(flood.keyId);
  });

  it('still carries the exact bytes that were signed', async () => {
    const [file] = await attachments(flood.pdf);
    expect(file?.bytes.equals(flood.envelopeBytes)).toBe(true);
  });

  it('keeps every word inside the margins and off its neighbours', async () => {
    const boxes = bodyOf(await wordBoxes(flood.pdf));
    expect(boxes.filter((box) => !isInside(box))).toEqual([]);
    expect(overlaps(boxes)).toEqual([]);
  });
});

/** Those that make lines longest, shape words or take most room. */
const STEP_FLOODS = Object.entries(FLOODS).filter(([name]) =>
  ['everything at once', 'wide letters without a space', 'NUL', 'stacked marks'].includes(name),
);

describe.each(STEP_FLOODS)('every step of a long plan full of %s', (_, seed) => {
  let pdf: Buffer;
  beforeAll(async () => {
    const { technique, steps, target, means } = EXAMPLES['NVMe sanitize, samples'];
    const evidence = stepEvidence(stepPlan({ technique, steps, target, means }), means);
    // 256 commands and 96 steps of NUL, six bytes each in JSON, would pass 2 MiB.
    const line = fill(seed, seed === '\u0000' ? 128 : 256);
    pdf = await certificatePdf(await signedSteps(evidence, everyStepSays(line, fill(seed, 2000))));
  });

  it('leaves a readable, bounded, well-formed PDF', async () => {
    expect(await structureCheck(pdf)).toContain('No syntax or stream encoding errors found');
    const pages = await pageTexts(pdf);
    expect(pages.length).toBeLessThanOrEqual(PAGES_AT_MOST + STEP_PAGES_AT_MOST);
    expect(pages.join('').match(ACTING)).toBeNull();
    expect(pages.join(' ')).toContain('la suite des étapes est dans le JSON');
  });

  it('keeps every word inside the margins and off its neighbours', async () => {
    const boxes = bodyOf(await wordBoxes(pdf));
    expect(boxes.filter((box) => !isInside(box))).toEqual([]);
    expect(overlaps(boxes)).toEqual([]);
  });
});

describe('single values', () => {
  it('shows what acts or has no glyph by its code point, and keeps the rest', async () => {
    const text = await flatText((certificate) => ({ ...certificate, notCovered: [{ fr: MIXED, en: '' }] }));
    expect(text).toContain(`<script>alert(1)</script> =cmd|' /C calc'!A0 ⟨U+001B⟩[31mred⟨U+001B⟩[0m`);
    expect(text).toContain('../../etc/passwd ⟨U+202E⟩abc⟨U+2066⟩ ⟨U+0000⟩ ⟨U+009B⟩2J ⟨U+786C⟩⟨U+76D8⟩');
    expect(text).toContain('⟨U+1F469⟩⟨U+200D⟩⟨U+1F469⟩');
    expect(text).not.toContain('sont coupés dans cette vue');
  });

  it('says so when a text is cut', async () => {
    const text = await flatText((certificate) => ({ ...certificate, bench: 'W'.repeat(256) }));
    expect(text).toContain('WWW…');
    expect(text).toContain(
      'Les textes qui finissent par … sont coupés dans cette vue, entiers dans le JSON.',
    );
  });

  it('tells an empty serial number from one that was not read', async () => {
    const text = await flatText((certificate) => {
      const identity = { ...certificate.media.identity, serial: ' ', wwid: null };
      return { ...certificate, media: { ...certificate.media, identity } };
    });
    expect(text).toContain('(texte vide) (empty text)');
    expect(text).toContain('non lu not read');
  });

  it('keeps the digits of a serial number in order beside letters written from right to left', async () => {
    const signed = await doneReal(everyFieldSays(fill('SN5173שלום4826 عربي7395 ', 256), 'شركة 42'));
    const pdf = await certificatePdf(signed);
    const boxes = bodyOf(await wordBoxes(pdf));
    expect(boxes.filter((box) => !isInside(box))).toEqual([]);
    const text = (await pageTexts(pdf)).join(' ');
    for (const digits of ['SN5173', '4826', '7395']) expect(text).toContain(digits);
    // Beside the letters: a digest elsewhere on the page may hold any four digits.
    expect(text).not.toMatch(/SN3715|[\u202c\p{Script=Hebrew}]6284|[\u202c\p{Script=Arabic}]5937/u);
  });
});

/** The text of all pages without their line breaks. */
async function flatText(change: Change): Promise<string> {
  const pages = await pageTexts(await certificatePdf(await doneReal(change)));
  return pages.join(' ').replace(/\s+/g, ' ');
}

const BAND = 46;
const LARGEST = 32;

/** What stands on the page itself: without the bands of a rejected document and the word across it. */
function bodyOf(boxes: readonly WordBox[]): WordBox[] {
  return boxes.filter(
    ({ top, bottom }) => top >= BAND && bottom <= PAGE.height - BAND && bottom - top <= LARGEST,
  );
}

const SLACK = 0.5;

function isInside({ left, top, right, bottom }: WordBox): boolean {
  return (
    left >= PAGE.side - SLACK && right <= PAGE.width - PAGE.side + SLACK && top >= 0 && bottom <= PAGE.height
  );
}

/** Pairs of words on one page that cover more than a fifth of the smaller of them. A mark covers its own letter. */
function overlaps(all: readonly WordBox[]): [WordBox, WordBox][] {
  const boxes = all
    .filter(({ word }) => !/^\p{M}+$/u.test(word))
    .sort((a, b) => a.page - b.page || a.top - b.top);
  const found: [WordBox, WordBox][] = [];
  for (const [index, one] of boxes.entries()) {
    for (let next = index + 1; next < boxes.length; next++) {
      const other = boxes[next];
      if (!other || other.page !== one.page || other.top > one.bottom) break;
      if (sharedArea(one, other) > 0.2 * Math.min(areaOf(one), areaOf(other))) found.push([one, other]);
    }
  }
  return found;
}

const areaOf = ({ left, top, right, bottom }: WordBox): number => (right - left) * (bottom - top);

function sharedArea(a: WordBox, b: WordBox): number {
  const width = Math.min(a.right, b.right) - Math.max(a.left, b.left);
  const height = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
  return Math.max(0, width) * Math.max(0, height);
}
