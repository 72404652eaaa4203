import { describe, expect, it } from 'vitest';
import { type Keyboard, keyboard } from './keyboard.ts';
import { LAYOUTS, strokesFor } from './layouts.ts';
import type { Qmp } from './qmp.ts';

const keys = (text: string, layout: 'fr' | 'us'): string =>
  strokesFor(text, layout)
    .map(({ key, held }) => [...held, key].join('+'))
    .join(' ');

describe('layouts', () => {
  it('knows where a French keyboard has its letters, digits and signs', () => {
    expect(keys('aqwzm', 'fr')).toBe('q a z w semicolon');
    expect(keys('AZ', 'fr')).toBe('shift+q shift+w');
    expect(keys('190', 'fr')).toBe('shift+1 shift+9 shift+0');
    expect(keys('-_é.:/@', 'fr')).toBe('6 8 2 shift+comma dot shift+dot alt_r+0');
  });

  it('knows an American one', () => {
    expect(keys('Aq1-_./:', 'us')).toBe('shift+a q 1 minus shift+minus dot slash shift+semicolon');
  });

  it('has every letter, digit and sign of codes, serials and addresses on both', () => {
    const wanted = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 -_./:;,=+*()!?\n';
    for (const layout of LAYOUTS) expect(strokesFor(wanted, layout)).toHaveLength(wanted.length);
  });

  it('refuses a character that no key makes', () => {
    expect(() => strokesFor('日', 'fr')).toThrow('no key');
  });
});

describe('keyboard', () => {
  it('holds modifiers around a key, and lets go in the other order', async () => {
    const sent: string[] = [];
    const record = (_: string, args: unknown): Promise<void> => {
      const { events } = args as { events: { data: { down: boolean; key: { data: string } } }[] };
      sent.push(events.map(({ data }) => (data.down ? '↓' : '↑') + data.key.data).join(' '));
      return Promise.resolve();
    };
    const board: Keyboard = keyboard(() => ({ execute: record }) as unknown as Qmp);
    await board.type('1', 'fr');
    await board.press('ctrl-alt-del');
    expect(sent).toEqual(['↓shift ↓1', '↑1 ↑shift', '↓ctrl ↓alt ↓delete', '↑delete ↑alt ↑ctrl']);
  });
});
