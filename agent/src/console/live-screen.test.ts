import { describe, expect, it } from 'vitest';
import { smallTerminal } from '../../../test-fixtures/small-terminal.ts';
import { stickLine } from '../decide/stick-line.ts';
import { drawable, fold } from './charset.ts';
import { typed } from './keys.ts';
import { type HeaderFacts, headerLines } from './live-header.ts';
import { liveScreen } from './live-screen.ts';

const HOSTILE = '\u001b]0;owned\u0007\u001b[2J\u202e硬盘\u0301é✓\u009b31m';

const FACTS: HeaderFacts = {
  ...{ version: '0.1.0', workshop: 'Atelier d’essai', bench: 'Banc 3', nowMs: 765_000, startedMs: 0 },
  server: { kind: 'joined', origin: 'https://192.0.2.10:8080', workshop: 'Atelier d’essai' },
  addresses: ['192.0.2.57 (enp1s0)'],
  stick: stickLine({
    ...{ plugged: true, ram: { state: 'loading', percent: 37 }, serverReached: true },
    ...{ journalBehind: 0, unsentRecords: 0, leftJournals: 0, writing: false },
  }),
};

function screenOf(columns: number, rows: number) {
  const terminal = smallTerminal(columns, rows);
  const logged: string[] = [];
  const screen = liveScreen(
    terminal,
    (line) => logged.push(line),
    () => 0,
  );
  return { terminal, logged, screen };
}

describe('the header', () => {
  it('says in French who, where, and whether the stick may leave', () => {
    expect(headerLines(FACTS, 'fr', 80)).toEqual([
      ' REBOND 0.1.0 · Atelier d’essai · Banc 3                        en marche 12:45 ',
      ' Serveur  joint (https://192.0.2.10:8080)',
      ' Réseau   192.0.2.57 (enp1s0)',
      ' Clé      Laissez la clé en place. — chargement en mémoire : 37 %',
      '─'.repeat(80),
    ]);
  });

  it('says in English since when the server is away', () => {
    const server = { kind: 'unreached', sinceMs: 700_000, detail: 'ECONNREFUSED' } as const;
    expect(headerLines({ ...FACTS, server }, 'en', 80)[1]).toBe(
      ' Server   NOT REACHED for 1:05 (the machine answers, the server does not)',
    );
  });

  it.each([
    [80, 'fr'],
    [120, 'fr'],
    [80, 'en'],
    [120, 'en'],
  ] as const)('is never wider than %i columns, whatever it is told (%s)', (width, lang) => {
    const long = HOSTILE.repeat(20);
    const hostile: HeaderFacts = {
      ...{ ...FACTS, workshop: long, bench: long, addresses: [long, long] },
      server: { kind: 'refused', reason: { fr: long, en: long } },
    };
    for (const line of headerLines(hostile, lang, width)) {
      expect(line.length).toBeLessThanOrEqual(width);
      expect(line).toBe(drawable(line));
    }
  });
});

