import { expect, test } from 'vitest';
import { HOSTILE } from '../../../test-fixtures/records.ts';
import { languageOf } from './frame.ts';
import { html, said } from './html.ts';

test('every value is escaped and made visible; only the tag’s own markup passes', () => {
  const inner = html`<b>${HOSTILE}</b>`;
  const { text } = html`<p title="${HOSTILE}">${inner}${[inner, HOSTILE]}${null}${false}${0}</p>`;
  expect(text.match(/<[a-z/][^>]*>/g)).toHaveLength(6);
  expect(text).not.toContain('<script');
  expect(text).not.toContain('<img');
  // oxlint-disable-next-line no-control-regex -- naming them is the purpose
  expect(text).not.toMatch(/[\u0000-\u0008\u001b\u202e]/);
  expect(text).toContain('⟨U+202E⟩');
});

test('a string that looks like markup from the tag is text', () => {
  expect(html`${'<i>x</i>'}`.text).toBe('&#60;i&#62;x&#60;/i&#62;');
  const fake = JSON.parse('{"text":"<i>"}') as string;
  expect(() => html`${fake}`).toThrow(TypeError);
});

test('what a machine said is cut and keeps its direction to itself', () => {
  expect(said('x'.repeat(1000), 50).text.length).toBeLessThan(70);
  expect(said('\u05d0').text).toBe('<bdi>\u05d0</bdi>');
});

test.each([
  [undefined, undefined, '', 'fr'],
  [undefined, undefined, 'en-GB,en;q=0.9,fr;q=0.5', 'en'],
  [undefined, undefined, 'de, fr;q=0.8, en;q=0.7', 'fr'],
  [undefined, 'en', 'fr', 'en'],
  ['fr', 'en', 'en', 'fr'],
  ['xx', undefined, 'en', 'en'],
] as const)('language asked %s, kept %s, accepted %s: %s', (asked, kept, accepted, expected) => {
  expect(languageOf(asked, kept, accepted)).toBe(expected);
});