describe('the screen', () => {
  it.each([
    [80, 25],
    [120, 30],
    [200, 56],
  ])('of %i × %i has the header above and the question below', async (columns, rows) => {
    const { terminal, screen } = screenOf(columns, rows);
    screen.header(headerLines(FACTS, 'fr', columns));
    screen.draw(true);
    for (let index = 0; index < 100; index += 1) screen.say(`ligne ${index} ${HOSTILE}`);
    screen.now('Effacement de /dev/sda', ['█████░░░░░  50 %']);
    const answer = screen.ask(() => 'Tapez la fin du numéro de série :');
    const lines = terminal.lines();
    expect(lines[0]).toContain('REBOND 0.1.0');
    expect(lines[4]).toBe('─'.repeat(columns));
    expect(lines.slice(-4)).toEqual([
      ' Effacement de /dev/sda · 0:00',
      ' █████░░░░░  50 %',
      ' Tapez la fin du numéro de série :',
      ' >',
    ]);
    expect(lines.at(-6)).toContain('ligne 99');
    terminal.type('00');
    terminal.type('4x\u007f2');
    expect(terminal.lines().at(-1)).toBe(' > 0042');
    expect(terminal.cursor()).toEqual({ row: rows - 1, column: 7 });
    terminal.type('\r');
    expect(await answer).toBe('0042');
    expect(terminal.lines().at(-1)).toBe(' >');
  });

  it('redraws a header without touching what is being typed, and writes only what changed', () => {
    const { terminal, screen } = screenOf(80, 25);
    screen.header(headerLines(FACTS, 'fr', 80));
    screen.draw(true);
    void screen.ask(() => 'Code :');
    terminal.type('BCDF');
    terminal.written();
    screen.header(headerLines({ ...FACTS, nowMs: 766_000 }, 'fr', 80));
    expect(terminal.written()).toBeLessThan(140);
    expect(terminal.lines()[0]).toContain('12:46');
    expect(terminal.lines().at(-1)).toBe(' > BCDF');
    expect(terminal.cursor()).toEqual({ row: 24, column: 7 });
    screen.header(headerLines({ ...FACTS, nowMs: 766_000 }, 'fr', 80));
    expect(terminal.written()).toBeLessThan(30);
  });

  it('goes back and forth with page keys, and returns at the next answer', () => {
    const { terminal, screen } = screenOf(80, 25);
    screen.header(headerLines(FACTS, 'fr', 80));
    for (let index = 0; index < 60; index += 1) screen.say(`ligne ${index}`);
    terminal.type('\u001b[5~');
    expect(terminal.lines().join('\n')).not.toContain('ligne 59');
    terminal.type('\u001b[5~'.repeat(20));
    expect(terminal.lines()[5]).toBe('ligne 0');
    terminal.type('\r');
    expect(terminal.lines().join('\n')).toContain('ligne 59');
  });

  it('tells the log each line and each question, and nothing that was typed', async () => {
    const { terminal, screen, logged } = screenOf(80, 25);
    screen.say(`un\ndeux ${HOSTILE}`);
    const answer = screen.ask(() => 'Code :');
    terminal.type('SECRET\r');
    await answer;
    expect(logged[0]).toBe('un');
    expect(logged.at(-1)).toBe('? Code :');
    expect(logged.join('\n')).not.toContain('SECRET');
    expect(logged.join('')).not.toMatch(/\p{C}/u);
  });

  it('stays silent while the terminal is lent, and comes back whole', () => {
    const { terminal, screen } = screenOf(80, 25);
    screen.header(headerLines(FACTS, 'fr', 80));
    screen.release();
    terminal.written();
    screen.say('pendant ce temps');
    screen.header(headerLines({ ...FACTS, nowMs: 800_000 }, 'fr', 80));
    expect(terminal.written()).toBe(0);
    screen.draw(true);
    expect(terminal.lines().join('\n')).toContain('pendant ce temps');
  });

  it('gives up a question when its reason went away', async () => {
    const { screen } = screenOf(80, 25);
    const over = new AbortController();
    const answer = screen.ask(() => 'Encore ?', over.signal);
    over.abort();
    expect(await answer).toBeNull();
  });
});

describe('characters', () => {
  it('are those of the console’s font, one column each', () => {
    expect(drawable('«\u00a0déjà »  œ € … — ’ █░─│ ▸')).toBe('«\u00a0déjà »  œ € … — ’ █░─│ ▸');
    expect(drawable(HOSTILE)).toMatch(/^[ -~é■]*$/u);
    expect(drawable('e\u0301')).toBe('é');
  });

  it('are folded at blanks, and inside a word that is too long', () => {
    expect(fold('  un deux trois', 10)).toEqual(['  un deux', '  trois']);
    expect(fold('abcdefghij', 4)).toEqual(['abcd', 'efgh', 'ij']);
    expect(fold('', 4)).toEqual(['']);
  });
});

describe('keys', () => {
  it('edit one line; those without a meaning here do nothing', () => {
    expect(typed('', 'abé\u007f')).toEqual({ text: 'ab', presses: [] });
    expect(typed('ab', '\u0015x')).toEqual({ text: 'x', presses: [] });
    expect(typed('', '\u001b[[A\u001b[A\u001bOP\u001b[3~\u001b\t\u0007y').text).toBe('y');
    expect(typed('12', '34\rz')).toEqual({ text: 'z', presses: [{ kind: 'line', text: '1234' }] });
    expect(typed('', '\u001b[6~\u000c\u0003').presses.map(({ kind }) => kind)).toEqual([
      ...['page-down', 'redraw', 'interrupt'],
    ]);
    expect(typed('', 'x'.repeat(1000)).text).toHaveLength(200);
  });
});
